#include "analysis/content/phrases.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace earshot::analysis {
namespace {

constexpr std::size_t words_max = 4;
constexpr std::size_t counters = 1U << 20U;
/// Monroe, Colaresi, Quinn, "Fightin' Words" (2008): the prior is worth as many texts as this.
constexpr double prior_texts = 50;
constexpr double contained_share = 0.8;

/// One author's use of a phrase within one group.
struct UsedBy {
  std::size_t group = 0;
  std::uint64_t author = 0;
  auto operator<=>(const UsedBy&) const = default;
};

std::size_t counter_of(const Phrase& phrase) { return word_hash(phrase.text) % counters; }

std::int64_t all_authors(const PhraseCount& count) {
  std::int64_t out = 0;
  for (const auto authors : count.authors) out += authors;
  return out;
}

}  // namespace

std::string_view to_string(PhraseKind kind) {
  switch (kind) {
    case PhraseKind::words: return "words";
    case PhraseKind::hashtag: return "hashtag";
    case PhraseKind::emoji: break;
  }
  return "emoji";
}

PhraseReader::PhraseReader(const std::vector<std::string>& names) : terms_(names) {}

std::vector<Phrase> PhraseReader::phrases(std::string_view text) {
  tokenizer_.tokenize(text, tokens_);
  std::vector<Phrase> out;
  std::unordered_set<std::string> seen;
  const auto add = [&](std::string words, PhraseKind kind) {
    if (seen.insert(words).second) out.push_back({.text = std::move(words), .kind = kind});
  };
  const auto tokens = tokens_.tokens();
  const auto in_run = [&](std::size_t i) {
    return i < tokens.size() && !tokens[i].has(in_hashtag) &&
           (tokens[i].kind == TokenKind::word || tokens[i].kind == TokenKind::number);
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& first = tokens[i];
    if (first.kind == TokenKind::hashtag) add("#" + std::string(first.folded), PhraseKind::hashtag);
    if (first.kind == TokenKind::emoji) add(std::string(first.folded), PhraseKind::emoji);
    if (!in_run(i) || first.kind != TokenKind::word || !terms_.has_meaning(first.folded)) continue;
    std::string words(first.folded);
    add(words, PhraseKind::words);
    for (std::size_t end = i + 1; end < i + words_max && in_run(end); ++end) {
      if (tokens[end].has(sentence_start)) break;
      words.append(" ").append(tokens[end].folded);
      if (tokens[end].kind == TokenKind::number || terms_.has_meaning(tokens[end].folded))
        add(words, PhraseKind::words);
    }
  }
  return out;
}

std::vector<PhraseCount> count_phrases(std::span<const Wording> texts, std::size_t groups, std::int64_t least,
                                       PhraseReader& reader) {
  std::vector<std::uint32_t> roughly(counters);
  for (const auto& one : texts)
    for (const auto& phrase : reader.phrases(one.text)) ++roughly[counter_of(phrase)];
  std::unordered_map<std::string, std::size_t> known;
  std::vector<PhraseCount> out;
  std::vector<std::set<UsedBy>> uses;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (auto& phrase : reader.phrases(texts[i].text)) {
      if (roughly[counter_of(phrase)] < static_cast<std::uint64_t>(least)) continue;
      const auto [place, fresh] = known.try_emplace(phrase.text, out.size());
      if (fresh) {
        out.push_back({.phrase = std::move(phrase), .authors = std::vector<std::int64_t>(groups)});
        uses.emplace_back();
      }
      out[place->second].texts.push_back(i);
      uses[place->second].insert({.group = texts[i].group, .author = texts[i].author});
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const auto& use : uses[i]) ++out[i].authors[use.group];
  std::erase_if(out, [&](const auto& count) { return all_authors(count) < least; });
  return out;
}

void drop_contained(std::vector<PhraseCount>& counts) {
  std::unordered_map<std::string_view, std::int64_t> longest;  // authors of the commonest phrase around it
  for (const auto& count : counts) {
    const std::string_view text = count.phrase.text;
    if (count.phrase.kind != PhraseKind::words) continue;
    for (std::size_t begin = 0; begin < text.size(); begin = text.find(' ', begin) + 1) {
      for (auto end = text.find(' ', begin);; end = text.find(' ', end + 1)) {
        const auto part = text.substr(begin, end == std::string_view::npos ? end : end - begin);
        if (part.size() < text.size()) longest[part] = std::max(longest[part], all_authors(count));
        if (end == std::string_view::npos) break;
      }
      if (text.find(' ', begin) == std::string_view::npos) break;
    }
  }
  std::vector<bool> dropped;
  for (const auto& count : counts) {
    const auto around = longest.find(count.phrase.text);
    dropped.push_back(around != longest.end() &&
                      static_cast<double>(around->second) >=
                          contained_share * static_cast<double>(all_authors(count)));
  }
  std::size_t at = 0;
  std::erase_if(counts, [&](const auto&) { return dropped[at++]; });
}

double log_odds(std::int64_t with, std::int64_t all, std::int64_t other_with, std::int64_t other_all) {
  const auto both = static_cast<double>(all + other_all);
  if (both <= 0) return 0;
  // Half a text is added so that what everybody or nobody writes has odds.
  const double prior = prior_texts * (static_cast<double>(with + other_with) + 0.5) / (both + 1);
  const auto odds = [&](std::int64_t part, std::int64_t whole) {
    const double yes = static_cast<double>(part) + prior;
    return std::log(yes / (static_cast<double>(whole) + prior_texts - yes));
  };
  const double spread =
      std::sqrt(1 / (static_cast<double>(with) + prior) + 1 / (static_cast<double>(other_with) + prior));
  return (odds(with, all) - odds(other_with, other_all)) / spread;
}

}  // namespace earshot::analysis
