// Any bytes as a lexicon: either a mistake with its place, or a table in which every single word is found
// again.
#include <cmath>
#include <string_view>

#include "analysis/text/lexicon.hpp"
#include "analysis/text/tokenizer.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot::analysis;
  static const Tokenizer tokenizer;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = parse_lexicon("fuzz", text);
  if (!file) {
    EARSHOT_ASSERT(file.error().kind == earshot::ErrorKind::invalid);
    EARSHOT_ASSERT(file.error().message.starts_with("fuzz: line "));
    return 0;
  }
  for (const auto& line : file->lines) {
    EARSHOT_ASSERT(!line.term.empty() && !line.settings.empty());
    for (const auto& setting : line.settings)
      EARSHOT_ASSERT(std::isfinite(setting.value) && std::abs(setting.value) <= 20);
  }
  const LexiconFile* layers[] = {&*file};
  const auto lexicon = Lexicon::build(layers, tokenizer);
  if (!lexicon) return 0;
  for (const auto& entry : lexicon->entries()) {
    const auto hashes = term_hashes(lexicon->term(entry), tokenizer);
    const auto words = hashes.size();
    EARSHOT_ASSERT(words >= 1 && words <= Lexicon::phrase_max);
    auto hash = hashes.front();
    for (std::size_t i = 1; i < words; ++i) hash = join_hash(hash, hashes[i]);
    const auto found = words == 1 ? lexicon->find(hash) : lexicon->find_phrase(hash);
    EARSHOT_ASSERT(found.entry == &entry);
    EARSHOT_ASSERT(words == 1 || lexicon->find(hashes.front()).longest >= words);
    EARSHOT_ASSERT(words == 1 || lexicon->may_be_phrase(hash));
  }
  return 0;
}
