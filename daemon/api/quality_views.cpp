#include "daemon/api/quality_views.hpp"

#include <algorithm>
#include <map>

#include "analysis/series/proportion.hpp"
#include "core/base/time_format.hpp"
#include "daemon/api/json_views.hpp"
#include "insight/service_summary.hpp"

namespace earshot::api {
namespace {

void write_share(JsonWriter& out, const char* key, std::int64_t part, std::int64_t whole) {
  write_interval(out, key, analysis::share(part, whole));
}

void write_share(JsonWriter& out, const char* key, const std::optional<store::LabelShare>& share) {
  std::optional<analysis::Interval> interval;
  if (share) interval = analysis::Interval{.value = share->value, .low = share->low, .high = share->high};
  write_interval(out, key, interval);
}

/// Of one lexicon, all issue types together first.
void write_issues(JsonWriter& out, const std::vector<store::IssueAccuracyRow>& rows,
                  std::optional<std::uint32_t> version) {
  const auto all =
      std::ranges::find_if(rows, [&](const auto& row) { return row.lexicon_version == version; });
  if (all == rows.end()) {
    out.null();
    return;
  }
  const auto shares = [&](const store::IssueAccuracyRow& row) {
    write_share(out, "precision", row.precision);
    write_share(out, "recall", row.recall);
  };
  out.begin_object().field("labels", all->labels).field("drawn", all->drawn);
  shares(*all);
  out.key("types").begin_array();
  for (const auto& row : rows) {
    if (row.lexicon_version != version || row.issue == "*") continue;
    out.begin_object().field("issue", row.issue).field("labels", row.meant);
    shares(row);
    out.end_object();
  }
  out.end_array().end_object();
}

void write_response(JsonWriter& out, const insight::ResponseSummary& sum) {
  out.field("contacts", sum.contacts).field("answered", sum.answered).field("settled", sum.settled);
  out.field("late", sum.late).field("median_s", sum.median_s).field("open_median_s", sum.open_median_s);
  write_share(out, "answered_share", sum.answered, sum.contacts);
}

std::optional<std::int64_t> seconds(const std::optional<Milliseconds>& time) {
  return time ? std::optional(std::chrono::duration_cast<std::chrono::seconds>(*time).count()) : std::nullopt;
}

}  // namespace

Result<std::string> accuracy_json(store::Reader& reader, const store::NamedBrand& brand) {
  const auto rows = reader.accuracy(brand.id);
  if (!rows) return unexpected(rows.error());
  const auto issues = reader.issue_accuracy(brand.id);
  if (!issues) return unexpected(issues.error());
  std::optional<std::uint32_t> version;
  if (!rows->empty()) {
    version = rows->front().lexicon_version;
  } else if (!issues->empty()) {
    version = issues->front().lexicon_version;
  }
  JsonWriter out;
  out.begin_object().field("brand", brand.name).key("lexicon_version");
  version ? out.value(static_cast<std::int64_t>(*version)) : out.null();
  const auto polarity_labels = rows->empty() ? 0 : rows->front().labels;
  out.field("labels", polarity_labels);
  out.field("drawn", rows->empty() ? 0 : rows->front().drawn);
  write_share(out, "agreement", rows->empty() ? std::nullopt : rows->front().agreement);
  out.key("polarities").begin_array();
  for (const auto& row : *rows) {
    if (row.lexicon_version != version) continue;
    out.begin_object().field("polarity", row.polarity).field("labels", row.meant);
    write_share(out, "precision", row.precision);
    write_share(out, "recall", row.recall);
    out.end_object();
  }
  out.end_array().key("issues");
  write_issues(out, *issues, version);
  return out.end_object().str();
}

Result<std::string> responses_json(store::Reader& reader, const store::NamedBrand& brand,
                                   const daemon::Window& window, const insight::ServiceTerms& terms) {
  const auto days = reader.response_days(brand.id, window.since, window.until);
  if (!days) return unexpected(days.error());
  const auto sources = reader.sources();
  if (!sources) return unexpected(sources.error());
  JsonWriter out;
  out.begin_object().field("brand", brand.name).field("since", format_rfc3339(window.since));
  out.field("until", format_rfc3339(window.until)).key("targets");
  if (terms.answer_high || terms.answer_medium || terms.answer_low) {
    out.begin_object().field("high_s", seconds(terms.answer_high));
    out.field("medium_s", seconds(terms.answer_medium))
        .field("low_s", seconds(terms.answer_low))
        .end_object();
  } else {
    out.null();
  }
  out.key("total").begin_object();
  write_response(out, insight::summarise_response(*days));
  out.end_object().key("sources").begin_array();
  std::map<std::int64_t, std::vector<store::ResponseDay>> of_source;
  for (const auto& day : *days) of_source[day.source.value].push_back(day);
  for (const auto& source : *sources) {
    const auto found = of_source.find(source.id.value);
    if (found == of_source.end()) continue;
    const auto sum = insight::summarise_response(found->second);
    if (sum.contacts == 0) continue;
    out.begin_object().field("source", source.name);
    write_response(out, sum);
    out.end_object();
  }
  return out.end_array().end_object().str();
}

}  // namespace earshot::api
