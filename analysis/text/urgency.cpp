#include "analysis/text/urgency.hpp"

#include <algorithm>
#include <string>

#include "core/model/names.hpp"

namespace earshot::analysis {
namespace {

/// What an issue type of probability 1 adds to severity: what the writer stands to lose (health, safety,
/// money, belongings, then time, then ease). Ours; ranks, not measurements. By IssueType.
constexpr std::array<float, issue_type_count> issue_severity{
    0.7f,   // outage
    0.4f,   // bug
    0.35f,  // performance
    0.15f,  // usability
    0.05f,  // feature_request
    0.5f,   // product_quality
    0.6f,   // damaged_item
    0.9f,   // lost_item
    0.5f,   // delivery
    0.45f,  // delay
    0.5f,   // cancellation
    0.45f,  // booking_order
    0.7f,   // billing
    0.6f,   // refund
    0.3f,   // price
    0.6f,   // account
    1.5f,   // security
    1.2f,   // privacy
    0.4f,   // customer_service
    0.5f,   // staff_behaviour
    0.3f,   // availability
    0.45f,  // expectation_gap
    1.8f,   // safety
    0.05f,  // how_to
    0,      // praise
    0.2f,   // other
};
static_assert(static_cast<std::size_t>(IssueType::other) == issue_type_count - 1);
/// A company's own issue types: it did not say how bad they are.
constexpr float own_issue_severity = 0.5f;
/// A customer about to leave (ours).
constexpr float churn_severity = 0.4f;
/// What negative words add beyond an even chance, at most (ours).
constexpr float dislike_severity = 0.4f;
/// A neutral text that only asks about trouble is about a third as bad as one that complains of it (ours).
constexpr float asking_share = 0.35f;
/// Plain talk ("off to the cinema tonight") is pressing only where one word or phrase is this strong.
constexpr float plain_urgency_floor = 0.9f;

constexpr float emotion_severity(Emotion emotion) {
  switch (emotion) {
    case Emotion::anger:
    case Emotion::fear: return 0.4f;
    case Emotion::sadness:
    case Emotion::disgust: return 0.3f;
    case Emotion::frustration: return 0.25f;
    default: return 0;
  }
}

bool has(const Verdict& verdict, Intent intent) {
  return std::ranges::find(verdict.intents, intent, &ScoredIntent::intent) != verdict.intents.end();
}

float weight_of(const ScoredIssue& issue) {
  const auto id = static_cast<std::size_t>(issue.type);
  return issue.score * (id < issue_type_count ? issue_severity[id] : own_issue_severity);
}

/// The issue that is worst for the writer, which need not be the likeliest.
const ScoredIssue* worst_issue(const Verdict& verdict) {
  const auto worst = std::ranges::max_element(verdict.issues, {}, weight_of);
  return worst == verdict.issues.end() ? nullptr : &*worst;
}

float dislike(const Verdict& verdict) {
  return std::max(0.0f, verdict.sentiment.negative - 0.5f) * 2 * dislike_severity;
}

/// Whether the writer is in trouble, only asks for something, or neither.
enum class Stance : std::uint8_t { plain, asking, troubled };

Stance stance_of(const Verdict& verdict) {
  if (has(verdict, Intent::spam)) return Stance::plain;
  if (verdict.complaint || verdict.sentiment.polarity == Polarity::negative) return Stance::troubled;
  if (verdict.question || has(verdict, Intent::request)) return Stance::asking;
  return has(verdict, Intent::churn_threat) && verdict.sentiment.polarity != Polarity::positive
             ? Stance::troubled
             : Stance::plain;
}

float saturated(float sum) { return sum > 0 ? sum / (1 + sum) : 0; }

}  // namespace

void judge_urgency(const Sums& sums, Verdict& verdict) {
  verdict.urgency = verdict.severity = 0;
  const auto stance = stance_of(verdict);
  const auto* const worst = worst_issue(verdict);
  const auto harm = worst ? weight_of(*worst) : 0;
  const bool pressing = verdict.sentiment.polarity != Polarity::positive &&
                        sums.pressing >= plain_urgency_floor && harm > 0 && !has(verdict, Intent::spam);
  if (stance == Stance::plain && !pressing) return;
  verdict.urgency = saturated(sums.urgency);
  auto severity = sums.severity + harm + dislike(verdict) + emotion_severity(verdict.emotion);
  if (has(verdict, Intent::churn_threat)) severity += churn_severity;
  verdict.severity = saturated(stance == Stance::troubled ? severity : severity * asking_share);
}

void explain_urgency(const Reading& reading, Tokens tokens, const Lexicon& lexicon, const Verdict& verdict,
                     std::vector<Evidence>& out) {
  if (verdict.urgency == 0 && verdict.severity == 0) return;
  const auto share = stance_of(verdict) == Stance::troubled ? 1.0f : asking_share;
  UrgencyWords words;
  for (const auto& hit : reading.hits)
    for (const auto& facet : lexicon.facets(*hit.entry)) {
      const bool urgent = facet.facet == Facet::urgency;
      if (!urgent && facet.facet != Facet::severity) continue;
      const auto weight = static_cast<float>(facet.weight) * hundredth;
      const auto counts = urgent ? words.urgency(hit, weight) : words.severity(hit, weight) * share;
      if (counts == 0) continue;
      out.push_back({.span = {.begin = tokens[reading.units[hit.unit].token].span.begin,
                              .end = tokens[reading.units[hit.unit + hit.words - 1u].token].span.end},
                     .term = std::string(lexicon.term(*hit.entry)),
                     .rule = urgent ? "urgency" : "severity",
                     .weight = counts});
    }
  // What was found out about the whole text has no words of its own.
  const Span whole = reading.units.empty() ? Span{}
                                           : Span{.begin = tokens[reading.units[0].token].span.begin,
                                                  .end = tokens[reading.units.back().token].span.end};
  const auto found = [&](std::string term, float weight) {
    if (weight > 0)
      out.push_back({.span = whole, .term = std::move(term), .rule = "severity", .weight = weight * share});
  };
  if (const auto* const worst = worst_issue(verdict)) {
    const bool own = static_cast<std::uint8_t>(worst->type) >= own_issue_first;
    found(own ? "issue:own" : "issue:" + std::string(to_string(worst->type)), weight_of(*worst));
  }
  found("negative", dislike(verdict));
  found("emotion:" + std::string(to_string(verdict.emotion)), emotion_severity(verdict.emotion));
  if (has(verdict, Intent::churn_threat)) found("intent:churn_threat", churn_severity);
}

}  // namespace earshot::analysis
