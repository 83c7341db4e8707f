#include "daemon/cli/views.hpp"

#include <simdjson.h>

#include "core/base/time_format.hpp"
#include "core/model/names.hpp"

namespace earshot::cli {
namespace {

std::optional<std::string> time_text(const std::optional<Timestamp>& at) {
  if (!at) return std::nullopt;
  return format_rfc3339(*at);
}

std::string issue_name(std::uint8_t bit) {
  return bit < issue_type_count ? std::string(to_string(static_cast<IssueType>(bit)))
                                : "own_" + std::to_string(bit);
}

template <typename Name>
std::string names_of(std::uint64_t mask, Name name) {
  std::string out;
  for (unsigned bit = 0; bit < 64; ++bit)
    if (mask >> bit & 1U) out += (out.empty() ? "" : ", ") + name(bit);
  return out;
}

}  // namespace

std::string issue_list(std::uint64_t mask) {
  return names_of(mask, [](unsigned bit) { return issue_name(static_cast<std::uint8_t>(bit)); });
}

std::string intent_list(std::uint32_t mask) {
  return names_of(mask, [](unsigned bit) { return std::string(to_string(static_cast<Intent>(bit))); });
}

std::vector<std::string> quotes_of(const store::IdeaRow& row) {
  std::vector<std::string> out;
  simdjson::dom::parser parser;
  simdjson::dom::array quotes;
  if (parser.parse(row.details)["quotes"].get(quotes) != simdjson::SUCCESS) return out;
  for (const auto quote : quotes) {
    std::string_view text;
    if (quote["text"].get(text) == simdjson::SUCCESS) out.emplace_back(text);
  }
  return out;
}

void write_json(JsonWriter& out, const store::MentionRow& row, const std::string& brand) {
  out.begin_object();
  out.field("id", row.id.value)
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
  out.end_object();
}

void write_json(JsonWriter& out, const store::SourceStatus& row) {
  out.begin_object().field("source", row.name).field("connector", row.connector).field("state", row.state);
  out.field("last_ok_at", time_text(row.last_ok_at)).field("next_poll_at", time_text(row.next_poll_at));
  out.field("last_error", row.last_error).field("fail_count", row.fail_count).field("received", row.received);
  out.field("stored", row.stored).field("duplicate", row.duplicate).field("updated", row.updated);
  out.field("unmatched", row.unmatched).field("malformed", row.malformed).end_object();
}

void write_json(JsonWriter& out, const store::IncidentRow& row) {
  out.begin_object()
      .field("id", row.id.value)
      .field("issue", issue_name(row.issue))
      .field("state", row.state);
  out.field("title", row.title)
      .field("severity", row.severity)
      .field("started_at", format_rfc3339(row.started_at));
  out.field("detected_at", format_rfc3339(row.detected_at)).field("last_at", format_rfc3339(row.last_at));
  out.field("authors", row.authors).field("mentions", row.mentions).field("echoes", row.echoes);
  out.field("expected", row.expected)
      .field("threshold", row.threshold)
      .field("first_mention", row.first_mention.value);
  out.key("details").raw(row.details.empty() ? "{}" : row.details);
  out.key("mention_ids").begin_array();
  for (const auto id : row.members) out.value(id.value);
  out.end_array().end_object();
}

void write_json(JsonWriter& out, const store::IdeaRow& row) {
  out.begin_object()
      .field("id", row.id.value)
      .field("key", row.key)
      .field("state", row.state)
      .field("title", row.title);
  out.field("askers", row.askers).field("mentions", row.mentions).field("unanswered", row.unanswered);
  out.field("trend", row.trend).field("score", row.score).field("first_at", format_rfc3339(row.first_at));
  out.field("last_at", format_rfc3339(row.last_at))
      .key("details")
      .raw(row.details.empty() ? "{}" : row.details);
  out.key("mention_ids").begin_array();
  for (const auto id : row.members) out.value(id.value);
  out.end_array().end_object();
}

}  // namespace earshot::cli
