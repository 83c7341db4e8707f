#pragma once
#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/ids.hpp"

namespace earshot {

/// `unscored` is said aloud when a language has no lexicon; it is never the same as neutral.
enum class Polarity : std::int8_t { negative = -1, neutral = 0, positive = 1, unscored = 2 };

/// The fixed issue types; a company's own follow from `own_issue_first`.
enum class IssueType : std::uint8_t {
  outage,
  bug,
  performance,
  usability,
  feature_request,
  product_quality,
  damaged_item,
  lost_item,
  delivery,
  delay,
  cancellation,
  booking_order,
  billing,
  refund,
  price,
  account,
  security,
  privacy,
  customer_service,
  staff_behaviour,
  availability,
  expectation_gap,
  safety,
  how_to,
  praise,
  other,
};
inline constexpr std::size_t issue_type_count = 26;
inline constexpr std::uint8_t own_issue_first = 32;

enum class Intent : std::uint8_t {
  question,
  complaint,
  praise,
  request,
  suggestion,
  purchase_intent,
  churn_threat,
  recommendation,
  thanks,
  spam,
};
inline constexpr std::size_t intent_count = 10;

enum class Emotion : std::uint8_t {
  none,
  joy,
  anger,
  sadness,
  fear,
  surprise,
  disgust,
  frustration,
  gratitude
};

/// Byte range [begin, end) in the text that was analysed.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

/// One reason for a verdict: which words, which entry or rule, and what it weighed.
struct Evidence {
  Span span = {};
  std::string term = {};  ///< the lexicon entry or rule that fired
  std::string rule = {};  ///< "sentiment", "issue:billing", "intent:question", "negation", "brand",
                          ///< "product", "urgency", "severity", …
  double weight = 0;      ///< signed for sentiment (positive is good), else strength
  bool operator==(const Evidence&) const = default;
};

struct Sentiment {
  Polarity polarity = Polarity::unscored;
  float score = 0;     ///< −1 … 1
  float negative = 0;  ///< probabilities; sum 1 when scored, all 0 when unscored
  float neutral = 0;
  float positive = 0;
  bool operator==(const Sentiment&) const = default;
};

struct ScoredIssue {
  IssueType type = IssueType::other;
  float score = 0;  ///< 0 … 1, best first in a list
  bool operator==(const ScoredIssue&) const = default;
};

struct ScoredIntent {
  Intent intent = Intent::question;
  float score = 0;
  bool operator==(const ScoredIntent&) const = default;
};

/// Short lists that live inside the verdict: judging a post asks for no memory.
inline constexpr std::size_t issues_max = 4;
using IssueList = boost::container::static_vector<ScoredIssue, issues_max>;
using IntentList = boost::container::static_vector<ScoredIntent, intent_count>;
inline constexpr std::size_t reasons_max = 3;
using ReasonList = boost::container::static_vector<Span, reasons_max>;

/// What a mention says of one of the brand's products.
struct ProductVerdict {
  std::string product = {};  ///< its name in `Brand::products`
  Sentiment sentiment = {};
  std::vector<Evidence> evidence = {};  ///< only when asked for
  bool operator==(const ProductVerdict&) const = default;
};

/// What we think of one mention with regard to one brand. Same text, same lexicon version, same verdict.
struct Verdict {
  Sentiment sentiment = {};
  IssueList issues = {};    ///< best first
  IntentList intents = {};  ///< best first
  Emotion emotion = Emotion::none;
  std::string lang = {};  ///< "und" when unknown
  bool question = false;
  bool complaint = false;
  float urgency = 0;        ///< 0 … 1: how soon somebody must act, as written
  float severity = 0;       ///< 0 … 1: how bad the matter is for its writer
  ReasonList reasons = {};  ///< where the text says why, or since when; never stored
  std::uint32_t lexicon_version = 0;
  std::vector<ProductVerdict> products = {};  ///< those that the mention names, in the brand's order
  std::vector<Evidence> evidence = {};        ///< only when asked for

  bool operator==(const Verdict&) const = default;
};

/// Why a mention belongs to a brand.
enum class MatchKind : std::uint8_t {
  query,   ///< its query or aliases match the text
  handle,  ///< one of its handles is addressed
  own,     ///< written by one of its own accounts
  source,  ///< the source is declared to be about it
};

struct BrandVerdict {
  BrandId brand = {};
  MatchKind match = MatchKind::query;
  Verdict verdict = {};
  bool operator==(const BrandVerdict&) const = default;
};

}  // namespace earshot
