#include "daemon/pseudonyms.hpp"

#include <catch2/catch.hpp>

#include "daemon/pipeline.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::daemon;

namespace {

const std::vector<Brand> brands = {{.id = BrandId{1},
                                    .name = "Fernwave",
                                    .handles = {"@fernwave"},
                                    .own_accounts = {"@FernwaveHelp", "did:plc:fern"}}};

struct Town {
  test::TempDir dir;
  std::shared_ptr<const store::KeyedHash> key = std::make_shared<const store::KeyedHash>(
      *store::KeyedHash::of_database(dir.file("a.db"), store::KeyedHash::Missing::make));

  store::ScoredMention heard(Mention mention, std::vector<Withdrawal> withdrawals = {}) const {
    const auto pipeline = *Pipeline::create(brands, {}, key);
    Page page;
    page.mentions.push_back(std::move(mention));
    page.withdrawals = std::move(withdrawals);
    auto batch = pipeline->process(std::move(page), {.source = SourceId{1}, .stream = "s"}, from_ms(0));
    return std::move(batch.mentions.front());
  }
  std::string words(const std::string& text) const {
    return heard({.platform = "forum", .native_id = "1", .text = text, .lang = "en"}).mention.text;
  }
};

Mention sky_post() {
  return {.platform = "bluesky",
          .native_id = "at://did:plc:ann/app.bsky.feed.post/3l3qo2vuowo2b",
          .text = "@fernwave is awful, ask @Bob.example or bob@mail.example",
          .title = "to @bob.example",
          .url = "https://bsky.app/profile/ann.example/post/3l3qo2vuowo2b",
          .lang = "en",
          .author = {.id = "did:plc:ann", .handle = "ann.example", .name = "Ann Smith", .followers = 12},
          .created_at = from_ms(1'795'000'000'000),
          .in_reply_to = "at://did:plc:bob/app.bsky.feed.post/3l3qo2vuowo2a",
          .conversation = "at://did:plc:bob/app.bsky.feed.post/3l3qo2vuowo2a",
          .links = {"https://x.com/bob/status/1", "https://help.example/users-guide"},
          .extra = R"({"by":"ann"})",
          .raw = R"({"author":"did:plc:ann"})"};
}

}  // namespace

TEST_CASE("nothing of a post names who wrote it or whom it speaks to", "[daemon][pseudonyms]") {
  const Town town;
  const auto item = town.heard(sky_post());
  const auto& kept = item.mention;
  std::string all = kept.native_id + kept.text + kept.title + kept.url + kept.author.id + kept.author.handle +
                    kept.author.name + kept.in_reply_to + kept.conversation + kept.extra + kept.raw +
                    item.derived->links + item.derived->raw;
  for (const auto* name : {"ann", "Ann", "bob", "Bob", "did:"}) CHECK(all.find(name) == std::string::npos);

  CHECK(kept.author.handle == town.key->pseudonym("ann.example"));
  CHECK(kept.author.followers == 12);
  CHECK(kept.text == "@fernwave is awful, ask @" + town.key->pseudonym("bob.example") + " or " +
                         town.key->pseudonym("bob@mail.example"));
  CHECK(kept.title == "to @" + town.key->pseudonym("bob.example"));
  CHECK(kept.url == "https://bsky.app/");
  CHECK(item.derived->links == R"(["https://x.com/","https://help.example/users-guide"])");
  // What the post is known by keeps its time, and a reply its thread.
  CHECK(kept.native_id.ends_with("/3l3qo2vuowo2b"));
  CHECK(item.derived->key_time);
  CHECK(kept.in_reply_to == kept.conversation);
  // Judged as before.
  REQUIRE(item.verdicts.size() == 1);
  CHECK(item.verdicts[0].verdict.sentiment.polarity == Polarity::negative);
}

TEST_CASE("the brand keeps its name, as one who writes and as one who is written to",
          "[daemon][pseudonyms]") {
  const Town town;
  auto post = sky_post();
  post.author = {.id = "did:plc:fern", .handle = "FernwaveHelp", .name = "Fernwave"};
  post.text = "@fernwavehelp@social.example here";
  const auto kept = town.heard(post).mention;
  CHECK(kept.author == post.author);
  CHECK(kept.text == post.text);
  CHECK(kept.native_id.starts_with("pseudonym:"));
}

TEST_CASE("ids that name nobody stay, for they may be asked for again", "[daemon][pseudonyms]") {
  const Town town;
  const auto kept = town.heard(
      {.platform = "x", .native_id = "1860000000000000001", .text = "Fernwave", .in_reply_to = "18"});
  CHECK(kept.mention.native_id == "1860000000000000001");
  CHECK(kept.mention.in_reply_to == "18");
}

TEST_CASE("what is withdrawn is known by the names that were kept", "[daemon][pseudonyms]") {
  const Town town;
  const auto pipeline = *Pipeline::create(brands, {}, town.key);
  Page page;
  page.mentions.push_back(sky_post());
  page.withdrawals = {{.platform = "bluesky", .native_id = sky_post().native_id},
                      {.platform = "bluesky", .author_id = "did:plc:ann"}};
  const auto batch = pipeline->process(std::move(page), {.source = SourceId{1}, .stream = "s"}, from_ms(0));
  CHECK(batch.withdrawals[0].native_id == batch.mentions[0].mention.native_id);
  CHECK(batch.withdrawals[1].author_id == batch.mentions[0].mention.author.id);
}

TEST_CASE("texts of every shape are covered and nothing else of them changes", "[daemon][pseudonyms]") {
  const Town town;
  const auto bob = "@" + town.key->pseudonym("bob");
  CHECK(town.words("Fernwave") == "Fernwave");
  CHECK(town.words("(@bob) Fernwave, @BOB: @bob") == "(" + bob + ") Fernwave, " + bob + ": " + bob);
  CHECK(town.words("é😀@bob…ü @ Fernwave @") == "é😀" + bob + "…ü @ Fernwave @");
  CHECK(town.words("see https://social.example/@bob/112 and http://a.example/x?y=1") ==
        "see https://social.example/ and http://a.example/x?y=1");
  CHECK(town.words("https://bob:secret@host.example/x Fernwave").find("secret") == std::string::npos);
  const auto once = town.words("Fernwave @bob bob@mail.example");
  CHECK(town.words(once) == once);
  CHECK(town.words(std::string("Fernwave \xff@bob\0x", 17)).find("@bob") == std::string::npos);
}
