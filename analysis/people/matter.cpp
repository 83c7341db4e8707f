#include "analysis/people/matter.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/base/text.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {
namespace {

constexpr std::int64_t rare_share = 50, rare_least = 5;

constexpr std::uint64_t no_matter = std::uint64_t{1} << static_cast<unsigned>(IssueType::praise) |
                                    std::uint64_t{1} << static_cast<unsigned>(IssueType::other);

}  // namespace

void WordCounts::add(Tokens tokens) {
  ++texts_;
  for (const auto& token : tokens)
    if (token.kind == TokenKind::word) ++counts_[token.hash % size];
}

void WordCounts::add(const Tally& tally) {
  texts_ += tally.texts;
  for (const auto& [place, count] : tally.counts) counts_[place] += count;
}

WordCounts::Tally WordCounts::tally() const {
  Tally out{.texts = texts_};
  for (std::size_t i = 0; i < size; ++i)
    if (counts_[i] != 0) out.counts.emplace_back(static_cast<std::uint16_t>(i), counts_[i]);
  return out;
}

bool WordCounts::is_rare(std::string_view folded_word) const {
  const std::int64_t count = counts_[word_hash(folded_word) % size];
  return count < rare_least || count * rare_share < texts_;
}

std::vector<std::string> signers(std::string_view reply) {
  std::vector<std::string> out;
  for (auto at = reply.find('^'); at != std::string_view::npos; at = reply.find('^', at + 1)) {
    auto end = at + 1;
    while (end < reply.size() &&
           (static_cast<unsigned char>(reply[end]) >= 0x80 || (reply[end] >= 'A' && reply[end] <= 'Z') ||
            (reply[end] >= 'a' && reply[end] <= 'z')))
      ++end;
    // Initials are too short to be told from words.
    if (end - at > 3) out.push_back(fold_case(reply.substr(at + 1, end - at - 1)));
  }
  return out;
}

bool same_matter(const MatterText& happy, std::span<const MatterText> complaints,
                 std::span<const std::string_view> replies, bool refers_back, TermReader& terms,
                 const WordCounts& counts) {
  if (refers_back) return true;
  for (const auto& complaint : complaints)
    if ((happy.issues & complaint.issues & ~no_matter) != 0) return true;
  std::unordered_set<std::string> rare, names;
  for (auto& term : terms.terms(happy.text)) {
    names.insert(term.word);
    if (counts.is_rare(term.word)) rare.insert(std::move(term.key));
  }
  const auto shares = [&](std::string_view text) {
    return std::ranges::any_of(terms.terms(text), [&](const Term& term) { return rare.contains(term.key); });
  };
  for (const auto& complaint : complaints)
    if (shares(complaint.text)) return true;
  for (const auto reply : replies) {
    if (shares(reply)) return true;
    for (const auto& name : signers(reply))
      if (names.contains(name)) return true;
  }
  return false;
}

}  // namespace earshot::analysis
