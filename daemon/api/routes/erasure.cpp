// A person's demand that everything of theirs goes.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "connectors/json_fields.hpp"
#include "core/async/run_on.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

/// How long to wait until the index has been rewritten and readers have let go of the log.
constexpr int settle_tries = 100;
constexpr std::chrono::milliseconds settle_pause{200};

struct Demand {
  std::string platform, author, reason;
};

Result<Demand> read(std::string_view text) {
  const auto body = connectors::parse_json(text);
  if (!body || !body->root().is_object()) return unexpected(ErrorKind::invalid, "the body is a JSON object");
  Demand out{.platform = std::string((*body)["platform"].text()),
             .author = std::string((*body)["author"].text()),
             .reason = std::string((*body)["reason"].text())};
  if (out.platform.empty() || out.author.empty())
    return unexpected(ErrorKind::invalid, "\"platform\" and \"author\" say whose data is to go");
  return out;
}

Response answer(store::ErasureReport report, bool settled) {
  JsonWriter out;
  write_json(out, store::Erased{.report = std::move(report), .settled = settled});
  return json(out.str());
}

async::Awaitable<Response> erase(const RouteServices& services, Request request) {
  const auto demand = read(request.body);
  if (!demand) co_return problem(demand.error());
  auto open = [&] { return services.store.reader(); };
  auto reader = co_await async::run_on(services.storing, std::move(open));
  if (!reader) co_return problem(reader.error());
  // Every mention is looked at, which takes a while and must hold up neither pages nor questions.
  auto look = [&] { return (*reader)->author(demand->platform, demand->author); };
  const auto trace = co_await async::run_on(services.analysing, std::move(look));
  if (!trace) co_return problem(trace.error().kind == ErrorKind::invalid ? 404 : 500, trace.error().message);
  reader->reset();
  const auto now = services.clock.now();
  auto take_out = [&] { return services.store.erase(*trace, demand->reason, now); };
  const auto report = co_await async::run_on(services.storing, std::move(take_out));
  if (!report) co_return problem(report.error());
  services.controls.find();  // feed files quote people too
  services.events.publish("acted", R"({"kind":"erasure","id":""})");
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer pause(executor);
  for (int i = 0; i < settle_tries; ++i) {
    auto settle = [&] { return services.store.settle_erasure(); };
    const auto settled = co_await async::run_on(services.storing, std::move(settle));
    if (!settled) co_return problem(settled.error());
    if (*settled) co_return answer(*report, true);
    pause.expires_after(settle_pause);
    boost::system::error_code stopped;
    co_await pause.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, stopped));
    if (stopped) break;
  }
  co_return answer(*report, false);
}

}  // namespace

void add_erasure_routes(Router& router, const RouteServices& services) {
  const Command run = [&services](Request request) { return erase(services, std::move(request)); };
  router.add({.method = "POST", .pattern = "/api/v1/admin/erase", .scope = Scope::admin, .run = run});
}

}  // namespace earshot::api
