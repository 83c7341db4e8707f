#include <vector>

#include "core/base/time_format.hpp"
#include "daemon/api/json_views.hpp"

namespace earshot::api {
namespace {

constexpr const char* outcomes[] = {"converted", "converted_alone", "relieved", "angry",
                                    "silent",    "unanswered",      "open"};

void write(JsonWriter& out, const char* key, const std::optional<insight::Range>& range) {
  out.key(key);
  if (!range) {
    out.null();
    return;
  }
  out.begin_object().field("low", range->low).field("expected", range->expected).field("high", range->high);
  out.end_object();
}

void write(JsonWriter& out, const insight::MoneyAssumptions* a) {
  out.key("assumptions");
  if (!a) {
    out.null();
    return;
  }
  out.begin_object().field("currency", a->currency).key("from");
  a->from == Timestamp{} ? out.null() : out.value(format_rfc3339(a->from));
  write(out, "saved_customer", a->saved_customer);
  write(out, "cost_per_contact", a->cost_per_contact);
  write(out, "leaves_unanswered", a->leaves_unanswered);
  out.end_object();
}

using api::write_json;

void write_json(JsonWriter& out, const insight::SourceSummary& row) {
  out.begin_object()
      .field("source", row.name)
      .field("mentions", row.mentions)
      .field("negative", row.negative);
  out.field("own", row.own).field("spam", row.spam).field("gap_hours", row.gap_hours).end_object();
}

void write_json(JsonWriter& out, const insight::IssueSummary& row) {
  out.begin_object().field("issue", row.name).field("mentions", row.mentions).field("negative", row.negative);
  out.field("share", row.share).key("week");
  write_json(out, row.week);
  out.end_object();
}

void write_json(JsonWriter& out, const insight::ProductSummary& row) {
  out.begin_object().field("product", row.product).field("mentions", row.mentions);
  out.field("positive", row.positive).field("neutral", row.neutral).field("negative", row.negative);
  out.field("unscored", row.unscored).field("net_sentiment", row.net_sentiment).end_object();
}

void write_json(JsonWriter& out, const store::LanguageCount& row) {
  out.begin_object().field("lang", row.lang).field("mentions", row.mentions);
  out.field("unscored", row.unscored).end_object();
}

void write_json(JsonWriter& out, const insight::VoiceShare& row) {
  out.begin_object().field("brand", row.brand).field("mentions", row.mentions).field("share", row.share);
  out.field("net_sentiment", row.net_sentiment).end_object();
}

template <typename Row>
void write_all(JsonWriter& out, const char* key, const std::vector<Row>& rows) {
  out.key(key).begin_array();
  for (const auto& row : rows) write_json(out, row);
  out.end_array();
}

}  // namespace

void write_json(JsonWriter& out, const insight::AgainstUsual& metric) {
  out.begin_object().field("value", metric.value).field("usual", metric.usual);
  out.field("spread", metric.spread).field("weeks", metric.weeks).field("z", metric.z()).end_object();
}

void write_json(JsonWriter& out, const insight::PeriodCounts& p) {
  out.begin_object().field("from", format_rfc3339(p.from)).field("until", format_rfc3339(p.until));
  out.field("mentions", p.mentions).field("authors", p.authors).field("negative_authors", p.negative_authors);
  out.field("positive", p.positive).field("neutral", p.neutral).field("negative", p.negative);
  out.field("unscored", p.unscored).field("questions", p.questions).field("complaints", p.complaints);
  out.field("reach", p.reach).field("own", p.own).field("spam", p.spam);
  out.field("net_sentiment", p.net_sentiment()).field("gap_hours", p.gap_hours).end_object();
}

void write_summary(JsonWriter& out, const insight::Summary& s) {
  out.field("brand", s.brand).field("since", format_rfc3339(s.since)).field("until", format_rfc3339(s.until));
  out.field("formula", insight::net_sentiment_formula).key("total");
  write_json(out, s.total);
  out.key("last_week");
  write_json(out, s.last_week);
  out.key("against_usual").begin_object().key("volume");
  write_json(out, s.volume);
  out.key("authors");
  write_json(out, s.authors);
  out.key("net_sentiment");
  write_json(out, s.net_sentiment);
  out.key("negative_author_share");
  write_json(out, s.negative_author_share);
  out.end_object();
  write_all(out, "days", s.days);
  write_all(out, "weeks", s.weeks);
  write_all(out, "sources", s.sources);
  write_all(out, "issues", s.issues);
  write_all(out, "products", s.products);
  write_all(out, "languages", s.languages);
  write_all(out, "share_of_voice", s.share_of_voice);
  write_all(out, "gaps", s.gaps);
}

void write_roi(JsonWriter& out, const insight::RoiSummary& s, const std::string& brand, Timestamp since,
               Timestamp until) {
  out.begin_object()
      .field("brand", brand)
      .field("since", format_rfc3339(since))
      .field("until", format_rfc3339(until))
      .key("response")
      .begin_object()
      .field("contacts", s.response.contacts)
      .field("answered", s.response.answered)
      .field("settled", s.response.settled)
      .field("answered_share", s.response.answered_share())
      .field("median_s", s.response.median_s)
      .field("open_median_s", s.response.open_median_s)
      .field("late", s.response.late)
      .end_object();
  out.key("months").begin_array();
  for (const auto& month : s.months) {
    out.begin_object().field("month", month.month);
    for (const auto* outcome : outcomes) {
      const auto found = month.outcomes.find(outcome);
      out.field(outcome, found == month.outcomes.end() ? std::int64_t{0} : found->second);
    }
    out.field("converted_share", month.converted_share());
    write(out, "saved", month.saved);
    write(out, month.assumptions);
    out.end_object();
  }
  out.end_array().key("conversions").begin_array();
  for (const auto& row : s.conversions)
    out.begin_object()
        .field("rant_mention", id_text(row.rant))
        .field("reply_mention", row.reply ? std::optional(id_text(*row.reply)) : std::nullopt)
        .field("happy_mention", id_text(*row.last))
        .end_object();
  out.end_array().field("waiting_people", s.waiting_people);
  write(out, "saved", s.saved);
  write(out, "exposure", s.exposure);
  write(out, "spared", s.spared);
  write(out, s.assumptions);
  out.end_object();
}

}  // namespace earshot::api
