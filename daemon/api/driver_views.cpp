// What moves net sentiment, and how a brand stands beside others, as JSON.
#include "core/base/time_format.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::api {
namespace {

void write(JsonWriter& out, const insight::Driver& row, const insight::Drivers& all) {
  const auto& part = row.part;
  out.begin_object().field("issue", row.name).field("contribution", part.total());
  out.field("low", part.low).field("high", part.high).field("tone", part.tone).field("mix", part.mix);
  out.field("share", part.share).field("usual_share", part.usual_share).key("net_sentiment");
  part.weight > 0 ? out.value(part.mean) : out.null();
  out.key("usual_net_sentiment");
  part.usual_weight > 0 ? out.value(part.usual_mean) : out.null();
  out.field("mentions", row.mentions).field("positive", row.positive).field("negative", row.negative);
  out.key("reasons").begin_array();
  for (const auto& reason : row.reasons)
    out.begin_object().field("phrase", reason.phrase).field("authors", reason.authors).end_object();
  out.end_array().field(
      "mentions_url",
      daemon::target_of({.brand = all.brand, .issue = row.name, .since = all.since, .until = all.until}));
  out.end_object();
}

void write(JsonWriter& out, const char* key, const std::vector<analysis::Correlation>& lags) {
  out.key(key).begin_array();
  for (const auto& one : lags) {
    out.begin_object().field("lag_days", one.lag).field("days", static_cast<std::int64_t>(one.pairs));
    out.field("too_little", one.too_little).key("r");
    one.too_little ? out.null() : out.rounded(one.r, 4);
    out.key("low");
    one.too_little ? out.null() : out.rounded(one.low, 4);
    out.key("high");
    one.too_little ? out.null() : out.rounded(one.high, 4);
    out.end_object();
  }
  out.end_array();
}

void write(JsonWriter& out, const insight::BrandFigures& row, const insight::Benchmark& all) {
  out.begin_object().field("brand", row.brand).field("own", row.own).field("mentions", row.mentions);
  out.field("authors", row.authors).field("positive", row.positive).field("neutral", row.neutral);
  out.field("negative", row.negative).field("negative_authors", row.negative_authors);
  write_interval(out, "share_of_voice", row.share);
  write_interval(out, "net_sentiment", row.net_sentiment);
  write_interval(out, "negative_author_share", row.negative_author_share);
  out.field("contacts", row.response.contacts).field("answered", row.response.answered);
  out.field("median_s", row.response.median_s);
  out.field("mentions_url", daemon::target_of({.brand = row.brand, .since = all.since, .until = all.until}));
  out.end_object();
}

}  // namespace

void write_drivers(JsonWriter& out, const insight::Drivers& drivers, const insight::Movement& movement) {
  const auto& total = drivers.total;
  out.begin_object().field("brand", drivers.brand).field("since", format_rfc3339(drivers.since));
  out.field("until", format_rfc3339(drivers.until)).field("usual_since", format_rfc3339(drivers.usual_since));
  out.field("weeks", drivers.weeks).field("weeks_left_out", drivers.weeks_left_out);
  out.field("formula", insight::net_sentiment_formula).field("too_little", drivers.too_little());
  out.key("net_sentiment");
  total.count > 0 ? out.value(total.mean) : out.null();
  out.key("usual_net_sentiment");
  total.usual_count > 0 ? out.value(total.usual_mean) : out.null();
  out.field("difference", total.difference()).field("low", total.low).field("high", total.high);
  out.field("scored", total.count).field("usual_scored", total.usual_count).key("drivers").begin_array();
  for (const auto& row : drivers.rows) write(out, row, drivers);
  out.end_array().key("movement").begin_object();
  out.field("since", format_rfc3339(movement.since)).field("until", format_rfc3339(movement.until));
  out.field("days", movement.days).field("days_left_out", movement.days_left_out);
  write(out, "volume", movement.volume);
  write(out, "own_posts", movement.own_posts);
  out.end_object().end_object();
}

void write_kpis(JsonWriter& out, const std::vector<insight::KpiResult>& results, const std::string& brand) {
  out.begin_object().field("brand", brand).key("kpis").begin_array();
  for (const auto& one : results) {
    out.begin_object().field("name", one.kpi.name).field("metric", one.kpi.metric).field("unit", one.unit);
    out.field("actual", one.actual).field("target", one.kpi.target);
    out.field("direction", one.kpi.direction == insight::Direction::higher ? "higher" : "lower");
    out.field("met", one.met())
        .field("owner", one.kpi.owner)
        .field("problem", one.problem)
        .field("days", one.kpi.days);
    out.field("since", format_rfc3339(one.since)).field("until", format_rfc3339(one.until)).end_object();
  }
  out.end_array().end_object();
}

void write_benchmark(JsonWriter& out, const insight::Benchmark& benchmark) {
  out.begin_object().field("brand", benchmark.brand).field("since", format_rfc3339(benchmark.since));
  out.field("until", format_rfc3339(benchmark.until)).key("brands").begin_array();
  for (const auto& row : benchmark.rows) write(out, row, benchmark);
  out.end_array().key("unknown").begin_array();
  for (const auto& name : benchmark.unknown) out.value(name);
  out.end_array().end_object();
}

}  // namespace earshot::api
