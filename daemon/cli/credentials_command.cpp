// credentials: which secrets the configuration needs and where each was found; never what they are.
#include <cstdio>
#include <filesystem>
#include <set>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/config.hpp"
#include "net/credentials.hpp"

namespace earshot::cli {
namespace {

using net::auth::CredentialKind;
using net::auth::CredentialSpec;

struct Line {
  std::string credential, kind, secret, where;
  bool found = false;
};

/// Tables of the configuration, and the names that sources use without one: those are bearer tokens.
std::vector<CredentialSpec> all_specs(const daemon::Config& config) {
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

Line look_up(const CredentialSpec& spec, const net::CredentialPlaces& places, const std::string& secret) {
  Line line{
      .credential = spec.name, .kind = std::string(to_string(spec.kind)), .secret = secret, .where = {}};
  const auto found = net::find_credential(places, secret);
  line.found = found.has_value();
  line.where = found ? found->where : found.error().message;
  return line;
}

std::vector<Line> look(const daemon::Config& config) {
  std::vector<Line> lines;
  const net::CredentialPlaces places{.folder = config.credentials_folder};
  for (const auto& spec : all_specs(config)) {
    const bool grant = spec.kind == CredentialKind::oauth2_refresh;
    if (!grant || spec.client_auth != net::auth::ClientAuth::none)
      lines.push_back(look_up(spec, places, spec.secret));
    if (!spec.app_secret.empty()) lines.push_back(look_up(spec, places, spec.app_secret));
    if (!grant) continue;
    const auto path = daemon::tokens_folder(config) + "/" + spec.name + ".json";
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

}  // namespace

int credentials(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  if (!options.database.empty()) config->database = options.database;
  const auto lines = look(*config);
  bool all = true;
  for (const auto& line : lines) all = all && line.found;
  if (options.json) {
    JsonWriter out;
    out.begin_object().field("ok", all).key("secrets").begin_array();
    for (const auto& line : lines) {
      out.begin_object().field("credential", line.credential).field("kind", line.kind);
      out.field("secret", line.secret).field("found", line.found).field("where", line.where).end_object();
    }
    out.end_array().end_object();
    std::printf("%s\n", out.str().c_str());
    return all ? 0 : 1;
  }
  Table table({"credential", "kind", "secret", "found"});
  for (const auto& line : lines)
    table.add({line.credential, line.kind, line.secret, line.found ? line.where : "- " + line.where});
  if (table.empty())
    std::printf("the configuration names no credential\n");
  else
    table.print();
  return all ? 0 : 1;
}

CommandSpec credentials_command() {
  return {.name = "credentials",
          .group = CommandGroup::set_up,
          .purpose = "Which secrets are needed, and where each was found",
          .examples = "  earshot credentials --config /etc/earshot/earshot.toml",
          .run = credentials,
          .options = OptionList{json_option()}};
}

}  // namespace earshot::cli
