// credentials: which secrets the configuration needs and where each was found; never what they are.
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/secret_places.hpp"

namespace earshot::cli {
int credentials(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  if (!options.database.empty()) config->database = options.database;
  const auto lines = daemon::find_secrets(*config);
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
