#include "analysis/text/brand_polarity.hpp"

#include <algorithm>

#include "analysis/text/rules.hpp"

namespace earshot::analysis {
namespace {

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

class Attributor {
 public:
  Attributor(const Reading& reading, Tokens tokens, std::span<const Match> matches, RuleSet rules,
             Attribution& out)
      : reading_(reading), tokens_(tokens), matches_(matches), rules_(rules), out_(out) {}

  void run() {
    out_.clauses = reading_.clauses.size();
    out_.mask.assign(out_.clauses * matches_.size(), 0);
    out_.compared.assign(out_.clauses * matches_.size(), 0);
    out_.adjust.assign(matches_.size(), {});
    name_units();
    if (rules_.has(Rule::attribution))
      spread();
    else
      std::ranges::fill(out_.mask, std::uint8_t{1});
    if (rules_.has(Rule::comparison))
      for (const auto& clause : reading_.clauses) compare(clause);
    settle();
  }

 private:
  void name_units();
  void spread();
  void compare(const Clause& clause);
  void better(const Clause& clause, std::uint32_t at, int sign);
  void leave(const Clause& clause, std::uint32_t at);
  void settle();

  std::string_view word(std::uint32_t at) const { return unit_name(reading_.units[at], tokens_); }
  int brand_at(std::uint32_t at) const { return out_.unit_brand[at]; }
  /// The first brand in [begin, end), or −1.
  int first_brand(std::uint32_t begin, std::uint32_t end) const {
    for (auto at = begin; at < end && at < reading_.units.size(); ++at)
      if (brand_at(at) >= 0) return brand_at(at);
    return -1;
  }
  int last_brand(std::uint32_t begin, std::uint32_t end) const {
    for (auto at = end; at-- > begin;)
      if (brand_at(at) >= 0) return brand_at(at);
    return -1;
  }
  std::size_t clause_index(const Clause& clause) const {
    return static_cast<std::size_t>(&clause - reading_.clauses.data());
  }
  void decide(const Clause& clause, int brand, int sign) {
    if (brand >= 0)
      out_.compared[static_cast<std::size_t>(brand) * out_.clauses + clause_index(clause)] =
          static_cast<std::int8_t>(sign);
  }
  const Reading& reading_;
  Tokens tokens_;
  std::span<const Match> matches_;
  RuleSet rules_;
  Attribution& out_;
};

void Attributor::name_units() {
  out_.unit_brand.assign(reading_.units.size(), -1);
  for (std::size_t brand = 0; brand < matches_.size() && brand < 0x7FFF; ++brand) {
    for (const auto& span : matches_[brand].spans) {
      auto at = std::ranges::lower_bound(reading_.units, span.begin, {},
                                         [&](const Unit& unit) { return tokens_[unit.token].span.end - 1; });
      for (; at != reading_.units.end() && tokens_[at->token].span.begin < span.end; ++at)
        out_.unit_brand[static_cast<std::size_t>(at - reading_.units.begin())] =
            static_cast<std::int16_t>(brand);
    }
  }
}

void Attributor::spread() {
  const auto brands = matches_.size();
  const auto put = [&](std::size_t brand, std::size_t clause) {
    out_.mask[brand * out_.clauses + clause] = 1;
  };
  for (std::size_t begin = 0, end = 0; begin < out_.clauses; begin = end) {
    const auto sentence = reading_.clauses[begin].sentence;
    int first = -1;
    for (end = begin; end < out_.clauses && reading_.clauses[end].sentence == sentence; ++end)
      if (first < 0) first = first_brand(reading_.clauses[end].begin, reading_.clauses[end].end);
    int current = first;
    for (auto i = begin; i < end; ++i) {
      const auto& clause = reading_.clauses[i];
      bool named = false;
      for (auto at = clause.begin; at < clause.end; ++at) {
        if (brand_at(at) < 0) continue;
        named = true;
        current = brand_at(at);
        put(static_cast<std::size_t>(current), i);
      }
      if (named) continue;
      if (current >= 0)
        put(static_cast<std::size_t>(current), i);
      else
        for (std::size_t brand = 0; brand < brands; ++brand) put(brand, i);
    }
  }
}

/// "A is better than B": `at` is the comparative.
void Attributor::better(const Clause& clause, std::uint32_t at, int sign) {
  auto than = at + 1;
  while (than < clause.end && than <= at + 5 && word(than) != "than") ++than;
  if (than >= clause.end || word(than) != "than") return;
  const auto behind = first_brand(than + 1, std::min(clause.end, than + 6));
  const auto before = last_brand(clause.begin, at);
  if (behind < 0 && before < 0) return;
  // "nothing is better than B" praises B.
  if (reading_.units[at].negated) {
    decide(clause, behind, sign);
    decide(clause, before, -sign);
    return;
  }
  decide(clause, behind, -sign);
  decide(clause, before, sign);
}

/// "left A for B", "switched from A to B": `at` is the verb.
void Attributor::leave(const Clause& clause, std::uint32_t at) {
  static constexpr std::string_view toward[] = {"for", "to"};
  static constexpr std::string_view things[] = {"my", "the", "a", "an", "at", "in", "on", "me", "him", "her"};
  if (at + 1 < clause.end && is_one_of(word(at + 1), things)) return;  // "left my bag at A"
  const bool to_first = at + 1 < clause.end && word(at + 1) == "to";   // "switched to B"
  auto target = at + 1;
  if (!to_first)
    while (target < clause.end && !is_one_of(word(target), toward)) ++target;
  const auto loser = to_first ? -1 : first_brand(at + 1, std::min(target, at + 5));
  const auto winner = target < clause.end ? first_brand(target + 1, std::min(clause.end, target + 5)) : -1;
  if (loser < 0 && winner < 0) return;
  decide(clause, loser, reading_.units[at].negated ? 1 : -1);
  if (winner != loser) decide(clause, winner, reading_.units[at].negated ? -1 : 1);
  if (to_first && winner >= 0) {  // "switched to B from A"
    for (auto from = at + 2; from < clause.end; ++from)
      if (word(from) == "from") decide(clause, first_brand(from + 1, clause.end), -1);
  }
}

void Attributor::compare(const Clause& clause) {
  static constexpr std::string_view preferring[] = {"prefer", "preferred", "prefers", "choose",
                                                    "chose",  "pick",      "picked"};
  static constexpr std::string_view beating[] = {"beats",  "beat",     "outperforms",
                                                 "trumps", "destroys", "smokes"};
  static constexpr std::string_view over[] = {"over", "to", "instead", "than"};
  static constexpr std::string_view moving[] = {"switch", "switched", "switching", "moved", "moving",
                                                "move",   "changed",  "changing",  "went",  "going"};
  for (auto at = clause.begin; at < clause.end; ++at) {
    const auto* entry = reading_.units[at].entry;
    const auto here = word(at);
    if (entry && entry->comparative != 0) better(clause, at, entry->comparative);
    if ((entry && entry->leaving) || is_one_of(here, moving)) leave(clause, at);
    if (is_one_of(here, preferring)) {
      auto than = at + 1;
      while (than < clause.end && !is_one_of(word(than), over)) ++than;
      decide(clause, first_brand(at + 1, than), reading_.units[at].negated ? -1 : 1);
      if (than < clause.end) decide(clause, first_brand(than + 1, clause.end), -1);
    }
    if (is_one_of(here, beating)) {
      const auto winner = last_brand(clause.begin, at), loser = first_brand(at + 1, clause.end);
      if (winner < 0 || loser < 0) continue;
      decide(clause, winner, 1);
      decide(clause, loser, -1);
    }
  }
}

/// A decided clause speaks by its decision, not by its words: "better" praised only one of the two.
void Attributor::settle() {
  for (std::size_t brand = 0; brand < matches_.size(); ++brand) {
    int sum = 0;
    for (std::size_t i = 0; i < out_.clauses; ++i) {
      const auto sign = out_.compared[brand * out_.clauses + i];
      if (sign == 0) continue;
      sum += sign;
      out_.mask[brand * out_.clauses + i] = 0;
    }
    if (sum > 0) out_.adjust[brand][2] += rules::comparison_logit;
    if (sum < 0) out_.adjust[brand][0] += rules::comparison_logit;
  }
}

}  // namespace

void attribute(const Reading& reading, Tokens tokens, std::span<const Match> matches, RuleSet rules,
               Attribution& out) {
  Attributor(reading, tokens, matches, rules, out).run();
}

}  // namespace earshot::analysis
