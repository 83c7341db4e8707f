// Incidents and ideas.
#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

template <typename Row>
std::string list_of(const char* name, const std::vector<Row>& rows, const std::string& state) {
  JsonWriter out;
  out.begin_object().key(name).begin_array();
  for (const auto& row : rows)
    if (state.empty() || row.state == state) write_json(out, row);
  return out.end_array().end_object().str();
}

/// The finding with an id among those of every brand.
template <typename Find>
Response one_of(store::Reader& reader, const char* what, const std::string& text, Find&& find) {
  const auto id = id_from(text);
  const auto brands = reader.brands();
  if (!brands) return problem(brands.error());
  for (const auto& brand : *brands) {
    const auto rows = find(brand.id);
    if (!rows) return problem(rows.error());
    for (const auto& row : *rows) {
      if (!id || row.id.value != *id) continue;
      JsonWriter out;
      write_json(out, row);
      return json(out.str());
    }
  }
  return problem(404, std::string("there is no ") + what + " '" + printable(text) + "'");
}

Response incidents(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, 90, now);
  if (!asked_for) return problem(asked_for.error());
  const auto rows = reader.incidents(asked_for->brand.id, asked_for->window.since, asked_for->window.until);
  if (!rows) return problem(rows.error());
  return json(list_of("incidents", *rows, request.text("state")));
}

Response ideas(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  const auto rows = reader.ideas(brand->id, static_cast<std::size_t>(*limit));
  if (!rows) return problem(rows.error());
  return json(list_of("ideas", *rows, request.text("state")));
}

Response incident(store::Reader& reader, const Request& request, Timestamp now) {
  return one_of(reader, "incident", request.params.front(),
                [&](BrandId brand) { return reader.incidents(brand, {}, now + std::chrono::hours(24)); });
}

Response idea(store::Reader& reader, const Request& request) {
  return one_of(reader, "idea", request.params.front(),
                [&](BrandId brand) { return reader.ideas(brand, 1000); });
}

}  // namespace

void add_finding_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const Query all_incidents = [&clock](store::Reader& reader, const Request& request) {
    return incidents(reader, request, clock.now());
  };
  const Query one_incident = [&clock](store::Reader& reader, const Request& request) {
    return incident(reader, request, clock.now());
  };
  const Query all_ideas = [](store::Reader& reader, const Request& request) {
    return ideas(reader, request);
  };
  const Query one_idea = [](store::Reader& reader, const Request& request) { return idea(reader, request); };
  router.add({.method = "GET", .pattern = "/api/v1/incidents", .run = all_incidents});
  router.add({.method = "GET", .pattern = "/api/v1/incidents/{id}", .run = one_incident});
  router.add({.method = "GET", .pattern = "/api/v1/ideas", .run = all_ideas});
  router.add({.method = "GET", .pattern = "/api/v1/ideas/{id}", .run = one_idea});
}

}  // namespace earshot::api
