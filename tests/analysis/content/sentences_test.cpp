#include "analysis/content/sentences.hpp"

#include <catch2/catch.hpp>

using namespace earshot::analysis;

TEST_CASE("sentences end where white space follows", "[analysis][content]") {
  CHECK(sentences("Since 4.2 it's dead. Why?! ok…  \n\nbye") ==
        std::vector<std::string_view>{"Since 4.2 it's dead.", "Why?!", "ok…", "bye"});
  CHECK(sentences(" \n ").empty());
  CHECK(sentences("\xFF\xFE. \xE2\x80").size() == 2);
}

TEST_CASE("questions are known by their mark or their first words", "[analysis][content]") {
  for (const auto* text : {"is it?", "how do I move", "Hi all, can I keep it", "so does it work",
                           "where's the button", "IPv6: native?"})
    CHECK(asks(text));
  for (const auto* text : {"it is what it is", "hi all", "", "thanks so much", "please so and hi how"})
    CHECK_FALSE(asks(text));
}

TEST_CASE("a tidy sentence is short and plain", "[analysis][content]") {
  CHECK(tidy("@help  how do\tI #export\nit? https://x.example/y", 100) == "how do I export it?");
  CHECK(tidy("one two three four five", 14) == "one two…");
  CHECK(tidy("žžžžžžžž", 8) == "žž…");
  CHECK(tidy("\x1B[31mred", 20).find('\x1B') == std::string::npos);
}
