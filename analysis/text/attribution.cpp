#include "analysis/text/attribution.hpp"

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
    out_.brand_target.clear();
    std::size_t targets = 0;
    for (const auto& match : matches_) {
      out_.brand_target.push_back(targets);
      targets += 1 + match.products.size();
    }
    out_.clauses = reading_.clauses.size();
    out_.mask.assign(out_.clauses * targets, 0);
    out_.compared.assign(out_.clauses * targets, 0);
    out_.adjust.assign(targets, {});
    out_.apart = false;
    name_units();
    if (!out_.apart) {  // all is about all: there is nothing to tell apart or to compare
      std::ranges::fill(out_.mask, std::uint8_t{1});
      return;
    }
    if (rules_.has(Rule::attribution))
      spread();
    else
      std::ranges::fill(out_.mask, std::uint8_t{1});
    if (rules_.has(Rule::comparison))
      for (const auto& clause : reading_.clauses) compare(clause);
    for (std::size_t i = 0; i < matches_.size(); ++i)
      gather(out_.brand_target[i], out_.brand_target[i] + matches_[i].products.size());
    settle();
  }

 private:
  void name_units();
  void name(std::size_t target, const std::vector<Span>& spans);
  void spread();
  void compare(const Clause& clause);
  void better(const Clause& clause, std::uint32_t at, int sign);
  void leave(const Clause& clause, std::uint32_t at);
  void gather(std::size_t brand, std::size_t last_product);
  void settle();

  std::string_view word(std::uint32_t at) const { return unit_name(reading_.units[at], tokens_); }
  int target_at(std::uint32_t at) const { return out_.unit_target[at]; }
  /// The first target in [begin, end), or −1.
  int first_target(std::uint32_t begin, std::uint32_t end) const {
    for (auto at = begin; at < end && at < reading_.units.size(); ++at)
      if (target_at(at) >= 0) return target_at(at);
    return -1;
  }
  int last_target(std::uint32_t begin, std::uint32_t end) const {
    for (auto at = end; at-- > begin;)
      if (target_at(at) >= 0) return target_at(at);
    return -1;
  }
  bool is_product(int target) const {
    return target >= 0 && !std::ranges::binary_search(out_.brand_target, static_cast<std::size_t>(target));
  }
  std::size_t clause_index(const Clause& clause) const {
    return static_cast<std::size_t>(&clause - reading_.clauses.data());
  }
  void decide(const Clause& clause, int target, int sign) {
    if (target >= 0)
      out_.compared[static_cast<std::size_t>(target) * out_.clauses + clause_index(clause)] =
          static_cast<std::int8_t>(sign);
  }
  const Reading& reading_;
  Tokens tokens_;
  std::span<const Match> matches_;
  RuleSet rules_;
  Attribution& out_;
};

/// A product stands inside its brand's name or beside it, so it is named after its brand.
void Attributor::name_units() {
  out_.unit_target.assign(reading_.units.size(), -1);
  for (std::size_t i = 0; i < matches_.size(); ++i) {
    auto target = out_.brand_target[i];
    name(target, matches_[i].spans);
    for (const auto& product : matches_[i].products) name(++target, product.spans);
  }
}

void Attributor::name(std::size_t target, const std::vector<Span>& spans) {
  if (target >= 0x7FFF) return;
  for (const auto& span : spans) {
    auto at = std::ranges::lower_bound(reading_.units, span.begin, {},
                                       [&](const Unit& unit) { return tokens_[unit.token].span.end - 1; });
    for (; at != reading_.units.end() && tokens_[at->token].span.begin < span.end; ++at) {
      out_.apart = true;
      out_.unit_target[static_cast<std::size_t>(at - reading_.units.begin())] =
          static_cast<std::int16_t>(target);
    }
  }
}

void Attributor::spread() {
  const auto targets = out_.adjust.size();
  const auto put = [&](std::size_t target, std::size_t clause) {
    out_.mask[target * out_.clauses + clause] = 1;
  };
  for (std::size_t begin = 0, end = 0; begin < out_.clauses; begin = end) {
    const auto sentence = reading_.clauses[begin].sentence;
    int first = -1;
    for (end = begin; end < out_.clauses && reading_.clauses[end].sentence == sentence; ++end)
      if (first < 0) first = first_target(reading_.clauses[end].begin, reading_.clauses[end].end);
    int current = first;
    for (auto i = begin; i < end; ++i) {
      const auto& clause = reading_.clauses[i];
      bool named = false;
      for (auto at = clause.begin; at < clause.end; ++at) {
        if (target_at(at) < 0) continue;
        named = true;
        current = target_at(at);
        put(static_cast<std::size_t>(current), i);
      }
      if (named) continue;
      if (current >= 0)
        put(static_cast<std::size_t>(current), i);
      else
        for (std::size_t target = 0; target < targets; ++target) put(target, i);
    }
  }
}

/// "A is better than B": `at` is the comparative.
void Attributor::better(const Clause& clause, std::uint32_t at, int sign) {
  auto than = at + 1;
  while (than < clause.end && than <= at + 5 && word(than) != "than") ++than;
  if (than >= clause.end || word(than) != "than") return;
  const auto behind = first_target(than + 1, std::min(clause.end, than + 6));
  const auto before = last_target(clause.begin, at);
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
  const bool of_thing = at + 1 < clause.end && is_one_of(word(at + 1), things);
  // "left my bag at A", but "left the Hub for Play"
  if (of_thing && !(at + 2 < clause.end && is_product(target_at(at + 2)))) return;
  const bool to_first = at + 1 < clause.end && word(at + 1) == "to";  // "switched to B"
  auto to = at + 1;
  if (!to_first)
    while (to < clause.end && !is_one_of(word(to), toward)) ++to;
  const auto loser = to_first ? -1 : first_target(at + 1, std::min(to, at + 5));
  const auto winner = to < clause.end ? first_target(to + 1, std::min(clause.end, to + 5)) : -1;
  if (loser < 0 && winner < 0) return;
  auto from = at + 1;  // "switched to B from A"
  while (from < clause.end && word(from) != "from") ++from;
  const bool both = winner >= 0 && (loser >= 0 || (to_first && from < clause.end));
  // A product is also a thing: "moved the Hub to the kitchen", "left the Hub at home", "went to MyFernwave".
  const auto* entry = reading_.units[at].entry;
  if (!both && is_product(std::max(loser, winner)) && (of_thing || !entry || !entry->leaving)) return;
  decide(clause, loser, reading_.units[at].negated ? 1 : -1);
  if (winner != loser) decide(clause, winner, reading_.units[at].negated ? -1 : 1);
  if (to_first && winner >= 0 && from < clause.end) decide(clause, first_target(from + 1, clause.end), -1);
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
      decide(clause, first_target(at + 1, than), reading_.units[at].negated ? -1 : 1);
      if (than < clause.end) decide(clause, first_target(than + 1, clause.end), -1);
    }
    if (is_one_of(here, beating)) {
      const auto winner = last_target(clause.begin, at), loser = first_target(at + 1, clause.end);
      if (winner < 0 || loser < 0) continue;
      decide(clause, winner, 1);
      decide(clause, loser, -1);
    }
  }
}

/// A brand is spoken of where its products are; of a comparison among them it neither wins nor loses.
void Attributor::gather(std::size_t brand, std::size_t last_product) {
  for (std::size_t i = 0; i < out_.clauses; ++i) {
    auto& mask = out_.mask[brand * out_.clauses + i];
    auto& compared = out_.compared[brand * out_.clauses + i];
    bool decided = compared != 0;
    int sum = compared;
    for (auto product = brand + 1; product <= last_product; ++product) {
      const auto sign = out_.compared[product * out_.clauses + i];
      mask |= out_.mask[product * out_.clauses + i];
      decided |= sign != 0;
      sum += sign;
    }
    compared = static_cast<std::int8_t>((sum > 0) - (sum < 0));
    if (decided) mask = 0;
  }
}

/// A decided clause speaks by its decision, not by its words: "better" praised only one of the two.
void Attributor::settle() {
  for (std::size_t target = 0; target < out_.adjust.size(); ++target) {
    int sum = 0;
    for (std::size_t i = 0; i < out_.clauses; ++i) {
      const auto sign = out_.compared[target * out_.clauses + i];
      if (sign == 0) continue;
      sum += sign;
      out_.mask[target * out_.clauses + i] = 0;
    }
    if (sum > 0) out_.adjust[target][2] += rules::comparison_logit;
    if (sum < 0) out_.adjust[target][0] += rules::comparison_logit;
  }
}

}  // namespace

void attribute(const Reading& reading, Tokens tokens, std::span<const Match> matches, RuleSet rules,
               Attribution& out) {
  Attributor(reading, tokens, matches, rules, out).run();
}

}  // namespace earshot::analysis
