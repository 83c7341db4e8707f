#include "analysis/people/reply_graph.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::analysis;

namespace {

Utterance post(std::uint64_t id, std::uint64_t author, std::uint64_t parent = 0) {
  return {.at = from_ms(static_cast<std::int64_t>(id)), .post = id, .parent = parent, .author = author};
}

}  // namespace

TEST_CASE("a defence is a good word under somebody else's complaint", "[analysis][people][reply_graph]") {
  std::vector<Utterance> posts{post(1, 10), post(2, 20, 1), post(3, 10, 1), post(4, 30, 1), post(5, 40)};
  posts[0].negative = true;
  for (std::size_t i = 1; i < posts.size(); ++i) posts[i].takes_part = true;
  posts[3].own = true;  // the brand itself
  const auto found = find_defences(posts);
  REQUIRE(found.size() == 1);  // not the complainer's own words, not the brand, not a post of its own
  CHECK(found[0].reply == 1);
  CHECK(found[0].target == 0);
  posts[1].negative = true;  // agrees with the complaint
  CHECK(find_defences(posts).empty());
}

TEST_CASE("where the parent is not known the thread's root counts", "[analysis][people][reply_graph]") {
  std::vector<Utterance> posts{post(1, 10), post(2, 20, 99)};
  posts[0].negative = posts[1].takes_part = true;
  CHECK(find_defences(posts).empty());
  posts[1].thread = 1;
  CHECK(find_defences(posts).size() == 1);
}

TEST_CASE("a peer answer is one for which the asker gave thanks", "[analysis][people][reply_graph]") {
  std::vector<Utterance> posts{post(1, 10), post(2, 20, 1), post(3, 10, 2), post(4, 30, 2)};
  posts[0].asks = posts[2].thanks = posts[3].thanks = true;
  auto found = find_peer_answers(posts);
  REQUIRE(found.size() == 1);
  CHECK(found[0].question == 0);
  CHECK(found[0].answer == 1);
  CHECK(found[0].thanks == 2);
  posts[1].own = true;
  CHECK(find_peer_answers(posts).empty());
  posts[1].own = false;
  posts[2].author = 40;  // somebody else is thankful
  CHECK(find_peer_answers(posts).empty());
}

TEST_CASE("loops in the data end", "[analysis][people][reply_graph]") {
  std::vector<Utterance> posts{post(1, 10, 2), post(2, 20, 1), post(3, 30, 3)};
  for (auto& one : posts) one.negative = one.asks = one.thanks = true;
  CHECK(find_defences(posts).empty());
  CHECK(find_peer_answers(posts).size() <= posts.size());
}
