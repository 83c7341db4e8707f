#include "connectors/normalise.hpp"

#include <catch2/catch.hpp>

#include "core/base/hash.hpp"

using namespace earshot;
using namespace earshot::connectors;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

Mention sample() {
  Mention mention;
  mention.platform = "mastodon";
  mention.native_id = "https://a.example/1";
  mention.text = "The app is slow";
  mention.created_at = now - std::chrono::hours(2);
  mention.fetched_at = now;
  return mention;
}

}  // namespace

TEST_CASE("nothing answers itself", "[connectors][normalise]") {
  auto mention = sample();
  mention.in_reply_to = " https://a.example/1 ";
  CHECK(normalise(mention)->in_reply_to.empty());
  mention.in_reply_to = "https://a.example/0";
  CHECK(normalise(mention)->in_reply_to == "https://a.example/0");
}

TEST_CASE("a mention leaves clean, capped and canonical", "[connectors][normalise]") {
  auto mention = sample();
  mention.text =
      " a\x01"
      "b\r\nc\xFF \xE2\x80\xAE ";
  mention.title = "two\nlines";
  mention.url = "https://A.example/x?utm_source=y#z";
  mention.lang = "pt-BR";
  mention.author.handle = "@ @ann@a.example";
  mention.author.followers = -1;
  mention.tags = {"#Fernwave", "fernwave", "", "#"};
  mention.links = {"https://b.example/?gclid=1", "https://b.example/", "javascript:x"};
  const auto done = normalise(mention);
  REQUIRE(done);
  CHECK(done->text == "ab\nc\xEF\xBF\xBD");
  CHECK(done->title == "two lines");
  CHECK(done->url == "https://a.example/x");
  CHECK(done->lang == "pt");
  CHECK(done->author.handle == "ann@a.example");
  CHECK_FALSE(done->author.followers);
  CHECK(done->tags == std::vector<std::string>{"Fernwave"});
  CHECK(done->links == std::vector<std::string>{"https://b.example/"});
  CHECK(*normalise(*done) == *done);
}

TEST_CASE("impossible dates become the time of fetching", "[connectors][normalise]") {
  auto mention = sample();
  mention.created_at = now + std::chrono::minutes(59);
  CHECK(normalise(mention)->created_at == mention.created_at);
  mention.created_at = now + std::chrono::minutes(61);
  CHECK(normalise(mention)->created_at == now);
  mention.created_at = {};
  CHECK(normalise(mention)->created_at == now);
  mention.created_at = now - std::chrono::hours(5);
  mention.edited_at = now - std::chrono::hours(6);
  CHECK_FALSE(normalise(mention)->edited_at);
}

TEST_CASE("what cannot be a mention says why", "[connectors][normalise]") {
  auto mention = sample();
  mention.native_id = " ";
  CHECK(normalise(mention).error().message == "no id");
  mention = sample();
  mention.text = " \x02 ";
  CHECK(normalise(mention).error().message == "no text");
  mention.deleted = true;
  CHECK(normalise(mention));
}

TEST_CASE("long text is cut between characters", "[connectors][normalise]") {
  auto mention = sample();
  for (int i = 0; i < 50'000; ++i) mention.text += "\xC3\xA9";
  const auto done = normalise(mention);
  CHECK(done->text.size() <= 64 * 1024);
  CHECK(done->text.ends_with("\xC3\xA9"));
}

TEST_CASE("languages are primary tags", "[connectors][normalise]") {
  CHECK(primary_language("EN") == "en");
  CHECK(primary_language("zh_Hant") == "zh");
  CHECK(primary_language("und").empty());
  CHECK(primary_language("english").empty());
  CHECK(primary_language("x1").empty());
}

TEST_CASE("echoes of one post are one mention", "[connectors][normalise]") {
  auto a = sample();
  auto b = sample();
  b.native_id = "https://a.example/2";
  auto again = sample();
  again.text = "The app is very slow";
  std::vector<Mention> mentions{a, b, again};
  collapse_echoes(mentions);
  REQUIRE(mentions.size() == 2);
  CHECK(mentions[0].text == again.text);
}

TEST_CASE("near-identical copies share a fingerprint", "[connectors][normalise]") {
  const auto original = text_fingerprint("Fernwave is DOWN again! https://t.example/abc");
  CHECK(original != 0);
  CHECK(text_fingerprint("RT @ann: fernwave is down   again https://t.example/xyz") == original);
  CHECK(text_fingerprint("@bob Fernwave is down again\xE2\x80\xA6") == original);
  CHECK(text_fingerprint("Fernwave is up again") != original);
  CHECK(text_fingerprint("\xC8\xBA\xC8\xBA\xC8\xBA\xC8\xBA \xC8\xBA") ==
        text_fingerprint(
            "\xE2\xB1\xA5\xE2\xB1\xA5\xE2\xB1\xA5\xE2\xB1\xA5  \xE2\xB1\xA5!"));  // folds to a longer form
  CHECK(text_fingerprint("5 \xE2\x84\xAA") == text_fingerprint("5 k"));           // the Kelvin sign
  CHECK(text_fingerprint("RT: WWW.acme.example now") == text_fingerprint("now"));
  CHECK(original == hash64("fernwave is down again "));  // it is stored
  CHECK(text_fingerprint("a bc") != text_fingerprint("ab c"));
  CHECK(text_fingerprint("https://t.example/ @ann !!") == 0);
}
