#include "analysis/text/reasons.hpp"

#include <algorithm>
#include <array>

#include "analysis/text/features.hpp"

namespace earshot::analysis {
namespace {

/// What a clause's words must weigh for an issue type to be a reason: one clear word.
constexpr float clause_floor = 0.8f;
/// A clause of fewer words names a thing, but says nothing about it.
constexpr std::uint32_t clause_words_min = 2;

bool names_trouble(IssueType type) {
  return static_cast<std::size_t>(type) < issue_type_count && type != IssueType::other &&
         type != IssueType::praise && type != IssueType::how_to;
}

struct Units {
  std::uint32_t begin = 0, end = 0;
};

class ReasonFinder {
 public:
  ReasonFinder(const Reading& reading, Tokens tokens, const Lexicon& lexicon, Verdict& verdict)
      : reading_(reading), tokens_(tokens), lexicon_(lexicon), verdict_(verdict) {}

  void run() {
    find_marked();
    const bool trouble = verdict_.complaint || verdict_.sentiment.polarity == Polarity::negative;
    if (!trouble || verdict_.reasons.size() == reasons_max || verdict_.issues.empty()) return;
    const auto type = verdict_.issues.front().type;
    if (names_trouble(type)) find_clause(static_cast<std::size_t>(type));
  }

 private:
  const Unit& unit(std::uint32_t at) const { return reading_.units.data()[at]; }

  /// Links, handles, hashtags and faces at its edges are no part of what is said.
  bool is_speech(std::uint32_t at) const {
    const auto& token = tokens_[unit(at).token];
    return (token.kind == TokenKind::word && !token.has(TokenTrait::in_hashtag)) ||
           token.kind == TokenKind::number;
  }

  void find_marked();
  void find_clause(std::size_t topic);
  float weight(const Hit& hit, std::size_t topic) const;
  /// What reasons leave of a clause: the part before those at its end, or behind those at its beginning.
  Units left_of(const Clause& clause) const;
  bool inside_reason(std::uint32_t at) const {
    return std::any_of(found_.begin(), found_.begin() + verdict_.reasons.size(),
                       [&](const Units& one) { return at >= one.begin && at < one.end; });
  }
  void add(Units units, std::uint32_t words_min) {
    units.end = std::min(units.end, units.begin + static_cast<std::uint32_t>(reason_words_max));
    while (units.end > units.begin && !is_speech(units.end - 1)) --units.end;
    if (units.end < units.begin + words_min) return;
    found_[verdict_.reasons.size()] = units;
    const auto& first = unit(units.begin);
    const bool money = unit_name(first, tokens_) == "<money>";  // its sign is a token of its own
    verdict_.reasons.push_back({.begin = tokens_[first.token - (money ? 1u : 0u)].span.begin,
                                .end = tokens_[unit(units.end - 1).token].span.end});
  }

  const Reading& reading_;
  Tokens tokens_;
  const Lexicon& lexicon_;
  Verdict& verdict_;
  std::array<Units, reasons_max> found_{};
};

void ReasonFinder::find_marked() {
  const Hit* open = nullptr;  // the marker whose reason goes on
  Units reason;
  const auto close = [&](std::uint32_t end) {
    if (open) add({reason.begin, std::min(reason.end, end)}, open->words + 1u);
    open = nullptr;
  };
  for (const auto& hit : reading_.hits) {
    const int mark = hit.entry->reason;
    if (mark == 0) continue;
    if (open && hit.unit < reason.begin + open->words) continue;  // inside the marker: "ever since"
    if (open && hit.unit >= reason.end) close(reason.end);
    if (mark < 0) {
      close(hit.unit);
      continue;
    }
    const auto clause = unit(hit.unit).clause;
    if (open || clause >= reading_.clauses.size()) continue;
    if (verdict_.reasons.size() == reasons_max) return;
    const auto& in = reading_.clauses[clause];
    // "Perché non funziona?" asks for a reason.
    if (hit.words == 1 && hit.unit == in.begin && in.ends == ClauseEnd::question &&
        (clause == 0 || reading_.clauses[clause - 1u].sentence != in.sentence))
      continue;
    open = &hit;
    reason = {hit.unit, in.end};
  }
  close(reason.end);
}

float ReasonFinder::weight(const Hit& hit, std::size_t topic) const {
  std::int32_t sum = 0;
  for (const auto& facet : lexicon_.facets(*hit.entry))
    if (facet.facet == Facet::issue && facet.id == topic && facet_counts(hit, facet.facet))
      sum += facet.weight;
  if (!hit.hidden) sum += lexicon_.topic_weight(*hit.entry, topic);
  return static_cast<float>(sum) * hundredth;
}

Units ReasonFinder::left_of(const Clause& clause) const {
  Units left{clause.begin, clause.end};
  for (std::size_t i = 0; i < verdict_.reasons.size(); ++i) {
    const auto& taken = found_[i];
    if (taken.end <= left.begin || taken.begin >= left.end) continue;
    if (taken.begin > left.begin)
      left.end = taken.begin;
    else
      left.begin = std::min(taken.end, left.end);
  }
  while (left.begin < left.end && (!is_speech(left.begin) || unit(left.begin).contrast)) ++left.begin;
  while (left.end > left.begin && !is_speech(left.end - 1)) --left.end;
  return left;
}

void ReasonFinder::find_clause(std::size_t topic) {
  float best = clause_floor, sum = 0;
  Units best_units;
  std::size_t clause = 0;
  const auto weigh_clause = [&] {
    if (sum < best || reading_.clauses[clause].ends == ClauseEnd::question)
      return;  // what asks tells nothing
    const auto left = left_of(reading_.clauses[clause]);
    if (left.end - left.begin > reason_words_max || left.end - left.begin < clause_words_min) return;
    best = sum;
    best_units = left;
  };
  for (const auto& hit : reading_.hits) {
    const auto at = unit(hit.unit).clause;
    if (at >= reading_.clauses.size()) break;
    if (at != clause) {
      weigh_clause();
      clause = at;
      sum = 0;
    }
    if (!inside_reason(hit.unit)) sum += weight(hit, topic);
  }
  if (clause < reading_.clauses.size()) weigh_clause();
  if (best_units.end > best_units.begin) add(best_units, clause_words_min);
}

}  // namespace

void find_reasons(const Reading& reading, Tokens tokens, const Lexicon& lexicon, Verdict& verdict) {
  verdict.reasons.clear();
  const bool told = verdict.complaint || verdict.question || verdict.sentiment.polarity == Polarity::negative;
  if (told) ReasonFinder(reading, tokens, lexicon, verdict).run();
}

}  // namespace earshot::analysis
