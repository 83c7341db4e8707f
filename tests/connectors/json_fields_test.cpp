#include "connectors/json_fields.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::connectors;

TEST_CASE("values are found by name and typed", "[connectors][json]") {
  const auto read = parse_json(
      R"( {"id":17953058078,"s":"a\nb","big":123456789012345678901234567890,"f":1.5,"t":true,"n":null,"a":[1,[2,3],{"x":"y"}],"o":{"k":-4},"e":[],"eo":{}} )");
  REQUIRE(read);
  const auto root = read->root();
  CHECK(root["id"].id() == "17953058078");
  CHECK(root["id"].integer() == 17953058078);
  CHECK(root["s"].text() == "a\nb");
  CHECK(root["big"].id() == "123456789012345678901234567890");
  CHECK_FALSE(root["big"].integer());
  CHECK(root["f"].number() == 1.5);
  CHECK(root["f"].integer() == 1);
  CHECK(root["t"].is_true());
  CHECK_FALSE(root["n"]);
  CHECK(root["n"].type() == JsonValue::Type::null);
  CHECK(root["missing"]["deeper"].text().empty());
  CHECK(root["a"].size() == 3);
  CHECK(root["o"]["k"].integer() == -4);
  CHECK_FALSE(root["o"]["k"].count());
  std::vector<std::string> raws;
  for (const auto element : root["a"]) raws.emplace_back(element.raw());
  CHECK(raws == std::vector<std::string>{"1", "[2,3]", "{\"x\":\"y\"}"});
  CHECK(root["a"].raw() == "[1,[2,3],{\"x\":\"y\"}]");
  CHECK(root["e"].raw() == "[]");
  CHECK(root["eo"].raw() == "{}");
  CHECK(root.raw().starts_with("{\"id\""));
  CHECK(root.raw().ends_with("{}}"));
}

TEST_CASE("what is broken inside one value stays there", "[connectors][json]") {
  struct Case {
    const char* body;
    const char* text;  ///< of the key "a"
  };
  const Case cases[] = {
      {R"({"a":"x\ud800y","b":1})", "x\xEF\xBF\xBDy"},
      {R"({"a":"\ud83d\ude00","b":1})", "\xF0\x9F\x98\x80"},
      {R"({"a":"\ude00\ud83d","b":1})", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {R"({"a":"\q\u12","b":1})", "\xEF\xBF\xBD\xEF\xBF\xBD" "12"},
      {"{\"a\":\"x\xFFy\",\"b\":1}", "x\xEF\xBF\xBDy"},
      {"{\"a\":\"x\ny\",\"b\":1}", "x y"},
      {"\xEF\xBB\xBF{\"a\":\"z\",\"b\":1}", "z"},
      {R"({"\u0061":"key","b":1})", "key"},
      {R"({"a":"first","a":"second","b":1})", "first"},
      {R"({"x":tru,"a":"ok","b":1})", "ok"},
      {R"({"x":1e999,"y":01,"a":"ok","b":1})", "ok"},
  };
  for (const auto& [body, text] : cases) {
    CAPTURE(body);
    const auto read = parse_json(body);
    REQUIRE(read);
    CHECK((*read)["a"].text() == text);
    CHECK((*read)["b"].integer() == 1);
  }
  const auto nul = parse_json(R"({"a":"x\u0000y"})");
  CHECK((*nul)["a"].text().size() == 3);
}

TEST_CASE("a body cut anywhere is refused", "[connectors][json]") {
  const std::string body = R"({"items":[{"id":"1","t":"a \"q\" b"},{"id":2,"n":[1,{"x":null}]}],"next":"c"})";
  REQUIRE(parse_json(body));
  for (std::size_t cut = 0; cut < body.size(); ++cut) {
    CAPTURE(cut);
    CHECK_FALSE(parse_json(body.substr(0, cut)));
  }
}

TEST_CASE("structure that is not JSON is refused", "[connectors][json]") {
  for (const auto* body : {"", " ", "[1,]", "[1 2]", "{\"a\" 1}", "{\"a\":1,}", "[1]]", "[1] x", "{a:1}", "[", "]", "nul", "\"open", "[,1]", "{\"a\":}",
                           "{\"a\":1 \"b\":2}", "[1}", "<html>"}) {
    CAPTURE(body);
    CHECK_FALSE(parse_json(body));
  }
  for (const auto* body : {"null", "1", "\"x\"", "true", "[]", "{}"}) {
    CAPTURE(body);
    CHECK(parse_json(body));
  }
}

TEST_CASE("deep nesting is kept unread", "[connectors][json]") {
  const auto body = "{\"a\":" + std::string(500, '[') + std::string(500, ']') + ",\"b\":1}";
  const auto read = parse_json(body);
  if (read) CHECK((*read)["b"].integer() == 1);
  CHECK_FALSE(parse_json(std::string(100'000, '[')));
}
