// How far verdicts can be trusted, and how soon people were answered.
#include "daemon/api/quality_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

Response accuracy(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  return json(accuracy_json(reader, *brand));
}

Response responses(store::Reader& reader, const Request& request, Timestamp now, const Snapshot& snapshot) {
  const auto asked_for = asked(reader, request, 28, now);
  if (!asked_for) return problem(asked_for.error());
  const auto& [brand, window] = *asked_for;
  return json(responses_json(reader, brand, window, daemon::terms_of(snapshot.service, brand.name)));
}

}  // namespace

void add_quality_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const auto& snapshots = services.snapshots;
  const Query trust = accuracy;
  const Query times = [&clock, &snapshots](store::Reader& reader, const Request& request) {
    return responses(reader, request, clock.now(), *snapshots.now());
  };
  router.add({.method = "GET", .pattern = "/api/v1/accuracy", .run = trust});
  router.add({.method = "GET", .pattern = "/api/v1/responses", .run = times});
}

}  // namespace earshot::api
