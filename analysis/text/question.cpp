#include "analysis/text/question.hpp"

#include <array>
#include <initializer_list>
#include <string_view>

#include "analysis/text/word_hash.hpp"

namespace earshot::analysis {
namespace {

/// Parts a word may have in the opening of a question.
enum Part : std::uint8_t {
  none = 0,
  asking = 1,
  helping = 2,
  subject = 4,
  exclaiming = 8,
  person = 16,
  lead_in = 32
};

/// Words by which a question opens when nobody bothers with the mark. The verb forms need a subject right
/// behind. A wh-word that opens a subordinate clause or an exclamation asks nothing: "when I was", "what a
/// day". One table of hashes, because every sentence asks.
class Grammar {
 public:
  Grammar() {
    put(asking,
        {"who",   "what", "whats", "what's", "when", "where", "wheres", "where's", "why",  "whys", "which",
         "whose", "how",  "hows",  "how's",  "howz", "who's", "whos",   "wat",     "wuts", "wut"});
    put(helping,
        {"do",      "does",   "did",    "is",    "are",   "am",  "was",    "were",   "can",    "could",
         "will",    "would",  "should", "has",   "have",  "had", "may",    "isn't",  "aren't", "don't",
         "doesn't", "didn't", "can't",  "won't", "wanna", "any", "anyone", "anybody"});
    put(subject, {"i",     "you",  "u",     "ya",   "he",   "she",  "it",     "we",      "they",
                  "this",  "that", "there", "the",  "your", "my",   "anyone", "anybody", "someone",
                  "these", "any",  "from",  "want", "here", "know", "got",    "else"});
    put(exclaiming, {"a", "an", "ever"});
    put(person, {"i", "you", "u", "he", "she", "it", "we", "they", "the", "my", "your", "this"});
    put(lead_in,
        {"so", "and", "but", "hey", "hi", "hello", "ok", "well", "um", "lol", "oh", "please", "wait", "yo"});
  }

  /// All parts the word may have.
  std::uint8_t parts(std::uint64_t hash) const {
    for (auto at = hash % size;; at = (at + 1) % size)
      if (const auto& word = words_.data()[at]; word.hash == hash || word.parts == none) return word.parts;
  }
  std::uint64_t what = word_hash("what"), when = word_hash("when");

 private:
  static constexpr std::size_t size = 512;  ///< a quarter of it is used
  struct Word {
    std::uint64_t hash = 0;
    std::uint8_t parts = none;
  };
  void put(Part part, std::initializer_list<std::string_view> words) {
    for (const auto word : words) {
      const auto hash = word_hash(word);
      auto at = hash % size;
      while (words_[at].parts != none && words_[at].hash != hash) at = (at + 1) % size;
      words_[at].hash = hash;
      words_[at].parts = static_cast<std::uint8_t>(words_[at].parts | part);
    }
  }
  std::array<Word, size> words_{};
};

const Grammar& grammar() {
  static const Grammar words;
  return words;
}

bool opens(const Reading& reading, std::size_t at) {
  const auto& words = grammar();
  const auto& units = reading.units;
  const auto first = units[at].hash;
  const auto parts = words.parts(first);
  if ((parts & (asking | helping)) == 0) return false;
  const bool more = at + 1 < units.size() && units[at + 1].clause == units[at].clause;
  const auto second = more ? units[at + 1].hash : 0;
  if ((parts & asking) != 0)
    return !(first == words.what && (words.parts(second) & exclaiming) != 0) &&
           !(first == words.when && (words.parts(second) & person) != 0);
  return more && (words.parts(second) & subject) != 0;
}

}  // namespace

bool opens_question(const Reading& reading) {
  // A sentence's first words, past handles and links and one word of address ("so", "and", "hey").
  for (std::size_t i = 0; i < reading.clauses.size(); ++i) {
    const auto& clause = reading.clauses[i];
    if (i > 0 && reading.clauses[i - 1].sentence == clause.sentence &&
        reading.clauses[i - 1].end - reading.clauses[i - 1].begin > 2)
      continue;
    auto at = clause.begin;
    while (at < clause.end && reading.units[at].placeholder) ++at;
    if (at >= clause.end) continue;
    if (opens(reading, at)) return true;
    if (at + 1 < clause.end && (grammar().parts(reading.units[at].hash) & lead_in) != 0 &&
        opens(reading, at + 1))
      return true;
  }
  return false;
}

}  // namespace earshot::analysis
