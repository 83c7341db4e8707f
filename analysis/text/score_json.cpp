#include "analysis/text/score_json.hpp"

#include "core/model/names.hpp"

namespace earshot::analysis {
namespace {

std::string_view issue_name(IssueType type, std::span<const std::string> own_names) {
  const auto id = static_cast<std::size_t>(type);
  if (id < own_issue_first) return to_string(type);
  const auto own = id - own_issue_first;
  return own < own_names.size() ? std::string_view(own_names[own]) : std::string_view("own");
}

}  // namespace

void write_urgency(JsonWriter& out, std::string_view text, const Verdict& verdict) {
  out.key("urgency").rounded(static_cast<double>(verdict.urgency), 4);
  out.key("severity").rounded(static_cast<double>(verdict.severity), 4);
  out.key("reasons").begin_array();
  for (const auto& reason : verdict.reasons)
    if (reason.begin <= reason.end && reason.end <= text.size())
      out.value(text.substr(reason.begin, reason.end - reason.begin));
  out.end_array();
}

void write_score(JsonWriter& out, std::string_view id, std::string_view text, const Verdict& verdict,
                 WithEvidence evidence, std::span<const std::string> own_names) {
  const auto number = [&](std::string_view key, double value) { out.key(key).rounded(value, 4); };
  const auto& sentiment = verdict.sentiment;
  out.begin_object();
  out.field("id", id);
  out.field("label", to_string(sentiment.polarity));
  number("score", sentiment.score);
  out.key("probabilities").begin_object();
  number("negative", sentiment.negative);
  number("neutral", sentiment.neutral);
  number("positive", sentiment.positive);
  out.end_object();
  out.key("issues").begin_array();
  for (const auto& issue : verdict.issues) {
    out.begin_object().field("type", issue_name(issue.type, own_names));
    number("score", issue.score);
    out.end_object();
  }
  out.end_array();
  out.key("intents").begin_array();
  for (const auto& intent : verdict.intents) out.value(to_string(intent.intent));
  out.end_array();
  out.field("emotion", to_string(verdict.emotion));
  out.field("lang", verdict.lang);
  out.field("question", verdict.question);
  out.field("complaint", verdict.complaint);
  write_urgency(out, text, verdict);
  if (evidence == WithEvidence::yes) {
    out.key("evidence").begin_array();
    for (const auto& reason : verdict.evidence) {
      out.begin_object();
      out.key("span")
          .begin_array()
          .value(static_cast<std::int64_t>(reason.span.begin))
          .value(static_cast<std::int64_t>(reason.span.end))
          .end_array();
      out.field("term", reason.term).field("rule", reason.rule);
      number("weight", reason.weight);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

}  // namespace earshot::analysis
