#include "analysis/content/expectation.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "core/base/text.hpp"
#include "embedded/misled_phrases.hpp"

namespace earshot::analysis {
namespace {

constexpr std::size_t gap_words_max = 3;
constexpr double rare_share = 0.04, product_bonus = 1.5;
constexpr double prior_documents = 200;
/// ln(1 + 25): what a term weighs that one text in twenty-five has.
const double tie_min = std::log(26.0);

bool denies(std::string_view word) { return word == "no" || word == "without" || word == "zero"; }

}  // namespace

MisledPhrases::MisledPhrases() {
  for (const auto line : split(embedded::misled_phrases().front().bytes, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    Phrase phrase;
    for (const auto word : split(line, ' ')) phrase.emplace_back(word);
    by_first_[phrase.front()].push_back(phrases_.size());
    phrases_.push_back(std::move(phrase));
  }
}

bool MisledPhrases::matches(const Phrase& phrase, std::size_t at) const {
  for (std::size_t i = 1, word = at + 1; i < phrase.size(); ++i, ++word) {
    if (phrase[i] != "*") {
      if (word >= words_.size() || words_[word] != phrase[i]) return false;
      continue;
    }
    const auto& next = phrase[++i];
    auto found = word + 1;
    while (found < words_.size() && found <= word + gap_words_max && words_[found] != next) ++found;
    if (found >= words_.size() || found > word + gap_words_max) return false;
    word = found;
  }
  return true;
}

std::string MisledPhrases::find(std::string_view text) {
  tokenizer_.tokenize(text, tokens_);
  words_.clear();
  for (const auto& token : tokens_.tokens())
    if (token.kind == TokenKind::word || token.kind == TokenKind::number) words_.push_back(token.folded);
  for (std::size_t at = 0; at < words_.size(); ++at) {
    const auto candidates = by_first_.find(std::string(words_[at]));
    if (candidates == by_first_.end() || (at > 0 && denies(words_[at - 1]))) continue;
    for (const auto index : candidates->second) {
      if (!matches(phrases_[index], at)) continue;
      std::string out;
      for (const auto& word : phrases_[index]) out += (out.empty() ? "" : " ") + word;
      return out;
    }
  }
  return {};
}

void TermRarity::add(const std::vector<Term>& terms) {
  ++documents_;
  std::unordered_set<std::string_view> seen;
  for (const auto& term : terms)
    if (seen.insert(term.key).second) ++with_term_[term.key];
}

double TermRarity::share(const std::string& key) const {
  const auto found = with_term_.find(key);
  const auto with = found == with_term_.end() ? 0.0 : static_cast<double>(found->second);
  return (with + 1) / (static_cast<double>(documents_) + prior_documents);
}

double TermRarity::weight(const std::string& key) const { return std::log(1 + 1 / share(key)); }
bool TermRarity::is_rare(const std::string& key) const { return share(key) <= rare_share; }

std::optional<Tie> tie(const std::vector<Term>& terms, const std::vector<std::string>& products,
                       std::int64_t at_ms, std::span<const Claim> claims, const TermRarity& rarity) {
  std::unordered_set<std::string_view> said;
  for (const auto& term : terms) said.insert(term.key);
  std::optional<Tie> best;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const auto& claim = claims[i];
    if (at_ms < claim.from_ms) continue;
    const auto late = claim.to_ms ? std::max<std::int64_t>(0, at_ms - *claim.to_ms) : 0;
    if (late > 3 * fade_ms) continue;
    Tie found{.claim = i};
    for (const auto& key : claim.terms) {
      if (!said.contains(key) || !rarity.is_rare(key)) continue;
      found.score += rarity.weight(key);
      ++found.terms;
    }
    if (found.terms == 0) continue;
    const bool names_product = !claim.product.empty() && std::ranges::any_of(products, [&](const auto& name) {
      return same_folded(name, claim.product);
    });
    if (names_product) found.score *= product_bonus;
    found.score *= std::exp(-static_cast<double>(late) / static_cast<double>(fade_ms));
    if (found.score < tie_min) continue;
    if (!best || found.score > best->score ||
        (found.score == best->score && claim.from_ms > claims[best->claim].from_ms))
      best = found;
  }
  return best;
}

}  // namespace earshot::analysis
