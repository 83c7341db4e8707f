#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "insight/job.hpp"

/// Everything a report of one brand says, as plain data.
namespace earshot::insight {

inline constexpr const char* net_sentiment_formula =
    "net sentiment = (positive - negative) / (positive + neutral + negative)";

/// Counts of a stretch of time. Own posts and spam are counted apart, never among the mentions.
struct PeriodCounts {
  Timestamp from = {}, until = {};
  std::int64_t mentions = 0, positive = 0, neutral = 0, negative = 0, unscored = 0;
  std::int64_t questions = 0, complaints = 0, reach = 0, own = 0, spam = 0;
  std::int64_t authors = 0, negative_authors = 0;  ///< distinct
  std::int64_t gap_hours = 0;  ///< hours in which sources of weight were deaf: counts are too low

  std::int64_t scored() const { return positive + neutral + negative; }
  std::optional<double> net_sentiment() const;   ///< nothing when nothing was scored
  std::optional<double> negative_share() const;  ///< of the scored mentions
  std::optional<double> negative_author_share() const;
};

/// A value beside what is usual: median ± spread of the weeks before.
struct AgainstUsual {
  std::optional<double> value = {};
  double usual = 0, spread = 0;
  int weeks = 0;  ///< weeks behind "usual"; 0: nothing to compare with
  /// (value − usual) / spread, nothing without weeks.
  std::optional<double> z() const;
};

struct SourceSummary {
  SourceId id = {};
  std::string name = {};
  std::int64_t mentions = 0, negative = 0, own = 0, spam = 0, gap_hours = 0;
};

struct IssueSummary {
  std::uint8_t issue = 0;
  std::string name = {};
  std::int64_t mentions = 0, negative = 0;
  double share = 0;        ///< of the period's mentions; a mention may have several issues
  AgainstUsual week = {};  ///< mentions of the last seven days
};

struct ProductSummary {
  std::string product = {};
  std::int64_t mentions = 0, positive = 0, neutral = 0, negative = 0, unscored = 0;
  std::optional<double> net_sentiment = {};
};

struct VoiceShare {
  std::string brand = {};
  std::int64_t mentions = 0;
  double share = 0;
  std::optional<double> net_sentiment = {};
};

struct Summary {
  std::string brand = {};
  Timestamp since = {}, until = {};
  PeriodCounts total = {};
  std::vector<PeriodCounts> days = {}, weeks = {};  ///< UTC days; weeks begin on Monday; the ends may be cut
  PeriodCounts last_week = {};                      ///< the seven days before `until`
  AgainstUsual volume = {}, authors = {}, net_sentiment = {}, negative_author_share = {};
  int weeks_left_out = 0;                   ///< of the eight before: not heard well enough
  std::vector<SourceSummary> sources = {};  ///< most mentions first
  std::vector<store::GapRow> gaps = {};
  std::vector<IssueSummary> issues = {};      ///< most mentions first
  std::vector<ProductSummary> products = {};  ///< those that were named, most mentions first
  std::vector<store::LanguageCount> languages = {};
  std::vector<store::IncidentRow> incidents = {};  ///< without members; so are the ideas
  std::vector<store::IdeaRow> ideas = {};          ///< best ten
  std::vector<VoiceShare> share_of_voice = {};     ///< every brand, most mentions first
};

/// What `Summary::total` would be.
Result<PeriodCounts> count_period(const JobInput& input, Timestamp since, Timestamp until);

/// `invalid` when the period is empty or longer than two years.
Result<Summary> summarise(const JobInput& input, Timestamp since, Timestamp until);

}  // namespace earshot::insight
