// The lexicons that stand in the program are those of the word lists, and bytes that are none are refused.
#include "analysis/text/lexicon_set.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "analysis/text/tokenizer.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

/// Begins at a cache line, as `split_parts` wants it.
struct Copy {
  explicit Copy(std::string_view bytes) : lines(bytes.size() / sizeof(CacheLine) + 1), size(bytes.size()) {
    std::memcpy(lines.data(), bytes.data(), bytes.size());
  }
  char* data() { return reinterpret_cast<char*>(lines.data()); }
  std::string_view first(std::size_t count) { return {data(), count}; }
  LexiconBytes lines;
  std::size_t size;
};

}  // namespace

TEST_CASE("what is compiled into the program is what its word lists say", "[analysis][lexicon]") {
  const Tokenizer tokenizer;
  const auto compiled = load_lexicons({}, tokenizer), built = build_lexicons({}, tokenizer);
  REQUIRE(compiled);
  REQUIRE(built);
  REQUIRE(compiled->version == built->version);
  REQUIRE(compiled->common.bytes() == built->common.bytes());
  REQUIRE(compiled->languages.size() == 6);
  REQUIRE(compiled->languages.size() == built->languages.size());
  for (const auto& [language, lexicon] : compiled->languages) {
    INFO(language);
    REQUIRE(lexicon.bytes() == built->languages.at(language).bytes());
    REQUIRE(lexicon.bytes().data() != built->languages.at(language).bytes().data());
  }
}

TEST_CASE("an overlay and a choice of languages change the lexicons", "[analysis][lexicon]") {
  const Tokenizer tokenizer;
  const std::vector<std::string> german{"de"};
  const auto plain = load_lexicons({.languages = german}, tokenizer);
  REQUIRE(plain);
  REQUIRE(plain->languages.size() == 1);
  const auto overlaid = load_lexicons({.languages = german, .overlay = "zorp\t-3\n"}, tokenizer);
  REQUIRE(overlaid);
  REQUIRE(overlaid->languages.size() == 1);
  REQUIRE(overlaid->version != plain->version);
  REQUIRE(overlaid->languages.at("de").entries().size() == plain->languages.at("de").entries().size() + 1);
  const auto wrong = load_lexicons({.languages = german, .overlay = "zorp\tmany\n"}, tokenizer);
  REQUIRE_FALSE(wrong);
  REQUIRE(wrong.error().message.starts_with("overlay: line 1, column 6"));
}

TEST_CASE("a lexicon that moved says the same", "[analysis][lexicon]") {
  const Tokenizer tokenizer;
  auto set = build_lexicons({}, tokenizer);
  REQUIRE(set);
  auto english = std::move(set->languages.at("en"));
  set->languages.clear();
  const auto hash = term_hashes("terrible", tokenizer).front();
  REQUIRE(english.find(hash).entry);
  REQUIRE(english.term(*english.find(hash).entry) == "terrible");
  REQUIRE_FALSE(Lexicon().find(hash).entry);
  REQUIRE_FALSE(Lexicon().may_be_phrase(hash));
}

TEST_CASE("bytes that are no lexicon are refused", "[analysis][lexicon]") {
  const Tokenizer tokenizer;
  const auto set = load_lexicons({}, tokenizer);
  REQUIRE(set);
  Copy copy(set->common.bytes());
  REQUIRE(Lexicon::open(copy.first(copy.size)));
  for (std::size_t size = 0; size < copy.size; size += 64) {
    INFO(size);
    REQUIRE_FALSE(Lexicon::open(copy.first(size)));
  }
  REQUIRE_FALSE(Lexicon::open({copy.data() + 8, copy.size - 8}));  // not at a cache line
  std::mt19937_64 random(7);
  for (std::size_t field = 0; field < 9; ++field)  // any count of items that the bytes cannot hold
    for (int round = 0; round < 50; ++round) {
      Copy broken(set->common.bytes());
      const std::uint64_t count = random() >> (round % 40) | 1ull << 23;
      std::memcpy(broken.data() + 8 * field, &count, 8);
      REQUIRE_FALSE(Lexicon::open(broken.first(broken.size)));
    }
}
