// auth: lets a person grant access in a browser, and keeps what comes of it for the daemon.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/prepare.hpp"
#include "net/auth/authorize.hpp"
#include "net/curl_client.hpp"

namespace earshot::cli {
namespace asio = boost::asio;
namespace {

/// The credential of that name, else the one that the source of that name uses.
const net::auth::CredentialSpec* find_spec(const daemon::Config& config, const std::string& name) {
  std::string wanted = name;
  for (const auto& source : config.sources) {
    const auto* setting = source.name == name ? source.settings.find("credential") : nullptr;
    if (setting && std::holds_alternative<std::string>(setting->value))
      wanted = std::get<std::string>(setting->value);
  }
  for (const auto& spec : config.credentials)
    if (spec.name == wanted) return &spec;
  return nullptr;
}

void show(const std::string& url) {
  std::printf(
      "Open this address in a browser and grant access:\n\n  %s\n\nWaiting for the browser to come back...\n",
      url.c_str());
  std::fflush(stdout);
}

async::Awaitable<void> run(const net::auth::CredentialSpec& spec, const net::auth::AuthServices& services,
                           std::chrono::milliseconds limit, Status& out) {
  auto status = co_await net::auth::authorize(spec, services, limit, show);
  out = std::move(status);
}

}  // namespace

int auth(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  if (!options.database.empty()) config->database = options.database;
  const auto limit = parse_duration(options.timeout);
  if (!limit || limit->count() == 0) return fail("--timeout takes a duration such as 5m", 2);
  const auto* spec = find_spec(*config, options.name);
  if (!spec) return fail("'" + options.name + "' is neither a [[credential]] nor a source that names one", 2);
  net::AddressGuard guard;
  if (!guard.allow(config->net_allow).empty()) return fail("net.allow is wrong: see `earshot check`");
  asio::io_context io(1);
  static const SystemClock clock;
  net::CurlClient http(io.get_executor(), clock, {}, guard);
  const net::auth::AuthServices services{.http = http,
                                         .clock = clock,
                                         .places = {.folder = config->credentials_folder},
                                         .tokens_folder = daemon::tokens_folder(*config),
                                         .home = io.get_executor(),
                                         .blocking = io.get_executor()};
  Status status;
  asio::co_spawn(io, run(*spec, services, *limit, status), [&io](std::exception_ptr failure) {
    io.stop();
    if (failure) std::rethrow_exception(failure);
  });
  io.run();
  if (!status) return fail(status.error().message);
  std::printf("Granted. The refresh token of '%s' is in %s/%s.json; a running daemon finds it by itself.\n",
              spec->name.c_str(), services.tokens_folder.c_str(), spec->name.c_str());
  return 0;
}

CommandSpec auth_command() {
  return {.name = "auth",
          .group = CommandGroup::set_up,
          .purpose = "Grant a source access to an account, in a browser",
          .examples =
              "  earshot auth x-mentions     prints the address to open; waits for the browser to come back",
          .run = auth,
          .options = OptionList{{.names = "source",
                                 .target = &Options::name,
                                 .help = "Name of the source, or of its [[credential]]",
                                 .kind = ValueKind::source,
                                 .required = true},
                                {.names = "--timeout",
                                 .target = &Options::timeout,
                                 .help = "How long to wait for the browser",
                                 .kind = ValueKind::duration,
                                 .shows_default = true}}};
}

}  // namespace earshot::cli
