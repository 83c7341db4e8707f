#include "analysis/people/roles.hpp"

#include <catch2/catch.hpp>

using namespace earshot::analysis;

TEST_CASE("each role names the post that shows it", "[analysis][people][roles]") {
  const std::vector<RolePost> posts{
      {}, {.claims_customer = true}, {.thanked = true}, {.claims_customer = true}};
  const auto found = find_roles({}, posts);
  REQUIRE(found.size() == 2);
  CHECK(found[0].role == Role::customer);
  CHECK(found[0].evidence == 1);
  CHECK(found[1].role == Role::community);
  CHECK(found[1].evidence == 2);
  CHECK(find_roles({}, {}).empty());
  CHECK(find_roles({}, std::vector<RolePost>{{}}).empty());  // unknown
}

TEST_CASE("staff say so in a post or in their name", "[analysis][people][roles]") {
  CHECK(find_roles({}, std::vector<RolePost>{{.claims_staff = true}})[0].reason == "says_so");
  CHECK(find_roles({.name_says_staff = true}, std::vector<RolePost>{{}})[0].reason == "name_says_so");
}

TEST_CASE("programs repeat themselves or say what they are", "[analysis][people][roles]") {
  std::vector<RolePost> posts(5, RolePost{.fingerprint = 7});
  CHECK(find_roles({}, posts)[0].role == Role::bot);
  posts.resize(4);
  CHECK(find_roles({}, posts).empty());
  posts.resize(9, RolePost{.fingerprint = 7});
  for (std::size_t i = 0; i < 4; ++i) posts[i].fingerprint = 100 + i;
  CHECK(find_roles({}, posts).empty());  // five of nine: somebody insists
  for (const auto* name : {"newsbot", "Deals [bot]", "weather-bot", "Status Bot", "🤖 ferns", "bot"})
    CHECK(names_a_bot(name));
  for (const auto* name : {"", "Talbot", "abbot99", "Bottle", "robotics fan", "lisbotte"})
    CHECK_FALSE(names_a_bot(name));
}

TEST_CASE("interests of one's own are told from those of customers", "[analysis][people][roles]") {
  for (std::size_t i = 0; i < role_count; ++i) {
    const auto role = static_cast<Role>(i);
    CHECK(role_from(to_string(role)) == role);
    CHECK(is_interested(role) == (role != Role::customer && role != Role::community));
  }
}
