#include "core/base/utf8.hpp"

#include <catch2/catch.hpp>

namespace utf8 = earshot::utf8;

TEST_CASE("well-formed sequences round-trip", "[core][utf8]") {
  for (const char32_t c : {U'a', U'é', U'€', U'😀', U'\U0010FFFF'}) {
    std::string text;
    utf8::append(text, c);
    std::size_t at = 0;
    REQUIRE(utf8::next(text, at) == c);
    REQUIRE(at == text.size());
  }
}

TEST_CASE("overlong forms, surrogates and stray bytes are refused", "[core][utf8]") {
  for (const char* bad :
       {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xFF", "\xE2\x82"})
    REQUIRE_FALSE(utf8::is_valid(bad));
}

TEST_CASE("sanitise repairs bytes and drops control characters", "[core][utf8]") {
  REQUIRE(utf8::sanitise(std::string_view("a\0b\x1b[31m\xFF\n", 10)) == "ab[31m\xEF\xBF\xBD\n");
}

TEST_CASE("truncate never cuts a sequence", "[core][utf8]") {
  REQUIRE(utf8::truncate("aé", 2) == "a");
  REQUIRE(utf8::truncate("aé", 3) == "aé");
}
