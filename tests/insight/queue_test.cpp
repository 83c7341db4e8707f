#include <catch2/catch.hpp>

#include "insight/service_queue.hpp"

using namespace earshot;
using namespace earshot::insight;

namespace {

store::ContactRow post(std::int64_t id, std::uint64_t author, std::uint64_t fingerprint = 0,
                       std::int64_t bytes = 80) {
  store::ContactRow out{
      .id = MentionId{id}, .author_key = author, .fingerprint = fingerprint, .text_bytes = bytes};
  out.verdict.complaint = true;
  return out;
}

std::vector<store::WaitingRow> queue(const std::vector<store::ContactRow>& rows) {
  std::vector<const store::ContactRow*> posts;
  for (const auto& row : rows) posts.push_back(&row);
  return queue_of(posts);
}

}  // namespace

TEST_CASE("one post shared by fifty is one case, more pressing than one that nobody shares",
          "[insight][service]") {
  std::vector<store::ContactRow> rows{post(1, 1, 77), post(2, 2, 78)};
  for (int i = 0; i < 50; ++i) rows.push_back(post(10 + i, static_cast<std::uint64_t>(100 + i), 77));
  const auto found = queue(rows);
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == MentionId{1});
  CHECK(found[0].priority > found[1].priority);
  CHECK(found[0].reasons.find("\"echoes\":9") != std::string::npos);
  CHECK(found[1].reasons.find("echoes") == std::string::npos);
}

TEST_CASE("short texts, and those of one person, are no copies", "[insight][service]") {
  CHECK(queue({post(1, 1, 77, 20), post(2, 2, 77, 20)}).size() == 2);
  CHECK(queue({post(1, 1), post(2, 2)}).size() == 2);
  const auto again = queue({post(1, 1, 77), post(2, 1, 77)});
  REQUIRE(again.size() == 1);
  CHECK(again[0].id == MentionId{2});
  CHECK(again[0].reasons.find("repeat") != std::string::npos);
}

TEST_CASE("copies count for the person who said it first, whatever that person says later",
          "[insight][service]") {
  const auto found = queue({post(1, 1, 77), post(2, 2, 77), post(3, 1, 99), post(4, 3, 77)});
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == MentionId{3});
  CHECK(found[0].reasons.find("echoes") != std::string::npos);
}

TEST_CASE("people without a name are somebody else each time", "[insight][service]") {
  CHECK(queue({post(1, 0), post(2, 0)}).size() == 2);
  CHECK(queue({post(1, 0, 77), post(2, 5, 77)}).size() == 1);
}

TEST_CASE("a broken promise makes its case more pressing, and says so", "[insight][service]") {
  const std::vector<store::ContactRow> rows{post(1, 1), post(2, 2), post(3, 0)};
  std::vector<const store::ContactRow*> posts;
  for (const auto& row : rows) posts.push_back(&row);
  const auto found = queue_of(posts, {2, 0});
  REQUIRE(found.size() == 3);
  CHECK(found[0].id == MentionId{2});
  CHECK(found[0].reasons.find("\"promise_missed\":15") != std::string::npos);
  for (std::size_t i = 1; i < 3; ++i) CHECK(found[i].reasons.find("promise_missed") == std::string::npos);
}

TEST_CASE("targets follow urgency, and danger is always urgent", "[insight][service]") {
  ServiceTerms terms;
  terms.answer_high = std::chrono::hours(1);
  terms.answer_medium = std::chrono::hours(4);
  store::VerdictRow verdict{.urgency = 0.5};
  CHECK(answer_within(verdict, terms) == terms.answer_high);
  verdict.urgency = 0.3;
  CHECK(answer_within(verdict, terms) == terms.answer_medium);
  verdict.urgency = 0;
  CHECK_FALSE(answer_within(verdict, terms));
  verdict.issues = std::uint64_t{1} << static_cast<unsigned>(IssueType::safety);
  CHECK(answer_within(verdict, terms) == terms.answer_high);
}
