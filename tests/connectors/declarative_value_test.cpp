#include <catch2/catch.hpp>

#include "connectors/declarative/mrkdwn.hpp"
#include "connectors/declarative/page_reader.hpp"
#include "connectors/declarative/value_reader.hpp"

using namespace earshot;
using namespace earshot::connectors;
using namespace earshot::connectors::declarative;

namespace {

std::string first(std::string_view pointer, JsonValue from) {
  std::string why;
  const auto read = parse_pointer(pointer, why);
  if (!read) return "!" + why;
  return std::string(find_first(*read, from).raw());
}

/// The value of `x = …` in TOML, asked of a record beside its page.
std::optional<std::string> value_of(const std::string& toml, JsonValue page, JsonValue item,
                                    const Variables& variables = {}) {
  const auto node = parse_toml(toml, "t.toml");
  REQUIRE(node);
  TomlMistakes mistakes("t.toml");
  const Names names{{"page", "parent"}, {"base", "each"}};
  const auto value = ValueReader(names, "fields", mistakes).value(*node->find("x"));
  INFO(mistakes.text());
  REQUIRE(mistakes.empty());
  const Scope scope{.page = page, .parent = page, .item = item, .joins = {}, .variables = &variables};
  return text_of(value, scope);
}

}  // namespace

TEST_CASE("pointers follow RFC 6901", "[connectors][declarative]") {
  const auto json = parse_json(
      R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"k\"l":6," ":7,"m~n":8,"z":null})");
  REQUIRE(json);
  const auto root = json->root();
  CHECK(first("", root) == root.raw());
  CHECK(first("/foo/0", root) == "\"bar\"");
  CHECK(first("/foo/2", root).empty());
  CHECK(first("/foo/-", root).empty());
  CHECK(first("/foo/bar", root).empty());
  CHECK(first("/", root) == "0");
  CHECK(first("/a~1b", root) == "1");
  CHECK(first("/m~0n", root) == "8");
  CHECK(first("/k\"l", root) == "6");
  CHECK(first("/ ", root) == "7");
  CHECK(first("/z", root).empty());  // null is nothing
  CHECK(first("foo", root).starts_with("!a pointer begins"));
}

TEST_CASE("pointers choose among elements", "[connectors][declarative]") {
  const auto json = parse_json(
      R"({"l":[{"t":"q","id":1},{"t":"r","id":2,"u":"a/b"},{"t":"r","id":3}],"m":{"x":{"n":5},"y":{"n":6}}})");
  const auto root = json->root();
  CHECK(first("/l/[t=r]/id", root) == "2");
  CHECK(first("/l/[id=3]/t", root) == "\"r\"");
  CHECK(first("/l/[u=a/b]/id", root) == "2");
  CHECK(first("/l/[t=none]/id", root).empty());
  CHECK(first("/m/*/n", root) == "5");
  CHECK(first("/l/[t]/id", root).starts_with("!a choice"));
  std::string why;
  CHECK(find_all(*parse_pointer("/l/*/id", why), root, 2).size() == 2);
}

TEST_CASE("a reply cannot make a pointer take for ever", "[connectors][declarative]") {
  std::string text = "{";
  for (int i = 0; i < 5'000; ++i) text += "\"k" + std::to_string(i) + "\":[1,2],";
  const auto json = parse_json(text + "\"last\":1}");
  REQUIRE(json);
  CHECK(first("/last", json->root()).empty());  // no record has so many members
  std::string why;
  CHECK(find_all(*parse_pointer("/*/*", why), json->root(), 1'000'000).size() < 10'000);
  CHECK_FALSE(parse_pointer("/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", why));
}

TEST_CASE("values are made into text step by step", "[connectors][declarative]") {
  const auto json = parse_json(
      R"j({"n":{"count":2},"item":{"a":"","b":"x","h":"<p>A &amp; B</p>","t":"[deleted]","id":12,"f":false,
          "d":"Ann <ann@mail.example>","s":"1486999900.000100","u":"https://Near.Example:80/x","snow":"1801000000000000002",
          "li":"urn:li:comment:(activity:7094637247890620418,7094977717598625792)"}})j");
  const auto page = json->root();
  const auto item = page["item"];
  const Variables variables = {{"base", "https://a.example"}};
  const auto is = [&](const std::string& toml, const std::optional<std::string>& wanted) {
    CAPTURE(toml);
    CHECK(value_of("x = " + toml, page, item, variables) == wanted);
  };
  is(R"("/b")", "x");
  is(R"("/a")", std::nullopt);
  is(R"(["/a", "/none", "/b"])", "x");
  is(R"("/id")", "12");
  is(R"("/f")", "false");
  is(R"("page:/n/count")", "2");
  is(R"("{base}/t/{/id}")", "https://a.example/t/12");
  is(R"("{base}/t/{/none}")", std::nullopt);
  is(R"("{each}")", std::nullopt);
  is(R"("a{{b}}{/b}")", "a{b}x");
  is(R"({ at = "/h", as = "html" })", "A & B");
  is(R"({ at = "/h", as = "unescape" })", "<p>A & B</p>");
  is(R"({ at = "/t", none_if = ["[deleted]"] })", std::nullopt);
  is(R"({ at = "/d", after = "<", before = ">" })", "ann@mail.example");
  is(R"({ at = "/s", remove = "." })", "1486999900000100");
  is(R"({ at = "/u", as = "host" })", "near.example");
  is(R"({ at = "/snow", as = "x_snowflake" })", "2024-06-12T21:13:55.618Z");
  is(R"({ at = "/id", as = "x_snowflake" })", std::nullopt);
  is(R"j({ at = "/li", after = ",", remove = ")", as = "linkedin_snowflake" })j", "2023-08-09T09:48:26.187Z");
  is(R"({ at = "/b", map = { x = 5 } })", "5");
  is(R"({ at = "/b", map = { y = 5 } })", std::nullopt);
  is(R"({ at = "/b", map = { y = 5 }, else = "z" })", "z");
  is(R"({ at = "/b", prefix = "<", suffix = ">" })", "<x>");
  is(R"({ join = ["/b", "/none", "/id"], with = "-" })", "x-12");
  is(R"({ join = ["/none"] })", std::nullopt);
  is(R"({ is = "c", when = "/b" })", "c");
  is(R"({ is = "c", when = "/f" })", std::nullopt);
  is(R"({ is = "c", when = { at = "/f", present = true } })", "c");
  is(R"({ is = "c", when = { at = "/none", present = false } })", "c");
  is(R"({ is = "c", when = { at = "/id", in = ["11", "12"] } })", "c");
  is(R"({ is = "c", when = { at = "/id", not_in = ["12"] } })", std::nullopt);
  is(R"({ is = "c", when = { at = "/none", not_in = ["12"] } })", std::nullopt);
  is(R"({ is = "c", when = { at = "/b", starts_with = "x", and = "/none" } })", std::nullopt);
  is(R"({ is = "c", when = ["/none", "/b"] })", "c");
  is(R"({ is = "c", when = { at = "/id", equals = "page:/item/id" } })", "c");
  is(R"({ is = "c", when = { at = "/id", equals = { is = "12" } } })", "c");
  is(R"({ is = "c", when = { at = "/id", equals = "/b" } })", std::nullopt);
  is(R"({ is = "c", when = { at = "/id", differs_from = "/b" } })", "c");
  is(R"({ is = "c", when = { at = "/id", differs_from = ["/none", "/id"] } })", std::nullopt);
  // What is not there is neither alike nor different.
  is(R"({ is = "c", when = { at = "/none", equals = "/none" } })", std::nullopt);
  is(R"({ is = "c", when = { at = "/id", differs_from = "/none" } })", std::nullopt);
  is(R"({ is = "c", when = { at = "/none", differs_from = "/id" } })", std::nullopt);
}

TEST_CASE("positions compare as counters do", "[connectors][declarative]") {
  CHECK(compare_positions("9", "10") < 0);
  CHECK(compare_positions("10", "10") == 0);
  CHECK(compare_positions("1801000000000000002", "1801000000000000001") > 0);
  CHECK(compare_positions("t3_zz", "t3_100") < 0);
}

TEST_CASE("Slack's markup reads as its readers see it", "[connectors][declarative]") {
  const auto [written, shown] = GENERATE(table<std::string, std::string>({
      {"plain *bold* _text_", "plain *bold* _text_"},
      {"see <https://a.example/?x=1&amp;y=2|the &amp; page>", "see the & page"},
      {"<https://a.example>", "https://a.example"},
      {"<mailto:a@b.example|a@b.example> <mailto:c@d.example> <tel:+123|+123>",
       "a@b.example c@d.example +123"},
      {"<@U1> <@U1|ann> <#C1|general> <#C1>", "@U1 @ann #general #C1"},
      {"<!here> <!channel> <!subteam^S1|@support> <!date^139^{date}|today>", "@here @channel @support today"},
      {"1 &lt; 2 &gt; 0 &amp;amp;", "1 < 2 > 0 &amp;"},
      {"a < b, <, <>, <b>, < https://a.example", "a < b, <, <>, <b>, < https://a.example"},
      {"<<@U1>>", "<@U1>"},
      {"<", "<"},
      {"<https://a.example", "<https://a.example"},
      {"", ""},
  }));
  CAPTURE(written);
  CHECK(mrkdwn_to_text(written).text == shown);
}

TEST_CASE("addresses in Slack's markup are links", "[connectors][declarative]") {
  const auto read =
      mrkdwn_to_text("<https://a.example/?x=1&amp;y=2|x> <@U1> <mailto:a@b.example> <http://c.example>");
  CHECK(read.links == std::vector<std::string>{"https://a.example/?x=1&y=2", "http://c.example"});
  CHECK(read.tags.empty());
}
