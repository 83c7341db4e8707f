#include "analysis/text/lexicon_set.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/hash.hpp"
#include "embedded/lexicon.hpp"
#include "embedded/lexicon_tables.hpp"

namespace earshot::analysis {
namespace {

std::uint32_t fingerprint(std::string_view overlay) {
  std::uint64_t hash = hash64(overlay);
  for (const auto& file : embedded::lexicon()) hash = hash64(file.bytes, hash);
  return static_cast<std::uint32_t>(hash >> 33);  // fits a signed column
}

bool is_learned(std::string_view file) {
  return file.ends_with("_learned.tsv") || file.ends_with("_topics.tsv");
}

bool is_wanted(std::string_view language, std::span<const std::string> languages) {
  return languages.empty() || std::ranges::find(languages, language) != languages.end();
}

/// Layers in order; the overlay is the last.
Result<std::vector<LexiconFile>> parse_layers(const LexiconChoice& choice) {
  std::vector<LexiconFile> layers;
  const auto add = [&](std::string_view name, std::string_view text) -> Status {
    auto parsed = parse_lexicon(name, text);
    if (!parsed) return unexpected(parsed.error());
    layers.push_back(std::move(*parsed));
    return Done{};
  };
  for (const auto& file : embedded::lexicon()) {
    if (!choice.learned && is_learned(file.name)) continue;
    if (const auto added = add(file.name, file.bytes); !added) return unexpected(added.error());
  }
  if (const auto added = add("overlay", choice.overlay); !added) return unexpected(added.error());
  return layers;
}

/// Of the layers for one language and those for all; "*": of these alone.
Result<Lexicon> build_one(std::span<const LexiconFile> layers, std::string_view language,
                          const Tokenizer& tokenizer) {
  std::vector<const LexiconFile*> chosen;
  for (const auto& layer : layers)
    if (layer.language == "*" || layer.language == language) chosen.push_back(&layer);
  return Lexicon::build(chosen, tokenizer);
}

}  // namespace

Result<LexiconSet> build_lexicons(const LexiconChoice& choice, const Tokenizer& tokenizer) {
  const auto layers = parse_layers(choice);
  if (!layers) return unexpected(layers.error());
  LexiconSet set{.languages = {}, .common = {}, .version = fingerprint(choice.overlay)};
  for (const auto& layer : *layers) {
    if (layer.language == "*" || set.languages.contains(layer.language)) continue;
    if (!is_wanted(layer.language, choice.languages)) continue;
    auto lexicon = build_one(*layers, layer.language, tokenizer);
    if (!lexicon) return unexpected(lexicon.error());
    set.languages.emplace(layer.language, std::move(*lexicon));
  }
  auto common = build_one(*layers, "*", tokenizer);
  if (!common) return unexpected(common.error());
  set.common = std::move(*common);
  return set;
}

Result<LexiconSet> load_lexicons(const LexiconChoice& choice, const Tokenizer& tokenizer) {
  // The program that compiles the tables has none.
  if (!choice.overlay.empty() || !choice.learned || embedded::lexicon_tables().empty())
    return build_lexicons(choice, tokenizer);
  LexiconSet set;
  for (const auto& table : embedded::lexicon_tables()) {
    if (table.name == "version") {
      std::from_chars(table.bytes.data(), table.bytes.data() + table.bytes.size(), set.version);
      continue;
    }
    const auto lexicon = Lexicon::open(table.bytes);
    if (!lexicon) return unexpected(lexicon.error());
    if (table.name == "common")
      set.common = *lexicon;
    else if (is_wanted(table.name, choice.languages))
      set.languages.emplace(table.name, *lexicon);
  }
  return set;
}

}  // namespace earshot::analysis
