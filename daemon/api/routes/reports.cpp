// The pages that go to people, and figures against their targets.
#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/report/build.hpp"
#include "daemon/report/write.hpp"

namespace earshot::api {
namespace {

std::vector<std::string> competitors_of(const Snapshot& snapshot, const std::string& brand) {
  for (const auto& one : snapshot.brands)
    if (same_folded(one.name, brand)) return one.competitors;
  return {};
}

Response report(store::Reader& reader, const Request& request, Timestamp now, const Snapshot& snapshot) {
  const auto& kind = request.params.front();
  if (std::ranges::find(report::kinds, kind) == report::kinds.end())
    return problem(404, "there is no report '" + printable(kind) +
                            "': take brief, service, content, executive or accuracy");
  auto format = request.text("format");
  if (format.empty()) format = "html";
  if (std::ranges::find(report::formats, format) == report::formats.end())
    return problem(400, "format= is html, markdown, text or csv");
  const auto days = number_of(request, "days", report::default_days(kind), 1, 366);
  if (!days) return problem(400, "days= is a number from 1 to 366");
  const auto asked_for = asked(reader, request, static_cast<int>(*days), now);
  if (!asked_for) return problem(asked_for.error());
  const auto links = request.text("links");
  if (!links.empty() && links != "api" && links != "dashboard")
    return problem(400, "links= is api or dashboard");
  auto built = report::build(kind, {.reader = reader,
                                    .brand = asked_for->brand,
                                    .since = asked_for->window.since,
                                    .until = asked_for->window.until,
                                    .money = snapshot.money,
                                    .kpis = snapshot.kpis,
                                    .competitors = competitors_of(snapshot, asked_for->brand.name),
                                    .ror_half_life = snapshot.ror_half_life});
  if (!built) return problem(built.error());
  built->links = links == "dashboard" ? report::Links::dashboard : report::Links::api;
  auto text = report::write(*built, format);
  if (!text) return problem(text.error());
  Response out{.content_type = report::content_type(format), .body = std::move(*text)};
  // Its style stands in the page, so that the page can be sent on; it has no script and loads nothing.
  if (format == "html")
    out.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'");
  return out;
}

Response kpis(store::Reader& reader, const Request& request, Timestamp now, const Snapshot& snapshot) {
  const auto asked_for = asked(reader, request, 28, now);
  if (!asked_for) return problem(asked_for.error());
  const auto& [brand, window] = *asked_for;
  const auto competitors = competitors_of(snapshot, brand.name);
  const insight::JobInput input{
      .reader = reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto results =
      insight::measure_kpis(input, snapshot.kpis, {.money = snapshot.money, .competitors = competitors});
  if (!results) return problem(results.error());
  JsonWriter out;
  write_kpis(out, *results, brand.name);
  return json(out.str());
}

}  // namespace

void add_report_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const auto& snapshots = services.snapshots;
  const Query page = [&clock, &snapshots](store::Reader& reader, const Request& request) {
    return report(reader, request, clock.now(), *snapshots.now());
  };
  const Query figures = [&clock, &snapshots](store::Reader& reader, const Request& request) {
    return kpis(reader, request, clock.now(), *snapshots.now());
  };
  router.add({.method = "GET", .pattern = "/api/v1/reports/{kind}", .run = page});
  router.add({.method = "GET", .pattern = "/api/v1/kpis", .run = figures});
}

}  // namespace earshot::api
