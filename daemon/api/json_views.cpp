#include "daemon/api/json_views.hpp"

#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"
#include "core/model/names.hpp"
#include "daemon/api/json_text.hpp"

namespace earshot::api {
namespace {

std::string issue_name(std::uint8_t bit) {
  return bit < issue_type_count ? std::string(to_string(static_cast<IssueType>(bit)))
                                : "own_" + std::to_string(bit);
}

}  // namespace

std::string id_text(MentionId id) { return std::to_string(id.value); }

void write_json(JsonWriter& out, const store::MentionRow& row, const std::string& brand) {
  out.begin_object();
  out.field("id", id_text(row.id))
      .field("brand", brand)
      .field("platform", row.platform)
      .field("source", row.source);
  out.field("native_id", row.native_id).field("created_at", format_rfc3339(row.created_at));
  out.field("author", row.author_handle)
      .field("url", row.url)
      .field("title", row.title)
      .field("text", row.text);
  out.field("deleted", row.deleted).field("match", to_string(row.verdict.match));
  out.field("polarity", to_string(row.verdict.polarity)).field("score", row.verdict.score);
  out.key("issues").begin_array();
  for (unsigned bit = 0; bit < 64; ++bit)
    if (row.verdict.issues >> bit & 1U) out.value(issue_name(static_cast<std::uint8_t>(bit)));
  out.end_array().key("intents").begin_array();
  for (unsigned bit = 0; bit < intent_count; ++bit)
    if (row.verdict.intents >> bit & 1U) out.value(to_string(static_cast<Intent>(bit)));
  out.end_array().key("products").begin_array();
  for (const auto& product : row.verdict.products)
    out.begin_object()
        .field("product", product.product)
        .field("polarity", to_string(product.polarity))
        .field("score", product.score)
        .end_object();
  out.end_array().field("question", row.verdict.question).field("complaint", row.verdict.complaint);
  out.field("urgency", row.verdict.urgency).field("severity", row.verdict.severity);
  out.field("lang", row.verdict.lang)
      .field("lexicon_version", static_cast<std::int64_t>(row.verdict.lexicon_version));
  out.field("labelled", row.verdict.labelled).end_object();
}

void write_json(JsonWriter& out, const store::SourceStatus& row) {
  out.begin_object().field("source", row.name).field("connector", row.connector).field("state", row.state);
  out.field("last_ok_at", time_text(row.last_ok_at)).field("next_poll_at", time_text(row.next_poll_at));
  out.field("last_push_at", time_text(row.last_push_at));
  out.field("last_error", row.last_error).field("fail_count", row.fail_count).field("received", row.received);
  out.field("stored", row.stored).field("duplicate", row.duplicate).field("updated", row.updated);
  out.field("unmatched", row.unmatched).field("malformed", row.malformed).key("quota");
  if (row.quota) {
    out.begin_object().field("limit", row.quota->limit).field("remaining", row.quota->remaining);
    out.field("resets_at", time_text(row.quota->resets_at)).end_object();
  } else {
    out.null();
  }
  out.field("poll_rate", row.poll_rate).key("hydrate");
  if (row.hydrate) {
    out.begin_object().field("at", format_rfc3339(row.hydrate->at)).field("asked", row.hydrate->asked);
    out.field("gone", row.hydrate->gone).field("overdue", row.hydrate->overdue);
    out.field("oldest_at", time_text(row.hydrate->oldest_at)).end_object();
  } else {
    out.null();
  }
  out.end_object();
}

void write_json(JsonWriter& out, const store::IncidentRow& row, const std::string& brand) {
  out.begin_object()
      .field("id", std::to_string(row.id.value))
      .field("brand", brand)
      .field("issue", issue_name(row.issue))
      .field("state", row.state);
  out.field("title", row.title)
      .field("severity", row.severity)
      .field("started_at", format_rfc3339(row.started_at));
  out.field("detected_at", format_rfc3339(row.detected_at)).field("last_at", format_rfc3339(row.last_at));
  out.field("authors", row.authors).field("mentions", row.mentions).field("echoes", row.echoes);
  out.field("expected", row.expected)
      .field("threshold", row.threshold)
      .field("first_mention", id_text(row.first_mention));
  out.field("owner", row.owner).field("note", row.note);
  out.field("acknowledged_at", time_text(row.acknowledged_at));
  out.field("dismissed_at", time_text(row.dismissed_at))
      .field("advised_at", time_text(row.advised_at))
      .key("cover")
      .begin_object();
  out.field("negative", row.cover.negative).field("defended", row.cover.defended);
  out.field("defenders", row.cover.defenders).key("ratio");
  row.cover.negative > 0
      ? out.value(static_cast<double>(row.cover.defended) / static_cast<double>(row.cover.negative))
      : out.null();
  out.key("evidence").begin_array();
  for (const auto id : row.cover.evidence) out.value(id_text(id));
  out.end_array().end_object();
  out.key("details").raw(row.details.empty() ? "{}" : row.details);
  out.key("mention_ids").begin_array();
  for (const auto id : row.members) out.value(id_text(id));
  out.end_array().end_object();
}

void write_json(JsonWriter& out, const store::IdeaRow& row, const std::string& brand) {
  out.begin_object()
      .field("id", std::to_string(row.id.value))
      .field("brand", brand)
      .field("key", row.key)
      .field("state", row.state)
      .field("title", row.title);
  out.field("askers", row.askers).field("mentions", row.mentions).field("unanswered", row.unanswered);
  out.field("trend", row.trend).field("score", row.score).field("first_at", format_rfc3339(row.first_at));
  out.field("owner", row.owner).field("due", time_text(row.due)).field("url", row.url);
  out.field("note", row.note).field("decided_at", time_text(row.decided_at));
  write_content(out, row);
  out.field("last_at", format_rfc3339(row.last_at))
      .key("details")
      .raw(row.details.empty() ? "{}" : row.details);
  out.key("mention_ids").begin_array();
  for (const auto id : row.members) out.value(id_text(id));
  out.end_array().end_object();
}

void write_json(JsonWriter& out, const store::WaitingRow& row, const store::MentionRow& mention,
                const std::string& brand) {
  out.begin_object().key("mention");
  write_json(out, mention, brand);
  out.field("priority", row.priority).key("reasons").raw(row.reasons.empty() ? "{}" : row.reasons);
  out.field("state", row.state).field("owner", row.owner).field("note", row.note);
  out.field("due_at", time_text(row.due_at)).field("until", time_text(row.until)).end_object();
}

void write_json(JsonWriter& out, const store::LabelRow& row, const store::MentionRow& mention,
                const std::string& brand) {
  out.begin_object().key("mention");
  write_json(out, mention, brand);
  out.key("polarity");
  row.polarity ? out.value(to_string(*row.polarity)) : out.null();
  out.key("issues");
  if (row.issues) {
    out.begin_array();
    for (unsigned bit = 0; bit < 64; ++bit)
      if (*row.issues >> bit & 1U) out.value(issue_name(static_cast<std::uint8_t>(bit)));
    out.end_array();
  } else {
    out.null();
  }
  out.field("note", row.note).field("by", row.by).field("at", format_rfc3339(row.at)).end_object();
}

void write_json(JsonWriter& out, const store::GapRow& row) {
  out.begin_object()
      .field("source", row.source_name)
      .field("stream", row.stream)
      .field("from", format_rfc3339(row.gap.from))
      .field("to", format_rfc3339(row.gap.to))
      .field("reason", row.gap.reason)
      .field("rate", row.gap.rate)
      .end_object();
}

void write_interval(JsonWriter& out, const char* key, const std::optional<analysis::Interval>& estimate) {
  out.key(key);
  if (!estimate) {
    out.null();
    return;
  }
  out.begin_object().key("value").rounded(estimate->value, 4).key("low").rounded(estimate->low, 4);
  out.key("high").rounded(estimate->high, 4).end_object();
}

void write_json(JsonWriter& out, const store::Erased& erased) {
  const auto& report = erased.report;
  out.begin_object().field("mentions", report.mentions).field("replies", report.replies);
  out.field("findings", report.findings).field("people", report.people).key("sent").begin_array();
  for (const auto& [destination, messages] : report.sent)
    out.begin_object().field("destination", destination).field("messages", messages).end_object();
  out.end_array().field("settled", erased.settled).end_object();
}

void write_json(JsonWriter& out, const store::DestinationState& row) {
  out.begin_object().field("destination", row.name).field("queued", row.waiting);
  out.field("retrying", row.retrying).field("dead", row.dead).field("sent", row.sent);
  out.field("failed", row.failed).field("failures", row.failures);
  out.field("paused_until", time_text(row.paused_until)).field("last_ok_at", time_text(row.last_ok_at));
  out.field("last_error_at", time_text(row.last_error_at)).field("last_error", row.last_error);
  out.field("oldest_due_at", time_text(row.oldest_due_at)).end_object();
}

void write_json(JsonWriter& out, const store::Delivery& row) {
  out.begin_object().field("id", std::to_string(row.id)).field("destination", row.destination);
  out.field("state", row.state).field("kind", row.item.kind).field("key", row.item.key);
  out.field("digest", row.digest).field("attempts", row.attempts);
  out.field("created_at", format_rfc3339(row.item.created_at)).field("due_at", format_rfc3339(row.due_at));
  out.field("next_at", format_rfc3339(row.next_at)).field("settled_at", time_text(row.settled_at));
  out.field("external_id", row.external_id).field("last_error", row.last_error).end_object();
}

void write_fields(JsonWriter& out, const store::JourneyRow& row) {
  out.field("outcome", row.outcome).field("fallen", row.fallen);
  out.field("began_at", format_rfc3339(identity::time_of(row.rant)));
  out.field("author_handle", row.author_handle).key("issue");
  row.issue ? out.value(issue_name(*row.issue)) : out.null();
  out.field("rant_mention", id_text(row.rant)).field("reply_mention", optional_id(row.reply));
  out.field("last_mention", optional_id(row.last));
}

void write_json(JsonWriter& out, const store::JourneyRow& row) {
  out.begin_object();
  write_fields(out, row);
  out.end_object();
}

}  // namespace earshot::api
