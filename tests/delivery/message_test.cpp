#include "delivery/message.hpp"

#include <catch2/catch.hpp>

#include "delivery/escape.hpp"
#include "delivery/template.hpp"
#include "tests/delivery/items.hpp"

using namespace earshot;
using namespace earshot::delivery;

TEST_CASE("a message says what happened, to how many, and quotes them", "[delivery][message]") {
  const auto message = compose(test::incident("Login fails", 7));
  CHECK(message.headline == "New incident at Fernwave, severity 7 of 10: Login fails");
  CHECK(message.severity == 7);
  CHECK(message.authors == 31);
  REQUIRE(message.quotes.size() == 1);
  const auto text = plain_text(message);
  CHECK(text.find("People: 31") != std::string::npos);
  CHECK(text.find("> cannot log in\n  forum, https://forum.example/1") != std::string::npos);
}

TEST_CASE("what people wrote does nothing, in any medium", "[delivery][message]") {
  const auto message = compose(test::incident(test::hostile, 3));
  const auto html = html_text(message);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("href=\"javascript") == std::string::npos);
  const auto markdown = markdown_text(message);
  CHECK(markdown.find("@everyone") == std::string::npos);
  CHECK(markdown.find("](javascript") == std::string::npos);
  CHECK(markdown.find("\n# ") == std::string::npos);
  for (const auto& text : {plain_text(message), html, markdown}) {
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
  }
  CHECK(message.headline.find('\n') == std::string::npos);
  CHECK(message.headline.size() <= 480);
}

TEST_CASE("a payload of any shape becomes some message", "[delivery][message]") {
  for (const char* payload :
       {"", "{", "[]", "null", "{\"title\":7,\"severity\":\"x\",\"details\":[]}",
        "{\"severity\":9999999999,\"authors\":-4,\"details\":{\"quotes\":[1,null,{}]}}"}) {
    const auto message = compose(Item{.kind = "incident_opened", .payload = payload});
    CHECK(message.headline.starts_with("New incident"));
    CHECK(message.severity <= 10);
    CHECK(message.quotes.empty());
  }
}

TEST_CASE("texts are escaped for where they go", "[delivery][escape]") {
  CHECK(escape_slack("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;");
  CHECK(escape_markdown("*a* [x](y) @here") == "\\*a\\* \\[x\\]\\(y\\) @\xE2\x80\x8Bhere");
  CHECK(escape_json("a\"b\\\n") == "a\\\"b\\\\\\n");
  CHECK(clip("äöü", 5) == "ä…");
  CHECK(clip("äöü", 6) == "äöü");
  CHECK(safe_link("javascript:alert(1)").empty());
  CHECK(safe_link("https://x.example/a|b>c") == "https://x.example/a%7Cb%3Ec");
  CHECK(safe_link("https://x.example/(a)") == "https://x.example/%28a%29");
}

TEST_CASE("templates fill in, escaped, and say what they do not know", "[delivery][template]") {
  auto parsed = Template::parse(R"({"t":"{{ title }}","n":{{severity}},"all":{{json}}})");
  REQUIRE(parsed);
  const auto body = parsed->fill(test::incident(test::hostile, 4), Template::Escape::json);
  CHECK(is_json(body));
  CHECK(json_value(body, "/n") == "4");
  CHECK(json_value(body, "/all/type") == "incident_opened");
  CHECK(Template::parse("plain")->fill({}, Template::Escape::none) == "plain");
  CHECK(Template::parse("a={{title}}")->fill(test::incident("x&b=1", 1), Template::Escape::url) ==
        "a=x%26b%3D1");
  const auto unknown = Template::parse("{{titel}}");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("did you mean `title`") != std::string::npos);
  CHECK_FALSE(Template::parse("a {{title"));
  CHECK_FALSE(Template::parse("{{}}"));
}

TEST_CASE("answers of receivers are read with care", "[delivery][template]") {
  CHECK(json_value(R"({"ticket":{"id":18446744073709551615}})", "/ticket/id") == "18446744073709551615");
  CHECK(json_value(R"({"id":"a\nb"})", "/id") == "a b");
  for (const char* body : {"", "<html>", "{\"id\":{}}", "{\"id\":null}", "[1]"})
    CHECK(json_value(body, "/id").empty());
}

TEST_CASE("an item has one id, whatever the attempt", "[delivery][item]") {
  store::Delivery row{
      .id = 4,
      .destination = "a",
      .item = {.kind = "idea_new", .key = "idea_new:1:wifi", .payload = "{}", .created_at = from_ms(1'000)},
      .thread = "idea:1:wifi",
      .attempts = 1};
  const auto first = item_of({row});
  row.attempts = 9;
  row.id = 7;
  CHECK(item_of({row}).id == first.id);
  CHECK(first.id.size() == 36);
  CHECK(first.id.find('.') == std::string::npos);  // the signature's separator
  auto other = row;
  other.item.created_at = from_ms(1'001);
  CHECK(item_of({other}).id != first.id);
  row.digest = true;
  const auto digest = item_of({row, other});
  CHECK(digest.id != first.id);
  CHECK(digest.parts.size() == 2);
  CHECK(json_value(to_json(digest), "/data/items/0/id") == first.id);
  CHECK(thread_of({.kind = "incident_closed", .key = "incident_closed:1:0:5"}) == "incident:1:0:5");
  CHECK(thread_of({.kind = "incident_opened", .key = "incident_opened:1:0:5"}) == "incident:1:0:5");
}
