#include "daemon/doctor/endpoints.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "core/base/url.hpp"
#include "net/credentials.hpp"
#include "net/mail_client.hpp"
#include "net/mail_sender.hpp"
#include "net/secret_source.hpp"

namespace earshot::daemon::doctor {
namespace {

namespace asio = boost::asio;

/// Noting takes no time; this is for a connector that waits for something else.
constexpr auto patience = std::chrono::seconds(2);
constexpr std::size_t streams_max = 20;

/// Takes the place of every way out, notes where it leads, and lets nothing through.
class Notebook final : public net::HttpClient,
                       public net::LiveClient,
                       public net::MailClient,
                       public net::MailSender,
                       public net::SecretSource {
 public:
  explicit Notebook(net::CredentialPlaces places) : places_(std::move(places)) {}

  async::Awaitable<Result<net::HttpReply>> send(net::HttpRequest request) override {
    note(request.url);
    co_return unexpected(ErrorKind::cancelled, "noted");
  }
  async::Awaitable<Result<net::LiveReply>> open(net::LiveRequest request) override {
    note(request.http.url);
    co_return unexpected(ErrorKind::cancelled, "noted");
  }
  async::Awaitable<Result<net::MailboxReply>> look(net::MailboxRequest request) override {
    if (request.tls) note("imaps://" + request.host + ":" + std::to_string(request.port));
    co_return unexpected(ErrorKind::cancelled, "noted");
  }
  async::Awaitable<Status> send(net::OutgoingMail mail) override {
    using Tls = net::OutgoingMail::Tls;
    note((mail.tls == Tls::implicit ? "smtps://" : "smtp://") + mail.host + ":" + std::to_string(mail.port),
         mail.tls != Tls::none);
    co_return unexpected(ErrorKind::cancelled, "noted");
  }
  /// An incoming webhook's address is its secret; anything else is not looked at.
  async::Awaitable<Result<Secret>> secret(std::string name) override {
    auto found = net::load_credential(places_, name);
    if (found) co_return std::move(*found);
    // What is missing is told by the check of credentials; here it only must not end the way.
    co_return Secret("none");
  }

  std::string user;
  std::vector<Endpoint> endpoints;

 private:
  void note(const std::string& address, bool require_tls = true) {
    const auto url = parse_url(address);
    if (!url) return;
    const auto origin = url->origin();
    auto known = std::ranges::find(endpoints, origin, &Endpoint::url);
    if (known == endpoints.end())
      known = endpoints.insert(known, {.url = origin, .require_tls = require_tls, .users = {}});
    if (std::ranges::find(known->users, user) == known->users.end()) known->users.push_back(user);
  }

  net::CredentialPlaces places_;
};

async::Awaitable<void> ask_source(connectors::Connector& connector, connectors::Context context,
                                  std::vector<connectors::Stream> streams) {
  for (const auto& stream : streams) {
    auto page = co_await connector.fetch(context, stream, std::nullopt);
    static_cast<void>(page);
  }
}

async::Awaitable<void> ask_sink(delivery::Sink& sink, delivery::Item item) {
  auto receipt = co_await sink.deliver(std::move(item));
  static_cast<void>(receipt);
}

bool speaks_to_programs(std::string_view kind) { return kind == "exec" || kind == "webhook"; }

}  // namespace

std::vector<Endpoint> endpoints_of(const Config& config, const Prepared& prepared) {
  const SystemClock clock;
  Notebook notes({.folder = config.credentials_folder});
  for (const auto& source : prepared.sources) {
    if (speaks_to_programs(source.config.connector)) continue;
    asio::io_context io(1);
    notes.user = "source " + source.config.name;
    connectors::Context context{
        .http = notes, .clock = clock, .live = &notes, .secrets = &notes, .mail = &notes};
    auto streams = source.connector->streams();
    if (streams.size() > streams_max) streams.resize(streams_max);
    asio::co_spawn(io, ask_source(*source.connector, context, std::move(streams)), asio::detached);
    io.run_for(patience);
  }
  for (const auto& destination : config.delivery.destinations) {
    if (!destination.enabled || destination.kind == "exec" || destination.kind == "file") continue;
    asio::io_context io(1);
    notes.user = "destination " + destination.name;
    const auto sink = destination.plan.make({.http = notes,
                                             .mail = notes,
                                             .secrets = notes,
                                             .clock = clock,
                                             .home = io.get_executor(),
                                             .blocking = io.get_executor()});
    asio::co_spawn(io, ask_sink(*sink, delivery::example_item(clock.now())), asio::detached);
    io.run_for(patience);
  }
  return std::move(notes.endpoints);
}

}  // namespace earshot::daemon::doctor
