#include "core/base/text.hpp"

#include <catch2/catch.hpp>

#include "core/base/log.hpp"

using namespace earshot;

TEST_CASE("case folding follows Unicode", "[core][text]") {
  REQUIRE(fold_case("ÄÖÜ Straße ΑΒΓ") == "äöü straße αβγ");
}

TEST_CASE("outside text cannot break a log line or reach the terminal as control codes",
          "[core][text][log]") {
  REQUIRE(log::format_line("stored", {{"text", "a\n\x1b[2Jb"}, {"n", 3}}) ==
          "stored text=\"a\\n\\u001b[2Jb\" n=3");
  REQUIRE(printable("a\x1b[2J\nb\u202Ec") == "a [2J b c");
}

TEST_CASE("white space is squeezed", "[core][text]") {
  REQUIRE(squeeze_space("  a \n\t b  ") == "a b");
  REQUIRE(squeeze_space("") == "");
  REQUIRE(squeeze_space(" \n ") == "");
}

TEST_CASE("the nearest name is one that could have been meant", "[core][text]") {
  const std::vector<std::string> known = {"", "bluesky", "mastodon", "B"};
  CHECK(nearest_name("bluesy", known) == "bluesky");
  CHECK(nearest_name("mastodn", known) == "mastodon");
  CHECK(nearest_name("b", known) == "B");
  CHECK(nearest_name("fediverse", known).empty());
  CHECK(nearest_name("", {"bluesky"}).empty());
}
