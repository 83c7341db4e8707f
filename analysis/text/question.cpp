#include "analysis/text/question.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "analysis/text/word_hash.hpp"

namespace earshot::analysis {
namespace {

/// A handful of words, asked for by their hash.
class Words {
 public:
  Words(std::initializer_list<std::string_view> words) {
    for (const auto word : words) hashes_.push_back(word_hash(word));
    std::ranges::sort(hashes_);
  }
  bool hold(std::uint64_t hash) const { return std::ranges::binary_search(hashes_, hash); }

 private:
  std::vector<std::uint64_t> hashes_;
};

/// Words by which a question opens when nobody bothers with the mark. The verb forms need a subject right
/// behind. A wh-word that opens a subordinate clause or an exclamation asks nothing: "when I was", "what a day".
struct Grammar {
  Words asking{"who", "what",  "whats", "what's", "when", "where", "wheres", "where's", "why", "whys", "which",
               "whose", "how", "hows",  "how's",  "howz", "who's", "whos",   "wat",     "wuts", "wut"};
  Words helping{"do",     "does",   "did",   "is",    "are",    "am",     "was",   "were",    "can",    "could",
                "will",   "would",  "should", "has",  "have",   "had",    "may",   "isn't",   "aren't", "don't",
                "doesn't", "didn't", "can't", "won't", "wanna", "any",    "anyone", "anybody"};
  Words subjects{"i",   "you",  "u",   "ya",     "he",      "she",     "it",    "we",  "they", "this", "that", "there",
                 "the", "your", "my",  "anyone", "anybody", "someone", "these", "any", "from", "want", "here", "know",
                 "got", "else"};
  Words exclaiming{"a", "an", "ever"};
  Words people{"i", "you", "u", "he", "she", "it", "we", "they", "the", "my", "your", "this"};
  Words lead_in{"so", "and", "but", "hey", "hi", "hello", "ok", "well", "um", "lol", "oh", "please", "wait", "yo"};
  std::uint64_t what = word_hash("what"), when = word_hash("when");
};

const Grammar& grammar() {
  static const Grammar words;
  return words;
}

bool opens(const Reading& reading, std::size_t at) {
  const auto& words = grammar();
  const auto& units = reading.units;
  const auto first = units[at].hash;
  const bool more = at + 1 < units.size() && units[at + 1].clause == units[at].clause;
  const auto second = more ? units[at + 1].hash : 0;
  if (words.asking.hold(first))
    return !(first == words.what && words.exclaiming.hold(second)) &&
           !(first == words.when && words.people.hold(second));
  return more && words.helping.hold(first) && words.subjects.hold(second);
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
    if (at + 1 < clause.end && grammar().lead_in.hold(reading.units[at].hash) && opens(reading, at + 1)) return true;
  }
  return false;
}

}  // namespace earshot::analysis
