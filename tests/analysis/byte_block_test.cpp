#include "analysis/text/byte_block.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>

using namespace earshot::analysis;

namespace {

struct Classified {
  ByteBlock bits;
  std::string lower;
  char last;
  bool operator==(const Classified&) const = default;
};

Classified classified(ClassifyBlock how, const std::string& text, char before) {
  Classified out{.bits = {}, .lower = std::string(64, '?'), .last = before};
  out.bits = how(text.data(), out.lower.data(), out.last);
  return out;
}

}  // namespace

TEST_CASE("a block is classified alike by all instructions the processor has", "[analysis][tokenizer]") {
  const auto all = block_classifiers();
  REQUIRE_FALSE(all.empty());
  // Bytes around which classes begin and end, and everything else.
  const std::string edges = "@AZ[`az{/09:\x08\t\r\x0E '.-_\x7F\x80\xFF";
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    while (text.size() < 64) {
      const auto number = random();
      const char c = number % 3 == 0 ? static_cast<char>(number >> 8) : edges[(number >> 8) % edges.size()];
      text.append(1 + (number >> 20) % 3, c);  // runs, across sixteens too
    }
    text.resize(64);
    const char before = round % 2 == 0 ? text.front() : static_cast<char>(random());
    const auto expected = classified(all.front(), text, before);
    for (const auto how : all) REQUIRE(classified(how, text, before) == expected);
  }
}

TEST_CASE("a block's bits are those of its bytes", "[analysis][tokenizer]") {
  std::string text = "Don't @me: A.b-c_1\t\xC3\xA9 ZZ";
  text.resize(64, '!');
  for (const auto how : block_classifiers()) {
    const auto [bits, lower, last] = classified(how, text, 'd');
    CHECK(lower.substr(0, 5) == "don't");
    CHECK(last == '!');
    const auto at = [](std::uint64_t mask, std::size_t i) { return (mask >> i & 1) != 0; };
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      INFO(i);
      CHECK(at(bits.capital, i) == (c >= 'A' && c <= 'Z'));
      CHECK(at(bits.letter, i) == ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
      CHECK(at(bits.digit, i) == (c >= '0' && c <= '9'));
      CHECK(at(bits.space, i) == (c == ' ' || c == '\t'));
      CHECK(at(bits.wide, i) == (c >= 0x80));
      CHECK(at(bits.apostrophe, i) == (c == '\''));
      CHECK(at(bits.dot, i) == (c == '.'));
      CHECK(at(bits.at, i) == (c == '@'));
      CHECK(at(bits.hyphen, i) == (c == '-'));
      CHECK(at(bits.underscore, i) == (c == '_'));
      CHECK(at(bits.twice, i) == (lower[i] == (i == 0 ? 'd' : lower[i - 1])));
    }
  }
}
