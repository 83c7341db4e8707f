// token: makes a token for the HTTP API; the configuration keeps its hash only.
#include <cstdio>

#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/http_config.hpp"
#include "net/auth/digest.hpp"

namespace earshot::cli {

int token(const Options& options) {
  const auto scopes = options.sources.empty() ? std::vector<std::string>{"read"} : options.sources;
  std::string list;
  for (const auto& scope : scopes) {
    if (!daemon::scope_from(scope)) return fail("--scope is read, feeds, act, ingest, metrics or admin", 2);
    list += (list.empty() ? "\"" : ", \"") + scope + "\"";
  }
  if (options.name.empty() || printable(options.name) != options.name ||
      options.name.find_first_of("\"\\") != std::string::npos)
    return fail("the name of a token is plain text without quotes", 2);
  const auto secret = "earshot_" + net::auth::random_text(32);
  std::printf("%s\n", secret.c_str());
  std::fprintf(
      stderr,
      "\nThe line above is the token; it is shown this once. For the configuration, which keeps its hash "
      "only:\n\n[[http.token]]\nname = \"%s\"\nscopes = [%s]\nhash = \"sha256:%s\"\n\nThen: systemctl reload "
      "earshotd\n",
      options.name.c_str(), list.c_str(), net::auth::sha256_hex(secret).c_str());
  return 0;
}

CommandSpec token_command() {
  return {
      .name = "token",
      .group = CommandGroup::set_up,
      .purpose = "Make a token for the HTTP API",
      .examples =
          "  earshot token grafana --scope read,metrics    prints it, and the lines for the configuration",
      .run = token,
      .options =
          OptionList{{.names = "name", .target = &Options::name, .help = "What it is for", .required = true},
                     {.names = "--scope",
                      .target = &Options::sources,
                      .help = "What it may do: read, feeds, act, ingest, metrics, admin (default: read)",
                      .known = {"read", "feeds", "act", "ingest", "metrics", "admin"},
                      .comma_separated = true}}};
}

}  // namespace earshot::cli
