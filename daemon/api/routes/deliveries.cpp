// What goes to whom: what waits, what was given up, and dead letters sent again or dropped.
#include <algorithm>
#include <array>

#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/acting.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

constexpr std::array<std::string_view, 5> states{"waiting", "sending", "delivered", "dead", "dropped"};

Response list(store::Reader& reader, const Request& request) {
  store::DeliveryFilter filter{.destination = request.text("destination"), .state = request.text("state")};
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  filter.limit = static_cast<std::size_t>(*limit);
  if (!filter.state.empty() && std::ranges::find(states, filter.state) == states.end())
    return problem(400, "state= is waiting, sending, delivered, dead or dropped");
  const auto destinations = reader.destinations();
  if (!destinations) return problem(destinations.error());
  if (!filter.destination.empty())
    if (auto known = known_name(*destinations, "destination", filter.destination); !known)
      return problem(known.error());
  const auto rows = reader.deliveries(filter);
  if (!rows) return problem(rows.error());
  JsonWriter out;
  out.begin_object().key("destinations").begin_array();
  for (const auto& one : *destinations)
    if (filter.destination.empty() || one.name == filter.destination) write_json(out, one);
  out.end_array().key("deliveries").begin_array();
  for (const auto& row : *rows) write_json(out, row);
  return json(out.end_array().end_object().str());
}

/// The delivery as it is now; 404 when there is none.
Response now(const Doing& doing, std::int64_t id) {
  const auto rows = doing.reader.deliveries({.id = id});
  if (!rows) return problem(rows.error());
  if (rows->empty()) return problem(404, "there is no delivery " + std::to_string(id));
  JsonWriter out;
  write_json(out, rows->front());
  return json(out.str());
}

Response change(const Doing& doing, Status (store::Deliveries::*what)(std::int64_t, Timestamp)) {
  const auto& text = doing.request.params.front();
  const auto id = id_from(text);
  if (!id) return problem(404, "there is no delivery '" + printable(text) + "'");
  auto& deliveries = doing.store.deliveries();
  if (auto status = (deliveries.*what)(*id, doing.now); !status) return problem(status.error());
  return now(doing, *id);
}

Response retry(const Doing& doing) { return change(doing, &store::Deliveries::requeue); }
Response drop(const Doing& doing) { return change(doing, &store::Deliveries::drop); }

Response retry_all(const Doing& doing) {
  std::optional<std::string> destination;
  if (auto status = fill(doing.body, {{"destination", &destination}}); !status)
    return problem(status.error());
  if (destination && !destination->empty()) {
    const auto destinations = doing.reader.destinations();
    if (!destinations) return problem(destinations.error());
    if (auto known = known_name(*destinations, "destination", *destination); !known)
      return problem(known.error());
  }
  const auto count = doing.store.deliveries().requeue_dead(destination.value_or(""), doing.now);
  if (!count) return problem(count.error());
  JsonWriter out;
  return json(out.begin_object().field("retried", *count).end_object().str());
}

/// A change, after which destinations that rest are tried at once: somebody has seen to them.
async::Awaitable<Response> settle(const RouteServices& services, Request request, Act what) {
  std::string kind = "delivery";
  auto pending = act(services, std::move(request), what, std::move(kind));
  auto answer = co_await std::move(pending);
  if (answer.status == 200) services.controls.deliver();
  co_return answer;
}

}  // namespace

void add_delivery_routes(Router& router, const RouteServices& services) {
  const Query all = [](store::Reader& reader, const Request& request) { return list(reader, request); };
  router.add({.method = "GET", .pattern = "/api/v1/deliveries", .run = all});
  const std::pair<const char*, Act> acts[] = {{"/api/v1/deliveries/retry", retry_all},
                                              {"/api/v1/deliveries/{id}/retry", retry},
                                              {"/api/v1/deliveries/{id}/drop", drop}};
  for (const auto& [pattern, what] : acts) {
    const Command run = [&services, what = what](Request request) {
      return settle(services, std::move(request), what);
    };
    router.add({.method = "POST", .pattern = pattern, .scope = Scope::act, .run = run});
  }
}

}  // namespace earshot::api
