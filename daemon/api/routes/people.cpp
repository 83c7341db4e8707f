// Who people are and where they stand, what was promised to them, and how the brand's own replies read.
#include "daemon/api/people_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

/// How far back these lists look when nobody says: as the jobs do.
constexpr int days = 84;

Response people(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, days, now);
  if (!asked_for) return problem(asked_for.error());
  const auto limit = number_of(request, "limit", 50, 1, 200);
  if (!limit) return problem(400, "limit= is a number from 1 to 200");
  auto kind = request.text("kind");
  if (kind.empty()) kind = "advocate";
  return json(
      people_json(reader, asked_for->brand, kind, asked_for->window, static_cast<std::size_t>(*limit)));
}

Response matrix(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, 366, now);
  if (!asked_for) return problem(asked_for.error());
  return json(matrix_json(reader, asked_for->brand, asked_for->window));
}

Response promises(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, days, now);
  if (!asked_for) return problem(asked_for.error());
  const auto limit = number_of(request, "limit", 50, 1, 200);
  if (!limit) return problem(400, "limit= is a number from 1 to 200");
  const auto state = request.text("state");
  if (!state.empty() && state != "open" && state != "kept" && state != "late" && state != "missed")
    return problem(400, "state= is open, kept, late or missed");
  return json(
      promises_json(reader, asked_for->brand, state, asked_for->window, static_cast<std::size_t>(*limit)));
}

Response conduct(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, 28, now);
  if (!asked_for) return problem(asked_for.error());
  const auto limit = number_of(request, "limit", 50, 1, 200);
  if (!limit) return problem(400, "limit= is a number from 1 to 200");
  return json(conduct_json(reader, asked_for->brand, asked_for->window, static_cast<std::size_t>(*limit)));
}

}  // namespace

void add_people_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const auto at = [&clock](Response (*ask)(store::Reader&, const Request&, Timestamp)) -> Query {
    return [&clock, ask](store::Reader& reader, const Request& request) {
      return ask(reader, request, clock.now());
    };
  };
  router.add({.method = "GET", .pattern = "/api/v1/people", .run = at(people)});
  router.add({.method = "GET", .pattern = "/api/v1/people/matrix", .run = at(matrix)});
  router.add({.method = "GET", .pattern = "/api/v1/promises", .run = at(promises)});
  router.add({.method = "GET", .pattern = "/api/v1/conduct", .run = at(conduct)});
}

}  // namespace earshot::api
