#include "core/base/url.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace earshot;

TEST_CASE("one page has one spelling", "[core][url]") {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"http://Example.COM", "http://example.com/"},
      {"HTTPS://EXAMPLE.com/A/b", "https://example.com/A/b"},
      {"http://example.com:80/", "http://example.com/"},
      {"https://example.com:443/a", "https://example.com/a"},
      {"https://example.com:8443/a", "https://example.com:8443/a"},
      {"http://example.com:/a", "http://example.com/a"},
      {"https://user:pw@example.com/a", "https://example.com/a"},
      {"https://example.com./a", "https://example.com/a"},
      {"https://example.com../a", "https://example.com/a"},
      {"https://./a", ""},
      {"https://example.com/a#part", "https://example.com/a"},
      {"https://example.com/?utm_source=x&utm_medium=y", "https://example.com/"},
      {"https://example.com/?a=1&utm_source=x&b=2", "https://example.com/?a=1&b=2"},
      {"https://example.com/?UTM_Source=x", "https://example.com/"},
      {"https://example.com/?fbclid=abc", "https://example.com/"},
      {"https://example.com/?gclid=abc&id=7", "https://example.com/?id=7"},
      {"https://example.com/?ref=home", "https://example.com/"},
      {"https://example.com/?reference=home", "https://example.com/?reference=home"},
      {"https://example.com/?igshid=1&mc_eid=2&msclkid=3&q=4", "https://example.com/?q=4"},
      {"https://example.com/?", "https://example.com/"},
      {"https://example.com/?b=2&a=1", "https://example.com/?b=2&a=1"},
      {"https://example.com/?a&&b", "https://example.com/?a&b"},
      {"https://example.com/a/../b/./c", "https://example.com/b/c"},
      {"https://example.com/../../a", "https://example.com/a"},
      {"https://example.com/a/..", "https://example.com/"},
      {"https://example.com/%7Euser/%2fx", "https://example.com/~user/%2Fx"},
      {"https://example.com/%2e%2e/a", "https://example.com/%2E%2E/a"},
      {"https://example.com/a b", "https://example.com/a%20b"},
      {"https://example.com/caf\xC3\xA9", "https://example.com/caf%C3%A9"},
      {"https://example.com/100%", "https://example.com/100%"},
      {"https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"},
      {"https://[2001:DB8::1]:443/", "https://[2001:db8::1]/"},
      {"  https://example.com/a  ", "https://example.com/a"},
      {"https://example.com/a?x=1?y=2", "https://example.com/a?x=1?y=2"},
      {"https://example.com/a//b", "https://example.com/a//b"},
      {"https://example.com/\"<>", "https://example.com/%22%3C%3E"},
      {"https://b\xC3\xBC"
       "cher.example/",
       "https://b\xC3\xBC"
       "cher.example/"},
      {"https://b\xFF.example/", ""},
      {"ftp://example.com/", ""},
      {"javascript:alert(1)", ""},
      {"mailto:a@example.com", ""},
      {"example.com/a", ""},
      {"https://", ""},
      {"https:///a", ""},
      {"https://exa mple.com/", ""},
      {"https://example.com:99999999/", ""},
      {"https://example.com:8x/", ""},
      {"https://example.com/a\nb", ""},
      {"", ""},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    const auto once = canonical_url(text);
    CHECK(once == expected);
    CHECK(canonical_url(once) == once);
  }
}

TEST_CASE("references resolve as RFC 3986 says", "[core][url]") {
  const std::string base = "http://a/b/c/d;p?q";
  struct Case {
    const char* reference;
    const char* expected;
  };
  const Case cases[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"./../g", "http://a/b/g"},
      {"g;x=1/../y", "http://a/b/c/y"},
  };
  for (const auto& [reference, expected] : cases) {
    CAPTURE(reference);
    CHECK(resolve_url(base, reference) == expected);
  }
  CHECK(resolve_url("", "/a") == "/a");
  CHECK(resolve_url("http://a", "b") == "http://a/b");
}

TEST_CASE("origins compare scheme, host and port", "[core][url]") {
  CHECK(same_origin("https://a.example/x", "HTTPS://A.example:443/y"));
  CHECK_FALSE(same_origin("https://a.example/", "http://a.example/"));
  CHECK_FALSE(same_origin("https://a.example/", "https://a.example:8443/"));
  CHECK_FALSE(same_origin("https://a.example/", "https://a.example.evil.example/"));
  CHECK_FALSE(same_origin("https://a.example/", "https://evil.example\\@a.example/"));
  CHECK_FALSE(same_origin("", ""));
  CHECK(parse_url("https://evil.example@a.example/")->host == "a.example");
}

TEST_CASE("queries are parsed and written", "[core][url]") {
  CHECK(percent_encode("a b&c=\xC3\xA9/") == "a%20b%26c%3D%C3%A9%2F");
  CHECK(percent_decode("a%20b%2", false) == "a b%2");
  CHECK(parse_query("a=1&b=x+y%26&c&=d") == QueryPairs{{"a", "1"}, {"b", "x y&"}, {"c", ""}, {"", "d"}});
  const QueryPairs pairs{{"q", "a&b"}, {"n", "\r\nX: 1"}};
  CHECK(parse_query(encode_query(pairs)) == pairs);
  CHECK(with_query("https://a/?x=1", pairs) == "https://a/?x=1&q=a%26b&n=%0D%0AX%3A%201");
  CHECK(query_value("https://a/?max_id=17&x", "max_id") == "17");
  CHECK_FALSE(query_value("https://a/#?max_id=17", "max_id"));
}

TEST_CASE("a percent sign that escapes nothing stays one when its URL is made canonical", "[core][url]") {
  const auto once = canonical_url("https://a.example/50%b%44/100%");
  CHECK(once == "https://a.example/50%25bD/100%");
  CHECK(canonical_url(once) == once);
}

TEST_CASE("a URL that is plain already is read as carefully as any other", "[core][url]") {
  // A scheme in capitals takes the long way.
  std::mt19937 random(7);
  static constexpr std::string_view letters = "aZ9.-_/:%?#@~ ";
  for (int round = 0; round < 20'000; ++round) {
    std::string rest;
    for (auto left = random() % 12; left > 0; --left) rest += letters[random() % letters.size()];
    INFO(rest);
    REQUIRE(canonical_url("https://a" + rest) == canonical_url("HTTPS://a" + rest));
    REQUIRE(canonical_url("http://" + rest) == canonical_url("HTTP://" + rest));
  }
}
