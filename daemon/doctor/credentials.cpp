// Secrets: where they are, and tokens that nobody renews any more. What they are is never read out.
#include "core/base/time_format.hpp"
#include "daemon/doctor/checks.hpp"
#include "daemon/secret_places.hpp"
#include "net/auth/token_file.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* credentials_group = "credentials";
/// Sources that are asked rarely renew rarely.
constexpr auto expired_for = std::chrono::hours(48);

Findings check_tokens(const Config& config, const net::auth::CredentialSpec& spec, Timestamp now) {
  if (!net::auth::rotates(spec.kind)) return {};
  const net::auth::TokenFile file(tokens_folder(config), spec.name);
  auto tokens = file.peek();
  if (!tokens)
    return {{.level = Level::bad,
             .group = credentials_group,
             .what = spec.name + ": " + tokens.error().message,
             .advice = "see docs/credentials.md; `earshot auth " + spec.name + "` grants anew"}};
  if (!*tokens || (*tokens)->expires_at == Timestamp{} || (*tokens)->expires_at + expired_for > now)
    return {};
  return {{.level = Level::warn,
           .group = credentials_group,
           .what = spec.name + ": its token ended at " + format_rfc3339((*tokens)->expires_at),
           .why = "it is not being renewed: its source is off, or the platform refuses",
           .advice = "see `earshot status`; where it refuses: `earshot auth " + spec.name + "`"}};
}

}  // namespace

Findings check_credentials(const Config& config, Timestamp now) {
  Findings out;
  for (const auto& place : find_secrets(config)) {
    if (place.found)
      out.push_back({.level = Level::ok,
                     .group = credentials_group,
                     .what = place.credential + ": " + place.secret + " found in " + place.where});
    else
      out.push_back({.level = Level::bad,
                     .group = credentials_group,
                     .what = place.credential + ": " + place.where,
                     .why = "what needs it is not heard or not told; of the daemon's unit only the daemon "
                            "sees the credentials",
                     .advice = "`earshot credentials` lists every place that is looked at"});
  }
  for (const auto& spec : config.credentials) add(out, check_tokens(config, spec, now));
  return out;
}

}  // namespace earshot::daemon::doctor
