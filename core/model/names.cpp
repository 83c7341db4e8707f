#include "core/model/names.hpp"

#include <array>
#include <iterator>

namespace earshot {
namespace {

constexpr std::string_view kinds[] = {"post", "comment", "review", "article", "ticket", "survey", "message"};
constexpr std::string_view issues[] = {"outage",
                                       "bug",
                                       "performance",
                                       "usability",
                                       "feature_request",
                                       "product_quality",
                                       "damaged_item",
                                       "lost_item",
                                       "delivery",
                                       "delay",
                                       "cancellation",
                                       "booking_order",
                                       "billing",
                                       "refund",
                                       "price",
                                       "account",
                                       "security",
                                       "privacy",
                                       "customer_service",
                                       "staff_behaviour",
                                       "availability",
                                       "expectation_gap",
                                       "safety",
                                       "how_to",
                                       "praise",
                                       "other"};
static_assert(std::size(issues) == issue_type_count);
constexpr std::string_view intents[] = {
    "question",        "complaint",    "praise",         "request", "suggestion",
    "purchase_intent", "churn_threat", "recommendation", "thanks",  "spam"};
static_assert(std::size(intents) == intent_count);
constexpr std::string_view emotions[] = {"none",     "joy",     "anger",       "sadness",  "fear",
                                         "surprise", "disgust", "frustration", "gratitude"};
constexpr std::string_view matches[] = {"query", "handle", "own", "source"};

template <typename Enum, std::size_t N>
std::optional<Enum> find(const std::string_view (&names)[N], std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(MentionKind value) { return kinds[static_cast<std::size_t>(value)]; }
std::string_view to_string(IssueType value) {
  const auto index = static_cast<std::size_t>(value);
  return index < issue_type_count ? issues[index] : std::string_view("other");
}
std::string_view to_string(Intent value) { return intents[static_cast<std::size_t>(value)]; }
std::string_view to_string(Emotion value) { return emotions[static_cast<std::size_t>(value)]; }
std::string_view to_string(MatchKind value) { return matches[static_cast<std::size_t>(value)]; }

std::string_view to_string(Polarity value) {
  switch (value) {
    case Polarity::negative: return "negative";
    case Polarity::neutral: return "neutral";
    case Polarity::positive: return "positive";
    case Polarity::unscored: return "unscored";
  }
  return "unscored";
}

std::optional<MentionKind> mention_kind_from(std::string_view name) { return find<MentionKind>(kinds, name); }
std::optional<IssueType> issue_type_from(std::string_view name) { return find<IssueType>(issues, name); }
std::optional<Intent> intent_from(std::string_view name) { return find<Intent>(intents, name); }
std::optional<MatchKind> match_kind_from(std::string_view name) { return find<MatchKind>(matches, name); }

std::optional<Polarity> polarity_from(std::string_view name) {
  for (const auto value : {Polarity::negative, Polarity::neutral, Polarity::positive, Polarity::unscored})
    if (to_string(value) == name) return value;
  return std::nullopt;
}

}  // namespace earshot
