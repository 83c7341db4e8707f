// Incidents and ideas.
#include "core/base/text.hpp"
#include "daemon/api/incident_views.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/content_pages.hpp"

namespace earshot::api {
namespace {

template <typename Row>
std::string list_of(const char* name, const std::vector<Row>& rows, const std::string& brand,
                    const std::string& state) {
  JsonWriter out;
  out.begin_object().key(name).begin_array();
  for (const auto& row : rows)
    if (state.empty() || row.state == state) write_json(out, row, brand);
  return out.end_array().end_object().str();
}

Response incidents(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, 90, now);
  if (!asked_for) return problem(asked_for.error());
  const auto rows = reader.incidents(asked_for->brand.id, asked_for->window.since, asked_for->window.until,
                                     store::Members::newest);
  if (!rows) return problem(rows.error());
  return json(list_of("incidents", *rows, asked_for->brand.name, request.text("state")));
}

Response ideas(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  const auto rows = reader.ideas(brand->id, static_cast<std::size_t>(*limit), store::Members::newest);
  if (!rows) return problem(rows.error());
  return json(list_of("ideas", *rows, brand->name, request.text("state")));
}

Response incident(store::Reader& reader, const Request& request) {
  const auto id = id_from(request.params.front());
  if (!id) return problem(404, "there is no incident '" + printable(request.params.front()) + "'");
  return finding(reader, reader.incident(IncidentId{*id}));
}

Response advisory(store::Reader& reader, const Request& request) {
  const auto id = id_from(request.params.front());
  if (!id) return problem(404, "there is no incident '" + printable(request.params.front()) + "'");
  const auto row = reader.incident(IncidentId{*id});
  if (!row)
    return row.error().kind == ErrorKind::invalid ? problem(404, row.error().message) : problem(row.error());
  JsonWriter out;
  write_advisory(out, *row);
  return json(out.str());
}

Response idea(store::Reader& reader, const Request& request) {
  const auto id = id_from(request.params.front());
  if (!id) return problem(404, "there is no idea '" + printable(request.params.front()) + "'");
  return finding(reader, reader.idea(IdeaId{*id}));
}

Response faq(store::Reader& reader, const Request& request, Timestamp now) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 20, 1, 200);
  if (!limit) return problem(400, "limit= is a number from 1 to 200");
  const auto format = request.text("format");
  if (!format.empty() && format != "markdown" && format != "jsonld")
    return problem(400, "format= is jsonld or markdown");
  const auto entries = daemon::faq_of(reader, *brand, static_cast<std::size_t>(*limit));
  if (!entries) return problem(entries.error());
  if (format == "markdown")
    return Response{.content_type = "text/markdown; charset=utf-8",
                    .body = delivery::faq_markdown(brand->name, *entries, now)};
  return Response{.content_type = "application/ld+json",
                  .body = delivery::faq_json_ld(brand->name, *entries)};
}

}  // namespace

void add_finding_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const Query all_incidents = [&clock](store::Reader& reader, const Request& request) {
    return incidents(reader, request, clock.now());
  };
  const Query one_incident = [](store::Reader& reader, const Request& request) {
    return incident(reader, request);
  };
  const Query draft = [](store::Reader& reader, const Request& request) { return advisory(reader, request); };
  const Query all_ideas = [](store::Reader& reader, const Request& request) {
    return ideas(reader, request);
  };
  const Query one_idea = [](store::Reader& reader, const Request& request) { return idea(reader, request); };
  const Query questions = [&clock](store::Reader& reader, const Request& request) {
    return faq(reader, request, clock.now());
  };
  router.add({.method = "GET", .pattern = "/api/v1/faq", .run = questions});
  router.add({.method = "GET", .pattern = "/api/v1/incidents", .run = all_incidents});
  router.add({.method = "GET", .pattern = "/api/v1/incidents/{id}", .run = one_incident});
  router.add({.method = "GET", .pattern = "/api/v1/incidents/{id}/advisory", .run = draft});
  router.add({.method = "GET", .pattern = "/api/v1/ideas", .run = all_ideas});
  router.add({.method = "GET", .pattern = "/api/v1/ideas/{id}", .run = one_idea});
}

}  // namespace earshot::api
