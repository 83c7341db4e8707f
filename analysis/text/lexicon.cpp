#include "analysis/text/lexicon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <unordered_set>

#include "analysis/text/characters.hpp"
#include "analysis/text/tokenizer.hpp"
#include "analysis/text/word_hash.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

/// Stems live in the table of words under a hash no word has.
constexpr std::uint64_t stem_hash(std::uint64_t hash) { return join_hash(hash, 0x5354454D2A2A2A2Au); }

/// "deliver*"; faces such as ":*" are none.
bool is_stem(std::string_view term) {
  if (term.size() < 3 || !term.ends_with('*') || term.find(' ') != std::string_view::npos) return false;
  return characters::word_at(term, term.size() - 2) || !characters::is_ascii(term[term.size() - 2]);
}

std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_word(std::string_view term) {
  return !term.starts_with('<') && term.find(' ') == std::string_view::npos;
}

Hundredths to_hundredths(float value) {
  return static_cast<Hundredths>(value * 100 + (value < 0 ? -0.5f : 0.5f));
}

}  // namespace

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

const Entry* Lexicon::find_stem(std::string_view word) const {
  for (auto lengths = stem_lengths_; lengths != 0;) {
    const auto letters = static_cast<std::size_t>(31 - std::countl_zero(lengths));
    lengths &= ~(1u << letters);
    const auto stem = stem_of(word, letters);
    if (stem.empty()) continue;
    if (const auto* entry = find(stem_hash(word_hash(stem))).entry) return entry;
  }
  return nullptr;
}

void EntrySlots::reserve(std::size_t keys) {
  const auto size = std::bit_ceil(keys * 4 / 3 + 16);
  slots_.assign(size, {});
  keys_.assign(size, 0);
  mask_ = size - 1;
}

EntrySlots::Slot* EntrySlots::place(std::uint64_t key) {
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  auto at = key & mask_;
  while (slots_[at].reference != empty && slots_[at].tag != tag) at = (at + 1) & mask_;
  if (slots_[at].reference != empty && keys_[at] != key) return nullptr;
  slots_[at].tag = tag;
  keys_[at] = key;
  return &slots_[at];
}

/// Collects what layers say per term before the flat table is laid out.
class LexiconBuilder {
 public:
  explicit LexiconBuilder(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  Status add(const LexiconFile& file) {
    for (const auto& line : file.lines) {
      auto hashes = term_hashes(line.term, tokenizer_);
      if (hashes.empty())
        return unexpected(
            ErrorKind::invalid,
            fmt::format("{}: line {}, column 1: {} is not a term of one to four words, or a stem "
                        "of up to twelve letters",
                        file.name, line.number, quote_printable(line.term)));
      auto key = hashes.front();
      for (std::size_t i = 1; i < hashes.size(); ++i) key = join_hash(key, hashes[i]);
      auto [found, fresh] = index_.try_emplace(key, drafts_.size());
      if (fresh) drafts_.push_back({.key = key, .hashes = std::move(hashes), .term = std::string(line.term)});
      apply(line, file.topics_only, drafts_[found->second]);
    }
    return Done{};
  }

  Result<Lexicon> finish() {
    inherit();
    sort_by_frequency();
    Lexicon lexicon;
    reserve(lexicon);
    for (const auto& draft : drafts_) {
      auto entry = draft.entry;
      lay_out(draft, entry, lexicon);
      lexicon.scores_ |= entry.learned && !draft.term.starts_with('<');
      const auto number = static_cast<std::uint32_t>(lexicon.entries_.size());
      lexicon.entries_.push_back(entry);
      lexicon.terms_.push_back(draft.term);
      if (is_stem(draft.term)) lexicon.stem_lengths_ |= 1u << (letters_in(draft.term) - 1);
      const auto words = draft.hashes.size();
      if (!place(words > 1 ? lexicon.phrases_ : lexicon.words_, draft.key, number, 0)) return clash(draft.term);
      // Every beginning of the phrase knows how far it may reach, so that a search stops where no phrase goes
      // on.
      auto hash = draft.hashes.front();
      for (std::size_t count = 1; count < words; hash = join_hash(hash, draft.hashes[count++])) {
        if (count > 1) lexicon.admit_phrase(hash);
        if (!place(count > 1 ? lexicon.phrases_ : lexicon.words_, hash, EntrySlots::none, words))
          return clash(draft.term);
      }
      if (words > 1) lexicon.admit_phrase(hash);
    }
    lexicon.words_.freeze();
    lexicon.phrases_.freeze();
    return lexicon;
  }

 private:
  struct Draft {
    std::uint64_t key = 0;
    std::vector<std::uint64_t> hashes = {};
    std::string term = {};
    std::uint32_t rarity = 0;
    Entry entry = {};
    std::vector<FacetWeight> facets = {};
    std::vector<TopicWeight> topics = {};
  };

  /// What texts are full of stands together, in entries and in what they point to, and stays in the
  /// processor's cache. A phrase is taken to be as frequent as its words are by chance.
  void sort_by_frequency() {
    constexpr std::uint32_t unknown_cost = 700;
    for (auto& draft : drafts_)
      for (const auto word : split(draft.term, ' ')) {
        const auto cost = tokenizer_.splitter().cost(word);
        draft.rarity += cost != 0 || word.starts_with('<') ? cost : unknown_cost;
      }
    std::ranges::stable_sort(drafts_, {}, &Draft::rarity);
  }

  /// Room for terms and the beginnings of phrases, each once.
  void reserve(Lexicon& lexicon) const {
    std::unordered_set<std::uint64_t> words, phrases;
    for (const auto& draft : drafts_) {
      (draft.hashes.size() > 1 ? phrases : words).insert(draft.key);
      auto hash = draft.hashes.front();
      for (std::size_t count = 1; count < draft.hashes.size(); hash = join_hash(hash, draft.hashes[count++]))
        (count > 1 ? phrases : words).insert(hash);
    }
    lexicon.words_.reserve(words.size());
    lexicon.phrases_.reserve(phrases.size());
  }

  static Unexpected clash(std::string_view term) {
    return unexpected(ErrorKind::invalid, fmt::format("{} cannot be told from another term (equal hashes)",
                                                      quote_printable(term)));
  }

  static void lay_out(const Draft& draft, Entry& entry, Lexicon& lexicon) {
    entry.facets_begin = static_cast<std::uint32_t>(lexicon.facets_.size());
    for (const auto& facet : draft.facets)
      if (facet.weight != 0) lexicon.facets_.push_back(facet);
    entry.facets_count = static_cast<std::uint8_t>(lexicon.facets_.size() - entry.facets_begin);
    if (wants_row(draft.topics)) {
      entry.topics_begin = static_cast<std::uint32_t>(lexicon.topic_rows_.size());
      entry.topics_count = topics_in_row;
      auto& row = lexicon.topic_rows_.emplace_back();
      for (const auto& topic : draft.topics) row[topic.topic] = topic.weight;
      return;
    }
    entry.topics_begin = static_cast<std::uint32_t>(lexicon.topics_.size());
    for (const auto& topic : draft.topics)
      if (topic.weight != 0) lexicon.topics_.push_back(topic);
    entry.topics_count = static_cast<std::uint8_t>(lexicon.topics_.size() - entry.topics_begin);
  }

  /// Rows are added up in sixteen bits, so that no weight in them may be large.
  static bool wants_row(const std::vector<TopicWeight>& topics) {
    constexpr std::size_t many = 8;
    return topics.size() >= many && std::ranges::all_of(topics, [](const TopicWeight& topic) {
             return std::abs(topic.weight) <= topic_row_weight_max;
           });
  }

  /// Words take what their stems weigh beside what they weigh themselves, and what their longest stem says by
  /// hand where they say nothing.
  void inherit() {
    std::unordered_map<std::uint64_t, std::size_t> stems;
    std::uint32_t lengths = 0;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      if (!is_stem(drafts_[i].term)) continue;
      stems.emplace(drafts_[i].key, i);
      lengths |= 1u << (letters_in(drafts_[i].term) - 1);
    }
    if (stems.empty()) return;
    TokenBuffer buffer;
    for (auto& draft : drafts_) {
      if (draft.hashes.size() != 1 || is_stem(draft.term) || !is_word(draft.term)) continue;
      tokenizer_.tokenize(draft.term, buffer);
      if (buffer.tokens().size() != 1 || buffer.tokens()[0].kind != TokenKind::word) continue;
      for (auto left = lengths; left != 0;) {
        const auto letters = static_cast<std::size_t>(31 - std::countl_zero(left));
        left &= ~(1u << letters);
        const auto stem = stem_of(buffer.tokens()[0].folded, letters);
        const auto found = stem.empty() ? stems.end() : stems.find(stem_hash(word_hash(stem)));
        if (found == stems.end()) continue;
        take_after(drafts_[found->second], draft);
        break;
      }
    }
  }

  static void take_after(const Draft& stem, Draft& word) {
    auto& to = word.entry;
    const auto& from = stem.entry;
    for (std::size_t c = 0; c < 3; ++c) {
      to.plain[c] = static_cast<Hundredths>(to.plain[c] + from.plain[c]);
      to.negated[c] = static_cast<Hundredths>(to.negated[c] + from.negated[c]);
    }
    to.learned |= from.learned;
    for (const auto& topic : stem.topics) add_topic(word.topics, topic.topic, topic.weight);
    if (to.opinion || to.trouble || !word.facets.empty()) return;
    to.valence = from.valence;
    to.booster = from.booster;
    to.opinion = from.opinion;
    to.polite = from.polite;
    to.trouble = from.trouble;
    word.facets = stem.facets;
  }

  static void add_topic(std::vector<TopicWeight>& topics, std::uint8_t topic, Hundredths weight) {
    const auto same = std::ranges::find(topics, topic, &TopicWeight::topic);
    if (same != topics.end())
      same->weight = static_cast<Hundredths>(same->weight + weight);
    else
      topics.push_back({.topic = topic, .weight = weight});
  }

  static void set_topic(std::vector<TopicWeight>& topics, std::size_t topic, Hundredths weight) {
    std::erase_if(topics, [&](const TopicWeight& have) { return have.topic == topic; });
    topics.push_back({.topic = static_cast<std::uint8_t>(topic), .weight = weight});
  }

  static void apply(const LexiconLine& line, bool topics_only, Draft& draft) {
    auto& entry = draft.entry;
    for (const auto& setting : line.settings) {
      const bool on = setting.value != 0;
      const auto value = to_hundredths(setting.value);
      switch (setting.facet) {
        case Facet::negative:
        case Facet::neutral:
        case Facet::positive: {
          auto& weights = line.negated ? entry.negated : entry.plain;
          weights[static_cast<std::size_t>(setting.facet) - static_cast<std::size_t>(Facet::negative)] =
              value;
          entry.learned = true;
          continue;
        }
        case Facet::issue_logit: set_topic(draft.topics, setting.id, value); continue;
        case Facet::intent_logit: set_topic(draft.topics, issue_type_count + setting.id, value); continue;
        case Facet::valence: entry.valence = value; break;
        case Facet::booster: entry.booster = value; break;
        case Facet::negator: entry.negator = on; break;
        case Facet::contrast: entry.contrast = on; break;
        case Facet::irrealis: entry.irrealis = on; break;
        case Facet::polite: entry.polite = on; break;
        case Facet::comparative:
          entry.comparative = static_cast<std::int8_t>(setting.value > 0 ? 1 : on ? -1 : 0);
          continue;
        case Facet::leaving: entry.leaving = on; continue;
        case Facet::question:
        case Facet::issue:
        case Facet::intent:
        case Facet::emotion:
        case Facet::group: {
          entry.trouble |= on && !topics_only;
          const auto same = std::ranges::find_if(draft.facets, [&](const FacetWeight& have) {
            return have.facet == setting.facet && have.id == setting.id;
          });
          if (same != draft.facets.end())
            same->weight = value;
          else
            draft.facets.push_back({.facet = setting.facet, .id = setting.id, .weight = value});
          continue;
        }
      }
      entry.opinion = true;
    }
  }

  /// False: another key cannot be told from this one.
  bool place(EntrySlots& slots, std::uint64_t key, std::uint32_t entry, std::size_t longest) const {
    auto* const slot = slots.place(key);
    if (!slot) return false;
    const bool fresh = slot->reference == EntrySlots::empty;
    const auto have = fresh ? EntrySlots::none : slot->reference & EntrySlots::none;
    const auto reach = fresh ? 0u : slot->reference >> EntrySlots::longest_shift & 7;
    const auto said = entry == EntrySlots::none ? have : entry;
    std::uint32_t known = 0;
    if (said != EntrySlots::none) {
      const auto& about = drafts_[said].entry;
      known = (about.contrast ? EntrySlots::contrast_bit : 0) |
              (about.opinion ? EntrySlots::opinion_bit : 0) |
              (about.valence >= 0 ? EntrySlots::harmless_bit : 0);
    }
    slot->reference = said | known | std::max(reach, static_cast<std::uint32_t>(longest))
                                         << EntrySlots::longest_shift;
    return true;
  }

  const Tokenizer& tokenizer_;
  std::unordered_map<std::uint64_t, std::size_t> index_;
  std::vector<Draft> drafts_;
};

Result<Lexicon> Lexicon::build(std::span<const LexiconFile* const> layers, const Tokenizer& tokenizer) {
  LexiconBuilder builder(tokenizer);
  for (const auto* layer : layers)
    if (const auto added = builder.add(*layer); !added) return unexpected(added.error());
  return builder.finish();
}

}  // namespace earshot::analysis
