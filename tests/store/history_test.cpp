#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

store::HistoryPage all(BrandId brand) {
  return {.brand = brand, .since = from_ms(monday_ms), .until = from_ms(monday_ms) + std::chrono::hours(24)};
}

}  // namespace

TEST_CASE("the history leaves out own posts, spam and what was deleted", "[store][history]") {
  TempDir dir;
  Fixture f(*store::open_store(dir.file("earshot.db")));
  auto own = scored(mention("own", 2, "sorry", "fernwavehelp"), f.brand);
  own.verdicts[0].match = MatchKind::own;
  own.mention.in_reply_to = "https://social.example/1";
  auto spam = scored(mention("spam", 3), f.brand);
  spam.verdicts[0].verdict.intents = {ScoredIntent{.intent = Intent::spam, .score = 1}};
  auto asks = scored(mention("ask", 4, "how do I?", "bob"), f.brand, Polarity::neutral, IssueType::how_to);
  auto polite = scored(mention("polite", 5, "it is down, sadly", "cy"), f.brand, Polarity::neutral);
  polite.verdicts[0].verdict.complaint = true;
  auto unknown = scored(mention("unknown", 6, "Fernwave kaputt", "di"), f.brand, Polarity::unscored);
  unknown.verdicts[0].verdict.lang = "xx";
  auto gone = mention("gone", 7);
  f.write({scored(mention("1", 1), f.brand), own, spam, asks, polite, unknown, scored(gone, f.brand)});
  gone.deleted = true;
  f.write({store::ScoredMention{.mention = gone}});

  auto reader = *f.store->reader();
  const auto troubles = *reader->troubles(all(f.brand));
  REQUIRE(troubles.size() == 2);
  CHECK(troubles[0].id > troubles[1].id);
  CHECK(troubles[0].text_bytes == 17);
  CHECK(troubles[1].issues == 1U << static_cast<unsigned>(IssueType::outage));
  auto next = all(f.brand);
  next.before = troubles[0].id;
  CHECK(*reader->troubles(next) == std::vector{troubles[1]});

  const auto questions = *reader->questions(all(f.brand));
  REQUIRE(questions.size() == 1);
  CHECK(questions[0].text == "how do I?");
  // In the conversations the brand's own posts count, spam and what was deleted does not.
  const auto contacts = *reader->contacts(all(f.brand));
  const auto reply =
      std::ranges::find(contacts, MatchKind::own, [](const auto& row) { return row.verdict.match; });
  REQUIRE(reply != contacts.end());
  CHECK(reply->parent == identity::native_hash("mastodon", "https://social.example/1"));
  CHECK(std::ranges::count(contacts, reply->parent, &store::ContactRow::post) == 1);
  CHECK(std::ranges::none_of(contacts, [](const auto& row) { return row.verdict.has(Intent::spam); }));
  // Counts outlive what they counted: the deleted one is among them.
  const auto languages = *reader->languages(f.brand, from_ms(monday_ms), from_ms(monday_ms * 2));
  CHECK(languages == std::vector<store::LanguageCount>{{.lang = "en", .mentions = 4, .unscored = 0},
                                                       {.lang = "xx", .mentions = 1, .unscored = 1}});
}
