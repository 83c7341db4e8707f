#include "analysis/text/topics.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/text/word_groups.hpp"
#include "core/base/hash.hpp"
#include "core/model/names.hpp"

namespace earshot::analysis {
namespace {

/// A type is said when its words sum to 0.6: one clear phrase, or two hints.
constexpr float issue_floor = 0.6f;
/// In a positive text a type must be said more clearly: praise mentions phones, sites and orders in passing.
constexpr float issue_floor_positive = 1.0f;
/// Types weaker than this share of the best are noise beside it.
constexpr float issue_share = 0.4f;
constexpr std::size_t issues_max = 4;
constexpr float intent_floor = 0.5f;
constexpr float emotion_floor = 0.8f;
/// A part of a longer phrase that has already spoken for the same type adds little.
constexpr float inside_phrase = 0.2f;

bool is_trouble_type(std::size_t type) {
  switch (static_cast<IssueType>(type)) {
    case IssueType::feature_request:
    case IssueType::how_to:
    case IssueType::praise:
    case IssueType::other: return false;
    default: return true;
  }
}

/// Words by which a question opens when nobody bothers with the mark. The verb forms need a subject right
/// behind.
constexpr std::array asking{
    std::string_view("who"),    std::string_view("what"),    std::string_view("whats"),
    std::string_view("what's"), std::string_view("when"),    std::string_view("where"),
    std::string_view("wheres"), std::string_view("where's"), std::string_view("why"),
    std::string_view("whys"),   std::string_view("which"),   std::string_view("whose"),
    std::string_view("how"),    std::string_view("hows"),    std::string_view("how's"),
    std::string_view("howz"),   std::string_view("who's"),   std::string_view("whos"),
    std::string_view("wat"),    std::string_view("wuts"),    std::string_view("wut")};
constexpr std::array helping{
    std::string_view("do"),     std::string_view("does"),  std::string_view("did"),
    std::string_view("is"),     std::string_view("are"),   std::string_view("am"),
    std::string_view("was"),    std::string_view("were"),  std::string_view("can"),
    std::string_view("could"),  std::string_view("will"),  std::string_view("would"),
    std::string_view("should"), std::string_view("has"),   std::string_view("have"),
    std::string_view("had"),    std::string_view("may"),   std::string_view("isn't"),
    std::string_view("aren't"), std::string_view("don't"), std::string_view("doesn't"),
    std::string_view("didn't"), std::string_view("can't"), std::string_view("won't"),
    std::string_view("wanna"),  std::string_view("any"),   std::string_view("anyone"),
    std::string_view("anybody")};
constexpr std::array subjects{
    std::string_view("i"),      std::string_view("you"),     std::string_view("u"),
    std::string_view("ya"),     std::string_view("he"),      std::string_view("she"),
    std::string_view("it"),     std::string_view("we"),      std::string_view("they"),
    std::string_view("this"),   std::string_view("that"),    std::string_view("there"),
    std::string_view("the"),    std::string_view("your"),    std::string_view("my"),
    std::string_view("anyone"), std::string_view("anybody"), std::string_view("someone"),
    std::string_view("these"),  std::string_view("any"),     std::string_view("from"),
    std::string_view("want"),   std::string_view("here"),    std::string_view("know"),
    std::string_view("got"),    std::string_view("else")};

/// A wh-word that opens a subordinate clause or an exclamation asks nothing: "when I was", "what a day".
bool states_anyway(std::string_view asker, std::string_view next) {
  static constexpr std::string_view after_what[] = {"a", "an", "ever", "the"};
  static constexpr std::string_view people[] = {"i",  "you",  "u",   "he", "she",  "it",
                                                "we", "they", "the", "my", "your", "this"};
  if (asker == "what" || asker == "how") {
    if (asker == "what" && std::ranges::find(after_what, next) != std::end(after_what)) return next != "the";
    return false;
  }
  return asker == "when" && std::ranges::find(people, next) != std::end(people);
}

bool opens_question(const Reading& reading, const std::vector<Token>& tokens, std::size_t at) {
  const auto name = [&](std::size_t i) {
    return i < reading.units.size() ? unit_name(reading.units[i], tokens) : std::string_view();
  };
  const auto first = name(at);
  const bool more = at + 1 < reading.units.size() && reading.units[at + 1].clause == reading.units[at].clause;
  const auto second = more ? name(at + 1) : std::string_view();
  if (std::ranges::find(asking, first) != asking.end()) return !states_anyway(first, second);
  return more && std::ranges::find(helping, first) != helping.end() &&
         std::ranges::find(subjects, second) != subjects.end();
}

void judge_intents(const TopicSums& sums, Verdict& verdict) {
  auto totals = sums.intents;
  const auto at = [&](Intent intent) -> float& { return totals[static_cast<std::size_t>(intent)]; };
  if (verdict.question) at(Intent::question) += 1;
  if (verdict.complaint)
    at(Intent::complaint) += 1;
  else
    at(Intent::complaint) *= 0.4f;
  const auto& s = verdict.sentiment;
  if (s.polarity == Polarity::positive)
    at(Intent::praise) += verdict.question ? 0.4f * s.positive : s.positive;
  else if (s.polarity == Polarity::negative)
    at(Intent::praise) = 0;
  for (std::size_t i = 0; i < intent_count; ++i)
    if (totals[i] >= intent_floor)
      verdict.intents.push_back({.intent = static_cast<Intent>(i), .score = topic_score(totals[i])});
  std::ranges::stable_sort(verdict.intents, std::ranges::greater{}, &ScoredIntent::score);
}

void judge_emotion(const TopicSums& sums, Verdict& verdict) {
  auto totals = sums.emotions;
  const auto joy = static_cast<std::size_t>(Emotion::joy),
             thanks = static_cast<std::size_t>(Emotion::gratitude);
  if (verdict.sentiment.polarity == Polarity::negative) totals[joy] = totals[thanks] = 0;
  if (verdict.sentiment.polarity == Polarity::positive)
    for (std::size_t i = 1; i < emotion_count; ++i)
      if (i != joy && i != thanks && i != static_cast<std::size_t>(Emotion::surprise)) totals[i] *= 0.3f;
  const auto best = static_cast<std::size_t>(std::ranges::max_element(totals) - totals.begin());
  verdict.emotion = totals[best] >= emotion_floor ? static_cast<Emotion>(best) : Emotion::none;
}

/// The words of a text that belong to groups, and what rules make of two of them. More than fit are not
/// looked at.
class GroupHits {
 public:
  void add(const Hit& hit, std::uint16_t sentence, WordGroup group) {
    if (count_ == hits_.size() || (hit.negated && negation_silences(group))) return;
    hits_[count_++] = {.begin = hit.unit, .end = hit.unit + hit.words, .sentence = sentence, .group = group};
  }

  /// Calls said(rule, first unit, behind the last unit) for each rule that holds, once per rule.
  template <typename Said>
  void apply(const Said& said) const {
    std::uint32_t seen = 0;
    static_assert(group_rules.size() <= 32);
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t k = i + 1; k < count_ && hits_[k].sentence == hits_[i].sentence; ++k)
        for (std::size_t r = 0; r < group_rules.size(); ++r) {
          const auto& rule = group_rules[r];
          const bool forth = hits_[i].group == rule.first && hits_[k].group == rule.second;
          const bool back = !rule.ordered && hits_[i].group == rule.second && hits_[k].group == rule.first;
          if ((!forth && !back) || (seen >> r & 1) || hits_[k].begin < hits_[i].end ||
              hits_[k].begin - hits_[i].end >= rule.reach)
            continue;
          seen |= 1u << r;
          said(rule, hits_[i].begin, hits_[k].end);
        }
  }

 private:
  struct Place {
    std::uint32_t begin = 0, end = 0;
    std::uint16_t sentence = 0;
    WordGroup group = {};
  };
  std::array<Place, 48> hits_;
  std::size_t count_ = 0;
};

}  // namespace

float topic_score(float sum) { return sum <= 0 ? 0.0f : 1 - std::exp(-sum); }

TopicSums sum_topics(const Reading& reading, const std::vector<Token>& tokens, const Lexicon& lexicon,
                     std::vector<Evidence>* evidence) {
  TopicSums sums;
  std::array<std::uint32_t, issue_type_count> spoken{};
  GroupHits groups;
  for (const auto& hit : reading.hits) {
    for (const auto& facet : lexicon.facets(*hit.entry)) {
      auto weight = facet.weight;
      if (hit.negated && hit.entry->valence != 0 && facet.facet != Facet::question)
        continue;  // "no delay", "not happy"
      std::string rule;
      switch (facet.facet) {
        case Facet::issue: {
          auto& until = spoken[facet.id];
          if (hit.unit < until) weight *= inside_phrase;
          until = std::max(until, hit.unit + hit.words);
          sums.issues[facet.id] += weight;
          if (evidence) rule = "issue:" + std::string(to_string(static_cast<IssueType>(facet.id)));
          break;
        }
        case Facet::intent:
          sums.intents[facet.id] += weight;
          if (evidence) rule = "intent:" + std::string(to_string(static_cast<Intent>(facet.id)));
          break;
        case Facet::emotion:
          sums.emotions[facet.id] += weight;
          if (evidence) rule = "emotion:" + std::string(to_string(static_cast<Emotion>(facet.id)));
          break;
        case Facet::group:
          groups.add(hit, reading.units[hit.unit].sentence, static_cast<WordGroup>(facet.id));
          continue;
        default: sums.question += weight; rule = "question";
      }
      if (!evidence) continue;
      const Span span{.begin = tokens[reading.units[hit.unit].token].span.begin,
                      .end = tokens[reading.units[hit.unit + hit.words - 1u].token].span.end};
      evidence->push_back({.span = span,
                           .term = std::string(lexicon.term(*hit.entry)),
                           .rule = std::move(rule),
                           .weight = weight});
    }
  }
  groups.apply([&](const GroupRule& rule, std::uint32_t begin, std::uint32_t end) {
    const auto type = static_cast<std::size_t>(rule.type);
    sums.issues[type] += rule.weight;
    if (!evidence) return;
    const Span span{.begin = tokens[reading.units[begin].token].span.begin,
                    .end = tokens[reading.units[end - 1].token].span.end};
    evidence->push_back(
        {.span = span,
         .term = std::string(to_string(rule.first)) + " … " + std::string(to_string(rule.second)),
         .rule = "issue:" + std::string(to_string(rule.type)),
         .weight = rule.weight});
  });
  return sums;
}

bool is_question(const Reading& reading, const std::vector<Token>& tokens, const TopicSums& sums) {
  for (const auto& clause : reading.clauses)
    if (clause.ends == ClauseEnd::question) return true;
  if (sums.question >= 0.9f) return true;
  // A sentence's first words, past handles and links and one word of address ("so", "and", "hey").
  for (std::size_t i = 0; i < reading.clauses.size(); ++i) {
    const auto& clause = reading.clauses[i];
    if (i > 0 && reading.clauses[i - 1].sentence == clause.sentence &&
        reading.clauses[i - 1].end - reading.clauses[i - 1].begin > 2)
      continue;
    auto at = clause.begin;
    while (at < clause.end && reading.units[at].placeholder) ++at;
    if (at < clause.end && opens_question(reading, tokens, at)) return true;
    static constexpr std::string_view lead_in[] = {"so",   "and", "but", "hey", "hi",     "hello", "ok",
                                                   "well", "um",  "lol", "oh",  "please", "wait",  "yo"};
    if (at + 1 < clause.end &&
        std::ranges::find(lead_in, unit_name(reading.units[at], tokens)) != std::end(lead_in) &&
        opens_question(reading, tokens, at + 1))
      return true;
  }
  return false;
}

void judge_topics(const Reading& reading, const std::vector<Token>& tokens, const TopicSums& sums,
                  const std::vector<ScoredIssue>& own, Verdict& verdict) {
  const auto& sentiment = verdict.sentiment;
  verdict.question = is_question(reading, tokens, sums);

  float trouble = 0, best = 0;
  auto issues = sums.issues;
  auto& praise = issues[static_cast<std::size_t>(IssueType::praise)];
  if (sentiment.polarity == Polarity::negative) praise = 0;
  auto& how_to = issues[static_cast<std::size_t>(IssueType::how_to)];
  if (!verdict.question) how_to *= 0.5f;
  for (std::size_t i = 0; i < issue_type_count; ++i) {
    if (is_trouble_type(i)) trouble = std::max(trouble, issues[i]);
    best = std::max(best, issues[i]);
  }
  const auto complaining = sums.intents[static_cast<std::size_t>(Intent::complaint)];
  const auto thanking = sums.intents[static_cast<std::size_t>(Intent::thanks)];
  verdict.complaint =
      sentiment.polarity != Polarity::positive &&
      ((sentiment.polarity == Polarity::negative && (trouble >= 0.5f || complaining >= 0.9f)) ||
       (complaining >= 0.9f && trouble >= 0.9f && thanking < 1 && sentiment.negative > 0.25f));

  const bool positive = sentiment.polarity == Polarity::positive;
  for (std::size_t i = 0; i < issue_type_count; ++i)
    if (issues[i] >= (positive && is_trouble_type(i) ? issue_floor_positive : issue_floor) &&
        issues[i] >= issue_share * best)
      verdict.issues.push_back({.type = static_cast<IssueType>(i), .score = topic_score(issues[i])});
  for (const auto& issue : own) verdict.issues.push_back(issue);
  std::ranges::stable_sort(verdict.issues, std::ranges::greater{}, &ScoredIssue::score);
  if (verdict.issues.size() > issues_max) verdict.issues.resize(issues_max);
  // It is about something and none of the types says what.
  if (verdict.issues.empty() && reading.units.size() >= 3 &&
      sums.intents[static_cast<std::size_t>(Intent::spam)] < intent_floor)
    verdict.issues.push_back({.type = IssueType::other, .score = 0.3f});
  judge_intents(sums, verdict);
  judge_emotion(sums, verdict);
}

}  // namespace earshot::analysis
