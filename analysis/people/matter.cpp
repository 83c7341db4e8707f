#include "analysis/people/matter.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/base/hash.hpp"
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

bool WordCounts::is_rare(std::uint64_t word) const {
  const std::int64_t count = counts_[word % size];
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

MatterWords matter_words(std::string_view text, TermReader& terms) {
  MatterWords out;
  for (const auto& term : terms.terms(text)) {
    out.keys.push_back(hash64(term.key));
    out.words.push_back(word_hash(term.word));
  }
  for (const auto& name : signers(text)) out.signers.push_back(word_hash(name));
  return out;
}

bool same_issue(std::uint64_t issues, std::uint64_t others) { return (issues & others & ~no_matter) != 0; }

bool same_words(const MatterWords& happy, std::span<const MatterWords* const> complaints,
                std::span<const MatterWords* const> replies, const WordCounts& counts) {
  std::unordered_set<std::uint64_t> rare;
  for (std::size_t i = 0; i < happy.keys.size(); ++i)
    if (counts.is_rare(happy.words[i])) rare.insert(happy.keys[i]);
  const auto shares = [&](const MatterWords* said) {
    return std::ranges::any_of(said->keys, [&](std::uint64_t key) { return rare.contains(key); });
  };
  const auto calls = [&](std::uint64_t name) {
    return std::ranges::find(happy.words, name) != happy.words.end();
  };
  return std::ranges::any_of(complaints, shares) ||
         std::ranges::any_of(replies, [&](const MatterWords* reply) {
           return shares(reply) || std::ranges::any_of(reply->signers, calls);
         });
}

}  // namespace earshot::analysis
