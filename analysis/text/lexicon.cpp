#include "analysis/text/lexicon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "analysis/text/tokenizer.hpp"
#include "core/base/hash.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis {

std::vector<std::uint64_t> term_hashes(std::string_view term, const Tokenizer& tokenizer) {
  std::vector<std::uint64_t> hashes;
  TokenBuffer buffer;
  for (const auto part : split(term, ' ')) {
    if (part.empty()) continue;
    if (part.size() > 2 && part.front() == '<' && part.back() == '>') {
      hashes.push_back(hash64(part));
      continue;
    }
    tokenizer.tokenize(part, buffer);
    for (const auto& token : buffer.tokens()) hashes.push_back(token.hash);
  }
  if (hashes.size() > Lexicon::phrase_max) hashes.clear();
  return hashes;
}

/// Collects what layers say per term before the flat table is laid out.
class LexiconBuilder {
 public:
  explicit LexiconBuilder(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  Status add(const LexiconFile& file) {
    for (const auto& line : file.lines) {
      auto hashes = term_hashes(line.term, tokenizer_);
      if (hashes.empty())
        return unexpected(ErrorKind::invalid,
                          fmt::format("{}: line {}, column 1: {} is not a term of one to four words",
                                      file.name, line.number, quote_printable(line.term)));
      auto key = hashes.front();
      for (std::size_t i = 1; i < hashes.size(); ++i) key = join_hash(key, hashes[i]);
      auto [found, fresh] = index_.try_emplace(key, drafts_.size());
      if (fresh)
        drafts_.push_back({.key = key,
                           .hashes = std::move(hashes),
                           .term = std::string(line.term),
                           .entry = {},
                           .facets = {}});
      apply(line, file.topics_only, drafts_[found->second]);
    }
    return Done{};
  }

  Lexicon finish() const {
    Lexicon lexicon;
    std::size_t used = 0;  // entries and beginnings of phrases, the shared ones counted too often
    for (const auto& draft : drafts_) used += draft.hashes.size();
    const auto slots = std::bit_ceil(used + used / 2 + 16);
    lexicon.slots_.assign(slots, {});
    lexicon.mask_ = slots - 1;
    for (const auto& draft : drafts_) {
      auto entry = draft.entry;
      entry.words = static_cast<std::uint8_t>(draft.hashes.size());
      entry.term_begin = static_cast<std::uint32_t>(lexicon.terms_.size());
      entry.term_size = static_cast<std::uint16_t>(std::min<std::size_t>(draft.term.size(), 0xFFFF));
      lexicon.terms_ += draft.term;
      entry.facets_begin = static_cast<std::uint32_t>(lexicon.facets_.size());
      for (const auto& facet : draft.facets)
        if (facet.weight != 0) lexicon.facets_.push_back(facet);
      entry.facets_count = static_cast<std::uint16_t>(lexicon.facets_.size() - entry.facets_begin);
      lexicon.scores_ |= entry.learned && !draft.term.starts_with('<');
      place(lexicon, draft.key).entry = static_cast<std::uint32_t>(lexicon.entries_.size());
      lexicon.entries_.push_back(entry);
      if (entry.words < 2) continue;
      // Every beginning of the phrase knows how far it may reach, so that a search stops where no phrase goes
      // on.
      auto hash = draft.hashes.front();
      for (std::size_t words = 1; words < draft.hashes.size();
           hash = join_hash(hash, draft.hashes[words++])) {
        auto& beginning = place(lexicon, hash);
        beginning.longest = std::max(beginning.longest, entry.words);
      }
    }
    return lexicon;
  }

 private:
  struct Draft {
    std::uint64_t key = 0;
    std::vector<std::uint64_t> hashes;
    std::string term;
    Entry entry;
    std::vector<FacetWeight> facets;
  };

  static void apply(const LexiconLine& line, bool topics_only, Draft& draft) {
    auto& entry = draft.entry;
    for (const auto& setting : line.settings) {
      const bool on = setting.value != 0;
      switch (setting.facet) {
        case Facet::negative:
        case Facet::neutral:
        case Facet::positive: {
          auto& weights = line.negated ? entry.negated : entry.plain;
          weights[static_cast<std::size_t>(setting.facet) - static_cast<std::size_t>(Facet::negative)] =
              setting.value;
          entry.learned = true;
          continue;
        }
        case Facet::valence: entry.valence = setting.value; break;
        case Facet::booster: entry.booster = setting.value; break;
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
            same->weight = setting.value;
          else
            draft.facets.push_back({.facet = setting.facet, .id = setting.id, .weight = setting.value});
          continue;
        }
      }
      entry.opinion = true;
    }
  }

  static Lexicon::Slot& place(Lexicon& lexicon, std::uint64_t hash) {
    for (auto at = hash & lexicon.mask_;; at = (at + 1) & lexicon.mask_) {
      auto& slot = lexicon.slots_[at];
      if (slot.hash == hash && slot.entry != Lexicon::empty) return slot;
      if (slot.entry == Lexicon::empty) {
        slot.hash = hash;
        slot.entry = Lexicon::none;
        return slot;
      }
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
