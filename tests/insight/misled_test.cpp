// People who feel misled are tied to the claim that misled them, and marketing is told once.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "insight/job.hpp"
#include "tests/insight/demo_corpus.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

using std::chrono::hours;

store::ClaimRow add_roaming(DemoCorpus& demo) {
  const auto campaign = *demo.store->decide_campaign({.brand = demo.brand,
                                                      .name = "Unlimited Roaming Summer",
                                                      .from = demo.promotion_from,
                                                      .to = demo.promotion_to});
  const auto claim = *demo.store->decide_claim({.brand = demo.brand,
                                                .campaign = campaign,
                                                .text = "unlimited calls and data, everywhere",
                                                .from = demo.promotion_from,
                                                .to = demo.promotion_to});
  return *(*demo.store->reader())->claim(claim);
}

}  // namespace

TEST_CASE("demo: the roaming claim is named, with its people", "[insight][misled][demo]") {
  const auto verdicts = GENERATE(Verdicts::truth, Verdicts::analyser);
  TempDir dir;
  auto demo = load_demo(dir.path().string(), verdicts);
  const auto claim = add_roaming(demo);
  auto reader = *demo.store->reader();
  const insight::JobInput in{.reader = *reader,
                             .brand = demo.brand,
                             .brand_name = "Fernwave",
                             .now = demo.promotion_to + hours(1),
                             .names = {}};
  const auto rows = *insight::misled_job(in);
  REQUIRE(!rows.empty());
  const auto& row = rows.front();
  REQUIRE(row.claim == claim.id);
  const std::set<std::string> truth(demo.misled.begin(), demo.misled.end());
  std::size_t right = 0;
  std::set<std::string> found;
  for (const auto id : row.members) {
    const auto mention = reader->mention(id)->front();
    found.insert(mention.native_id);
    const bool is = truth.contains(mention.native_id);
    right += is;
    if (!is) UNSCOPED_INFO("not in truth: " << mention.text);
  }
  std::size_t heard = 0;
  for (const auto& mention : *reader->mentions({.brand = demo.brand, .limit = 10'000}))
    if (truth.contains(mention.native_id) && mention.created_at < in.now) {
      ++heard;
      if (!found.contains(mention.native_id)) UNSCOPED_INFO("missed: " << mention.text);
    }
  const auto precision = static_cast<double>(right) / static_cast<double>(row.members.size());
  const auto recall = static_cast<double>(right) / static_cast<double>(heard);
  UNSCOPED_INFO((verdicts == Verdicts::truth ? "labels: " : "analyser: ")
                << "precision " << precision << " recall " << recall << " of " << heard << " heard; "
                << row.title << " " << row.details);
  for (const auto& other : rows) UNSCOPED_INFO(other.key << " | " << other.people << " | " << other.title);
  // Labels: 0.93 both. Our own verdicts miss some complaints, and take some questions for complaints: 0.84
  // and 0.72.
  CHECK(precision >= (verdicts == Verdicts::truth ? 0.9 : 0.8));
  CHECK(recall >= (verdicts == Verdicts::truth ? 0.9 : 0.7));
  CHECK(row.tell);
}

namespace {

constexpr std::int64_t day = 24 * 60, week = 7 * day;

insight::JobInput input(Fixture& f, store::Reader& reader, std::int64_t minute) {
  return {.reader = reader,
          .brand = f.brand,
          .brand_name = "Fernwave",
          .now = from_ms(monday_ms + minute * 60'000),
          .names = {}};
}

store::ScoredMention says(Fixture& f, int n, std::int64_t minute, const std::string& text,
                          const std::string& author) {
  auto item = scored(mention("m" + std::to_string(n), minute, text, author), f.brand, Polarity::negative,
                     IssueType::expectation_gap);
  item.fingerprint = static_cast<std::uint64_t>(n) + 1;
  return item;
}

constexpr const char* wordings[] = {"delivery was not free at all, not as advertised",
                                    "paid for delivery though the ad says it is free",
                                    "thought delivery was included, it was not",
                                    "so delivery is only free above 30, nobody says that",
                                    "free delivery my foot, misleading",
                                    "they charged delivery again"};

/// Five weeks of ordinary talk, then a week in which `people` feel misled by free delivery.
void fill(Fixture& f, int people, int posts_each) {
  std::vector<store::ScoredMention> items;
  for (int n = 0; n < 6 * 7 * 10; ++n)
    items.push_back(
        scored(mention("o" + std::to_string(n), n * 144, "Fernwave is slow " + std::to_string(n), "o"),
               f.brand, Polarity::negative, IssueType::performance));
  int n = 0;
  for (int person = 0; person < people; ++person)
    for (int post = 0; post < posts_each; ++post, ++n)
      items.push_back(says(
          f, n, 5 * week + 60 + n * 30,
          std::string(wordings[static_cast<std::size_t>(n) % std::size(wordings)]) + " " + std::to_string(n),
          "p" + std::to_string(person)));
  f.write(std::move(items));
}

ClaimId add_claim(Fixture& f, std::int64_t from_minute) {
  return *f.store->decide_claim({.brand = f.brand,
                                 .text = "free delivery, always",
                                 .from = from_ms(monday_ms + from_minute * 60'000),
                                 .at = from_ms(monday_ms)});
}

}  // namespace

TEST_CASE("people fire it, not posts", "[insight][misled]") {
  TempDir dir;
  const auto [people, posts, told] =
      GENERATE(std::tuple(6, 1, true), std::tuple(2, 10, false), std::tuple(4, 3, false));
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f, people, posts);
  const auto claim = add_claim(f, 5 * week);
  auto reader = *f.store->reader();
  const auto rows = *insight::misled_job(input(f, *reader, 6 * week));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].claim == claim);
  CHECK(rows[0].people == people);
  CHECK(rows[0].mentions == people * posts);
  CHECK(rows[0].tell == told);
  CHECK(rows[0].title.find("“free delivery, always”") != std::string::npos);
}

TEST_CASE("without a fitting claim they stay together under their own words", "[insight][misled]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f, 6, 1);
  add_claim(f, 5 * week + 3 * day);  // begins after they wrote
  auto reader = *f.store->reader();
  const auto rows = *insight::misled_job(input(f, *reader, 6 * week));
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].claim);
  CHECK_FALSE(rows[0].tell);
  CHECK(rows[0].title.starts_with("No claim known: "));
  CHECK(rows[0].key.find("delivery") != std::string::npos);
}

TEST_CASE("an edit of the claim is measured, when enough time has passed", "[insight][misled]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  fill(f, 20, 1);
  const auto claim = add_claim(f, 5 * week);
  REQUIRE(f.store->decide_claim({.id = claim,
                                 .edited_at = from_ms(monday_ms + (5 * week + 2 * day) * 60'000),
                                 .at = from_ms(monday_ms)}));
  auto reader = *f.store->reader();
  CHECK((*insight::misled_job(input(f, *reader, 5 * week + 4 * day)))[0].details.find(
            "\"verdict\":\"too early\"") != std::string::npos);
  std::vector<store::ScoredMention> later;
  for (int n = 0; n < 200; ++n)
    later.push_back(scored(mention("l" + std::to_string(n), 6 * week + n * 60, "Fernwave is fine", "l"),
                           f.brand, Polarity::neutral, IssueType::other));
  f.write(std::move(later));
  const auto rows = *insight::misled_job(input(f, *reader, 7 * week));
  INFO(rows[0].details);
  CHECK(rows[0].details.find("\"verdict\":\"fell\"") != std::string::npos);
}

TEST_CASE("a mention that is taken back is as if it had never been", "[insight][misled]") {
  TempDir one, other;
  Fixture f(*store::open_store(one.file("earshot.db"))), fresh(*store::open_store(other.file("earshot.db")));
  fill(f, 7, 1);
  auto gone = mention("m6", 5 * week + 60 + 6 * 30, "", "p6");
  gone.deleted = true;
  f.write({store::ScoredMention{.mention = gone}});
  fill(fresh, 6, 1);
  add_claim(f, 5 * week);
  add_claim(fresh, 5 * week);
  auto reader = *f.store->reader(), second = *fresh.store->reader();
  const auto rows = *insight::misled_job(input(f, *reader, 6 * week));
  const auto expected = *insight::misled_job(input(fresh, *second, 6 * week));
  REQUIRE((rows.size() == 1 && expected.size() == 1));
  CHECK(rows[0].members == expected[0].members);
  CHECK(rows[0].title == expected[0].title);
  CHECK(rows[0].people == 6);
}
