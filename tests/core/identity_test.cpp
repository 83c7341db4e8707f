#include "core/model/identity.hpp"

#include <catch2/catch.hpp>

using namespace earshot;

TEST_CASE("an id orders by time and gives its time back", "[core][identity]") {
  const auto early = identity::make_id(from_ms(1'700'000'000'000), 0xFFFF'FFFF);
  const auto late = identity::make_id(from_ms(1'700'000'000'001), 0);
  REQUIRE(early < late);
  REQUIRE(identity::time_of(early) == from_ms(1'700'000'000'000));
}

TEST_CASE("a Bluesky post is identified by the time inside its record key", "[core][identity]") {
  Mention mention{
      .platform = "bluesky", .native_id = "at://did:plc:x/app.bsky.feed.post/3lt4t5vkqd22s", .text = ""};
  const auto first = identity::key_time(mention);
  REQUIRE(first);
  mention.created_at = *first + std::chrono::hours(3);
  REQUIRE(identity::key_time(mention) == first);
  mention.created_at = *first - std::chrono::hours(48);
  REQUIRE_FALSE(identity::key_time(mention));
  REQUIRE(to_ms(*first) / 86'400'000 == 20'273);  // 2025-07-04
}

TEST_CASE("posts are identified to the second, feeds by alias", "[core][identity]") {
  Mention mention{.platform = "mastodon",
                  .native_id = "https://a.example/1",
                  .text = "",
                  .created_at = from_ms(1'700'000'000'910)};
  REQUIRE(identity::key_time(mention) == from_ms(1'700'000'000'000));
  mention.platform = "a forum of ours";
  REQUIRE(identity::key_time(mention) == from_ms(1'700'000'000'000));
  mention.fetched_at = mention.created_at;  // its own time was not believed
  REQUIRE_FALSE(identity::key_time(mention));
  mention.fetched_at = {};
  mention.platform = "feed";
  REQUIRE_FALSE(identity::key_time(mention));
}

TEST_CASE("what has a time that moves with its edits is identified without it", "[core][identity]") {
  Mention mention{.platform = "google_play",
                  .native_id = "r1",
                  .kind = MentionKind::review,
                  .created_at = from_ms(1'700'000'000'910)};
  REQUIRE_FALSE(identity::key_time(mention));
  mention.kind = MentionKind::survey;
  REQUIRE_FALSE(identity::key_time(mention));
  mention.kind = MentionKind::comment;
  REQUIRE(identity::key_time(mention));
  mention.platform = "instagram";
  REQUIRE_FALSE(identity::key_time(mention));
}
