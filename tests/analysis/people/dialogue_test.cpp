#include "analysis/people/dialogue.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace earshot;
using namespace earshot::analysis;

namespace {

constexpr std::uint64_t ann = 1, bob = 2, help = 9;

Contact post(int minute, std::uint64_t id, std::uint64_t author, std::uint64_t parent = 0,
             std::uint64_t thread = 0) {
  return {.at = from_ms(minute * 60'000),
          .post = id,
          .parent = parent,
          .thread = thread,
          .author = author,
          .own = author == help,
          .wants = author != help};
}

Contact thanks(Contact contact) {
  contact.wants = false;
  contact.thankful = true;
  return contact;
}

}  // namespace

TEST_CASE("a reply of the brand answers the post it replies to", "[analysis][people]") {
  const std::vector<Contact> contacts{post(0, 1, ann), post(1, 2, bob), post(5, 3, help, 1),
                                      post(9, 4, help, 1)};
  const auto answers = find_answers(contacts);
  CHECK(answers[0].own == 2);
  CHECK_FALSE(answers[1].own);
  CHECK_FALSE(answers[2].own);
}

TEST_CASE("who writes three times in a thread and is answered once has been answered", "[analysis][people]") {
  const std::vector<Contact> contacts{post(0, 1, ann),    post(1, 2, ann, 1),  post(2, 3, bob, 1),
                                      post(3, 4, ann, 3), post(8, 5, help, 4), post(9, 6, ann, 5)};
  const auto answers = find_answers(contacts);
  CHECK(answers[0].own == 4);
  CHECK(answers[1].own == 4);
  CHECK_FALSE(answers[2].own);  // bob asked too, and nobody spoke to him
  CHECK(answers[3].own == 4);
  CHECK_FALSE(answers[5].own);  // what came after the answer is a new matter
}

TEST_CASE("the second part of a reply is for whom the first is", "[analysis][people]") {
  const auto answers = find_answers(std::vector{post(0, 1, ann), post(5, 2, help, 1), post(6, 3, ann, 2),
                                                post(7, 4, help, 2), post(8, 5, help, 3)});
  CHECK(answers[0].own == 1);
  CHECK(answers[2].own == 3);
}

TEST_CASE("a platform's own threads hold together what parents do not", "[analysis][people]") {
  const auto answers = find_answers(std::vector{post(0, 1, ann, 0, 77), post(1, 2, ann, 500, 77),
                                                post(4, 3, help, 2, 77), post(5, 4, ann, 0, 78)});
  CHECK(answers[0].own == 2);
  CHECK(answers[1].own == 2);
  CHECK_FALSE(answers[3].own);
}

TEST_CASE("thanks in the same thread settle what was asked there", "[analysis][people]") {
  const auto answers = find_answers(
      std::vector{post(0, 1, ann), post(2, 2, bob, 1), thanks(post(9, 3, ann, 2)), thanks(post(10, 4, ann))});
  CHECK(answers[0].settled == 2);
  CHECK_FALSE(answers[0].own);
  CHECK_FALSE(answers[1].settled);
}

TEST_CASE("hostile threads end: loops, unknown parents, no authors", "[analysis][people]") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Contact> contacts;
    for (int i = 0; i < 60; ++i)
      contacts.push_back(
          post(i, random() % 20, random() % 3 == 0 ? help : random() % 4, random() % 25, random() % 3));
    const auto answers = find_answers(contacts);
    REQUIRE(answers.size() == contacts.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (!answers[i].own) continue;
      CHECK(contacts[*answers[i].own].own);
      CHECK_FALSE(contacts[i].own);
      CHECK(*answers[i].own > i);
    }
  }
}
