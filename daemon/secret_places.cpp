#include "daemon/secret_places.hpp"

#include <filesystem>
#include <set>

#include "net/credentials.hpp"

namespace earshot::daemon {
namespace {

using net::auth::CredentialKind;
using net::auth::CredentialSpec;

/// Tables of the configuration, and the names that sources use without one: those are bearer tokens.
std::vector<CredentialSpec> all_specs(const Config& config) {
  auto specs = config.credentials;
  std::set<std::string> known;
  for (const auto& spec : specs) known.insert(spec.name);
  for (const auto& source : config.sources) {
    const auto* setting = source.settings.find("credential");
    const auto* name = setting ? std::get_if<std::string>(&setting->value) : nullptr;
    if (name && !name->empty() && known.insert(*name).second)
      specs.push_back(CredentialSpec{.name = *name, .secret = *name});
  }
  for (const auto& destination : config.delivery.destinations)
    for (const auto& name : destination.plan.credentials)
      if (known.insert(name).second) specs.push_back(CredentialSpec{.name = name, .secret = name});
  return specs;
}

SecretPlace look_up(const CredentialSpec& spec, const net::CredentialPlaces& places,
                    const std::string& secret) {
  SecretPlace line{
      .credential = spec.name, .kind = std::string(to_string(spec.kind)), .secret = secret, .where = {}};
  const auto found = net::find_credential(places, secret);
  line.found = found.has_value();
  line.where = found ? found->where : found.error().message;
  return line;
}

}  // namespace

std::vector<SecretPlace> find_secrets(const Config& config) {
  std::vector<SecretPlace> lines;
  const net::CredentialPlaces places{.folder = config.credentials_folder};
  for (const auto& spec : all_specs(config)) {
    const bool grant = spec.kind == CredentialKind::oauth2_refresh;
    if (!grant || spec.client_auth != net::auth::ClientAuth::none)
      lines.push_back(look_up(spec, places, spec.secret));
    if (!spec.app_secret.empty()) lines.push_back(look_up(spec, places, spec.app_secret));
    if (!grant) continue;
    const auto path = tokens_folder(config) + "/" + spec.name + ".json";
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
      lines.push_back({spec.name, std::string(to_string(spec.kind)), "granted tokens", path, true});
      continue;
    }
    auto line = look_up(spec, places, spec.refresh_secret);
    if (!line.found) line.where = "no refresh token yet: run `earshot auth " + spec.name + "`";
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace earshot::daemon
