// Brands, the state of one, its series and baselines.
#include <map>

#include "analysis/series/baseline.hpp"
#include "core/base/time_format.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/mentions_query.hpp"
#include "insight/series.hpp"

namespace earshot::api {
namespace {

Response brands(store::Reader& reader) {
  const auto rows = reader.brands();
  if (!rows) return problem(rows.error());
  JsonWriter out;
  out.begin_object().key("brands").begin_array();
  for (const auto& row : *rows) out.value(row.name);
  out.end_array().key("default");
  rows->empty() ? out.null() : out.value(rows->front().name);
  return json(out.end_object().str());
}

Response overview(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, 28, now);
  if (!asked_for) return problem(asked_for.error());
  const auto& [brand, window] = *asked_for;
  const insight::JobInput input{
      .reader = reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto summary = insight::summarise(input, window.since, window.until);
  if (!summary) return problem(summary.error());
  const auto extent = reader.extent();
  if (!extent) return problem(extent.error());
  const auto waiting = reader.waiting_count(brand.id);
  if (!waiting) return problem(waiting.error());
  JsonWriter out;
  out.begin_object();
  write_summary(out, *summary);
  out.key("newest");
  *extent ? out.value(format_rfc3339((*extent)->second)) : out.null();
  out.field("incidents_open", static_cast<std::int64_t>(std::ranges::count(summary->incidents, "open",
                                                                           &store::IncidentRow::state)));
  out.field("waiting", waiting->people).field("at_risk", waiting->at_risk);
  return json(out.end_object().str());
}

/// One column of a series.
template <typename Value>
void column(JsonWriter& out, const char* name, const std::vector<insight::SeriesPoint>& points,
            Value&& value) {
  out.key(name).begin_array();
  for (const auto& point : points) {
    const auto number = value(point);
    if constexpr (std::is_same_v<std::decay_t<decltype(number)>, std::optional<double>>)
      number ? out.rounded(*number, 4) : out.null();
    else
      out.value(number);
  }
  out.end_array();
}

Response series(store::Reader& reader, const Request& request, Timestamp now) {
  const auto step = request.text("step");
  if (!step.empty() && step != "hour" && step != "day") return problem(400, "step= is hour or day");
  const auto asked_for = asked(reader, request, step == "hour" ? 7 : 84, now);
  if (!asked_for) return problem(asked_for.error());
  insight::SeriesQuery query{.since = asked_for->window.since,
                             .until = asked_for->window.until,
                             .step = step == "hour" ? insight::SeriesStep::hour : insight::SeriesStep::day};
  if (const auto name = request.text("source"); !name.empty()) {
    const auto sources = reader.sources();
    if (!sources) return problem(sources.error());
    for (const auto& source : *sources)
      if (source.name == name) query.source = source.id;
    if (!query.source) return problem(400, "there is no source '" + name + "'");
  }
  const auto points = insight::read_series(reader, asked_for->brand.id, query);
  if (!points) return problem(points.error());
  using Point = insight::SeriesPoint;
  JsonWriter out;
  out.begin_object().field("brand", asked_for->brand.name).field("step", step.empty() ? "day" : step.c_str());
  column(out, "at", *points, [](const Point& p) { return to_ms(p.at); });
  column(out, "mentions", *points, [](const Point& p) { return p.mentions; });
  column(out, "positive", *points, [](const Point& p) { return p.positive; });
  column(out, "neutral", *points, [](const Point& p) { return p.neutral; });
  column(out, "negative", *points, [](const Point& p) { return p.negative; });
  column(out, "net_sentiment", *points, [](const Point& p) { return p.net_sentiment(); });
  column(out, "expected", *points, [](const Point& p) { return p.expected; });
  column(out, "spread", *points, [](const Point& p) { return p.spread; });
  column(out, "expected_net_sentiment", *points, [](const Point& p) { return p.expected_net_sentiment; });
  column(out, "spread_net_sentiment", *points, [](const Point& p) { return p.spread_net_sentiment; });
  column(out, "gap", *points, [](const Point& p) { return p.gap; });
  return json(out.end_object().str());
}

Response baseline(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  auto metric = request.text("metric");
  if (metric.empty()) metric = "volume";
  const auto name = request.text("source");
  const auto source = name.empty() ? Result<SourceId>(SourceId{}) : source_of(reader, name);
  if (!source) return problem(source.error());
  store::MentionFilter named;
  if (auto status = daemon::filter_issue(reader, request.text("issue"), named); !status)
    return problem(status.error());
  const auto rows = reader.baseline(brand->id, *source, metric,
                                    named.issue ? static_cast<int>(*named.issue) : store::every_issue);
  if (!rows) return problem(rows.error());
  JsonWriter out;
  out.begin_object().field("brand", brand->name).field("metric", metric);
  out.field("source", name.empty() ? "*" : name.c_str());
  out.field("issue", named.issue ? request.text("issue") : "*").key("hours").begin_array();
  for (const auto& row : *rows) {
    out.begin_object().field("hour_of_week", row.hour_of_week).field("centre", row.centre);
    out.field("spread", row.spread).field("weeks", row.weeks);
    out.field("warm_up", row.weeks < analysis::weeks_wanted).end_object();
  }
  return json(out.end_array().end_object().str());
}

}  // namespace

void add_overview_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const Query list = [](store::Reader& reader, const Request&) { return brands(reader); };
  const Query state = [&clock](store::Reader& reader, const Request& request) {
    return overview(reader, request, clock.now());
  };
  const Query columns = [&clock](store::Reader& reader, const Request& request) {
    return series(reader, request, clock.now());
  };
  const Query usual = [](store::Reader& reader, const Request& request) { return baseline(reader, request); };
  router.add({.method = "GET", .pattern = "/api/v1/brands", .run = list});
  router.add({.method = "GET", .pattern = "/api/v1/overview", .run = state});
  router.add({.method = "GET", .pattern = "/api/v1/series", .run = columns});
  router.add({.method = "GET", .pattern = "/api/v1/baseline", .run = usual});
}

}  // namespace earshot::api
