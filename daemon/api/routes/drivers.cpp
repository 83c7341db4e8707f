// What moves net sentiment, and how a brand stands beside its competitors.
#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

Response drivers(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, 7, now);
  if (!asked_for) return problem(asked_for.error());
  const auto& [brand, window] = *asked_for;
  const insight::JobInput input{
      .reader = reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto found = insight::find_drivers(input, window.since, window.until);
  if (!found) return problem(found.error());
  const auto movement = insight::find_movement(input, window.until - insight::movement_span, window.until);
  if (!movement) return problem(movement.error());
  JsonWriter out;
  write_drivers(out, *found, *movement);
  return json(out.str());
}

Response benchmark(store::Reader& reader, const Request& request, Timestamp now, const Snapshot& snapshot) {
  const auto asked_for = asked(reader, request, 28, now);
  if (!asked_for) return problem(asked_for.error());
  const auto& [brand, window] = *asked_for;
  std::vector<std::string> competitors;
  for (const auto& one : snapshot.brands)
    if (same_folded(one.name, brand.name)) competitors = one.competitors;
  const insight::JobInput input{
      .reader = reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto found = insight::benchmark(input, competitors, window.since, window.until);
  if (!found) return problem(found.error());
  JsonWriter out;
  write_benchmark(out, *found);
  return json(out.str());
}

}  // namespace

void add_driver_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const auto& snapshots = services.snapshots;
  const Query moves = [&clock](store::Reader& reader, const Request& request) {
    return drivers(reader, request, clock.now());
  };
  const Query beside = [&clock, &snapshots](store::Reader& reader, const Request& request) {
    return benchmark(reader, request, clock.now(), *snapshots.now());
  };
  router.add({.method = "GET", .pattern = "/api/v1/drivers", .run = moves});
  router.add({.method = "GET", .pattern = "/api/v1/benchmark", .run = beside});
}

}  // namespace earshot::api
