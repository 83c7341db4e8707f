#include "analysis/text/lexicon.hpp"

#include <algorithm>
#include <bit>

#include "analysis/text/characters.hpp"
#include "analysis/text/tokenizer.hpp"
#include "analysis/text/word_hash.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis {

const std::uint64_t Lexicon::no_phrases[filter_mask + 1] = {};

Result<Lexicon> Lexicon::open(std::string_view bytes) {
  const auto parts = split_parts(bytes);
  if (!parts) return unexpected(parts.error());
  if (parts->phrase_filter.size() != filter_mask + 1)
    return unexpected(ErrorKind::invalid, "not a lexicon of this build");
  Lexicon lexicon;
  lexicon.parts_ = *parts;
  lexicon.words_ = EntrySlots(parts->words);
  lexicon.phrases_ = EntrySlots(parts->phrases);
  lexicon.bytes_ = bytes;
  return lexicon;
}

bool is_stem(std::string_view term) {
  if (term.size() < 3 || !term.ends_with('*') || term.find(' ') != std::string_view::npos) return false;
  return characters::word_at(term, term.size() - 2) || !characters::is_ascii(term[term.size() - 2]);
}

std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string_view stem_of(std::string_view folded, std::size_t letters) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < folded.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(folded[at]) & 0xC0) != 0x80;
    if (begins && seen++ == letters) return folded.substr(0, at);
  }
  return letters_in(folded) == letters ? folded : std::string_view();
}

std::vector<std::uint64_t> term_hashes(std::string_view term, const Tokenizer& tokenizer) {
  std::vector<std::uint64_t> hashes;
  TokenBuffer buffer;
  if (is_stem(term)) {
    tokenizer.tokenize(term.substr(0, term.size() - 1), buffer);
    const auto tokens = buffer.tokens();
    if (tokens.size() != 1 || tokens[0].kind != TokenKind::word ||
        letters_in(tokens[0].folded) > Lexicon::stem_letters_max)
      return {};
    return {stem_hash(tokens[0].hash)};
  }
  for (const auto part : split(term, ' ')) {
    if (part.empty()) continue;
    if (part.size() > 2 && part.front() == '<' && part.back() == '>') {
      hashes.push_back(word_hash(part));
      continue;
    }
    tokenizer.tokenize(part, buffer);
    for (const auto& token : buffer.tokens()) hashes.push_back(token.hash);
  }
  if (hashes.size() > Lexicon::phrase_max) hashes.clear();
  return hashes;
}

std::vector<TopicWeight> Lexicon::topics(const Entry& entry) const {
  if (entry.topics_count != topics_in_row) {
    const auto list = topic_list(entry);
    return {list.begin(), list.end()};
  }
  std::vector<TopicWeight> out;
  const auto& row = topic_row(entry);
  for (std::size_t topic = 0; topic < topic_count; ++topic)
    if (row[topic] != 0) out.push_back({.topic = static_cast<std::uint8_t>(topic), .weight = row[topic]});
  return out;
}

Hundredths Lexicon::topic_weight(const Entry& entry, std::size_t topic) const {
  if (entry.topics_count == topics_in_row) return topic_row(entry)[topic];
  for (const auto& weight : topic_list(entry))
    if (weight.topic == topic) return weight.weight;
  return 0;
}

const Entry* Lexicon::find_stem(std::string_view word) const {
  const Entry* beside = nullptr;
  const bool plain = is_printable_ascii(word);
  auto lengths = parts_.stem_lengths;
  if (word.size() < stem_letters_max) lengths &= (2u << word.size()) - 1;
  while (lengths != 0) {
    const auto letters = static_cast<std::size_t>(31 - std::countl_zero(lengths));
    lengths &= ~(1u << letters);
    const auto stem = plain ? word.substr(0, letters) : stem_of(word, letters);
    if (stem.empty()) continue;
    const auto* entry = find(stem_hash(word_hash(stem))).entry;
    if (entry && !entry->aside) return entry;
    if (!beside) beside = entry;
  }
  return beside;
}

}  // namespace earshot::analysis
