// Lexicon::build: layers of readable lines become one flat table.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "analysis/text/lexicon.hpp"
#include "analysis/text/tokenizer.hpp"
#include "analysis/text/word_hash.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

bool is_word(std::string_view term) {
  return !term.starts_with('<') && term.find(' ') == std::string_view::npos;
}

Hundredths to_hundredths(float value) {
  return static_cast<Hundredths>(value * 100 + (value < 0 ? -0.5f : 0.5f));
}

/// What it says is beside all that sentiment and topics read.
bool is_aside(Facet facet) {
  return facet == Facet::urgency || facet == Facet::severity || facet == Facet::reason;
}

}  // namespace

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
      if (fresh) {
        drafts_.push_back({.key = key, .hashes = std::move(hashes), .term = std::string(line.term)});
        drafts_.back().entry.aside = true;  // until something else is said of it
      }
      apply(line, file.topics_only, drafts_[found->second]);
    }
    return Done{};
  }

  Result<Lexicon> finish() {
    inherit();
    sort_by_frequency();
    Made made(count_keys(drafts_));
    for (const auto& draft : drafts_) {
      auto entry = draft.entry;
      lay_out(draft, entry, made);
      if (entry.learned && !draft.term.starts_with('<')) made.scores = 1;
      const auto number = static_cast<std::uint32_t>(made.entries.size());
      made.entries.push_back(entry);
      made.term_letters += draft.term;
      made.term_ends.push_back(static_cast<std::uint32_t>(made.term_letters.size()));
      if (is_stem(draft.term)) made.stem_lengths |= 1u << (letters_in(draft.term) - 1);
      const auto words = draft.hashes.size();
      const Known said{.entry = number,
                       .contrast = entry.contrast,
                       .opinion = entry.opinion,
                       .harmless = entry.valence >= 0};
      if (!made.slots_for(words).add(draft.key, said)) return clash(draft.term);
      // Every beginning of the phrase knows how far it may reach, so that a search stops where no phrase goes
      // on.
      const Known begins{.longest = static_cast<std::uint8_t>(words)};
      auto hash = draft.hashes.front();
      for (std::size_t count = 1; count < words; hash = join_hash(hash, draft.hashes[count++])) {
        if (count > 1) made.admit_phrase(hash);
        if (!made.slots_for(count).add(hash, begins)) return clash(draft.term);
      }
      if (words > 1) made.admit_phrase(hash);
    }
    auto bytes = std::make_shared<const LexiconBytes>(join_parts(made.parts()));
    auto lexicon =
        Lexicon::open({reinterpret_cast<const char*>(bytes->data()), bytes->size() * sizeof(CacheLine)});
    if (lexicon) lexicon->owned_ = std::move(bytes);
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

  struct Keys {
    std::size_t words = 0, phrases = 0;
  };
  /// Terms and the beginnings of phrases, each once.
  static Keys count_keys(std::span<const Draft> drafts) {
    std::unordered_set<std::uint64_t> words, phrases;
    for (const auto& draft : drafts) {
      (draft.hashes.size() > 1 ? phrases : words).insert(draft.key);
      auto hash = draft.hashes.front();
      for (std::size_t count = 1; count < draft.hashes.size(); hash = join_hash(hash, draft.hashes[count++]))
        (count > 1 ? phrases : words).insert(hash);
    }
    return {words.size(), phrases.size()};
  }

  /// The parts while they grow.
  struct Made {
    explicit Made(Keys keys) : words(keys.words), phrases(keys.phrases) {}
    EntrySlotsFiller words, phrases;
    std::vector<std::uint64_t> phrase_filter = std::vector<std::uint64_t>(Lexicon::filter_mask + 1);
    std::vector<Entry> entries = {};
    std::vector<FacetWeight> facets = {};
    std::vector<TopicWeight> topics = {};
    std::vector<TopicRow> topic_rows = {};
    std::vector<std::uint32_t> term_ends = {};
    std::string term_letters = {};
    std::uint32_t stem_lengths = 0, scores = 0;

    EntrySlotsFiller& slots_for(std::size_t count) { return count > 1 ? phrases : words; }
    void admit_phrase(std::uint64_t hash) {
      phrase_filter[hash >> 48 & Lexicon::filter_mask] |= 1ull << (hash >> 42 & 63);
    }
    LexiconParts parts() const {
      return {.words = words.slots(),
              .phrases = phrases.slots(),
              .phrase_filter = phrase_filter,
              .entries = entries,
              .facets = facets,
              .topics = topics,
              .topic_rows = topic_rows,
              .term_ends = term_ends,
              .term_letters = term_letters,
              .stem_lengths = stem_lengths,
              .scores = scores};
    }
  };

  static Unexpected clash(std::string_view term) {
    return unexpected(ErrorKind::invalid, fmt::format("{} cannot be told from another term (equal hashes)",
                                                      quote_printable(term)));
  }

  static void lay_out(const Draft& draft, Entry& entry, Made& made) {
    entry.facets_begin = static_cast<std::uint32_t>(made.facets.size());
    for (const auto& facet : draft.facets)
      if (facet.weight != 0) made.facets.push_back(facet);
    entry.facets_count = static_cast<std::uint8_t>(made.facets.size() - entry.facets_begin);
    if (wants_row(draft.topics)) {
      entry.topics_begin = static_cast<std::uint32_t>(made.topic_rows.size());
      entry.topics_count = topics_in_row;
      auto& row = made.topic_rows.emplace_back();
      for (const auto& topic : draft.topics) row[topic.topic] = topic.weight;
      return;
    }
    entry.topics_begin = static_cast<std::uint32_t>(made.topics.size());
    for (const auto& topic : draft.topics)
      if (topic.weight != 0) made.topics.push_back(topic);
    entry.topics_count = static_cast<std::uint8_t>(made.topics.size() - entry.topics_begin);
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
      if (!is_stem(drafts_[i].term) || drafts_[i].entry.aside) continue;
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
    if (to.opinion || to.trouble || !std::ranges::all_of(word.facets, is_aside, &FacetWeight::facet)) return;
    to.valence = from.valence;
    to.booster = from.booster;
    to.opinion = from.opinion;
    to.trouble = from.trouble;
    if (to.aside) {
      to.negator = from.negator;
      to.irrealis = from.irrealis;
      to.leaving = from.leaving;
      to.comparative = from.comparative;
    }
    const auto spoken = std::move(word.facets);
    word.facets = stem.facets;
    for (const auto& facet : spoken) set_facet(word.facets, facet);
  }

  static void set_facet(std::vector<FacetWeight>& facets, const FacetWeight& facet) {
    const auto same = std::ranges::find_if(
        facets, [&](const FacetWeight& have) { return have.facet == facet.facet && have.id == facet.id; });
    if (same != facets.end())
      same->weight = facet.weight;
    else
      facets.push_back(facet);
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
      entry.aside &= is_aside(setting.facet);
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
        case Facet::comparative:
          entry.comparative = static_cast<std::int8_t>(setting.value > 0 ? 1 : on ? -1 : 0);
          continue;
        case Facet::leaving: entry.leaving = on; continue;
        case Facet::reason:
          entry.reason = static_cast<std::int8_t>(setting.value > 0 ? 1 : on ? -1 : 0);
          continue;
        case Facet::urgency:
        case Facet::severity:
          set_facet(draft.facets, {.facet = setting.facet, .id = setting.id, .weight = value});
          continue;
        case Facet::question:
        case Facet::issue:
        case Facet::intent:
        case Facet::emotion:
        case Facet::group: {
          entry.trouble |= on && !topics_only;
          set_facet(draft.facets, {.facet = setting.facet, .id = setting.id, .weight = value});
          continue;
        }
      }
      entry.opinion = true;
    }
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
