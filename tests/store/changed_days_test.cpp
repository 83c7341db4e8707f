// Whatever changes what the insight jobs read of a brand's day gives that day another mark, and no other day.
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "store/content.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr std::int64_t day = 24 * 60;

Timestamp at(std::int64_t minute) { return from_ms(monday_ms + minute * 60'000); }

/// What is read of each day, as far as it can be compared.
std::map<Timestamp, std::string> contents(store::Reader& reader, BrandId brand, std::int64_t days) {
  std::map<Timestamp, std::string> out;
  for (std::int64_t d = 0; d < days; ++d) {
    auto& text = out[at(d * day)];
    const store::HistoryPage page{
        .brand = brand, .since = at(d * day), .until = at((d + 1) * day), .limit = 10'000};
    for (const auto& row : *reader.contacts(page)) {
      const auto& v = row.verdict;
      for (const auto number :
           {row.id.value, row.source.value, static_cast<std::int64_t>(row.parent),
            static_cast<std::int64_t>(row.thread), static_cast<std::int64_t>(row.author_key),
            static_cast<std::int64_t>(v.polarity), static_cast<std::int64_t>(v.issues),
            static_cast<std::int64_t>(v.intents), static_cast<std::int64_t>(v.score * 1000)})
        text += std::to_string(number) + " ";
      text += row.text + "|" + row.author_handle + "\n";
    }
  }
  return out;
}

std::map<Timestamp, std::uint64_t> marks(store::Reader& reader, BrandId brand, std::int64_t days) {
  std::map<Timestamp, std::uint64_t> out;
  for (const auto& mark : *reader.content().day_marks(brand, at(0), at(days * day)))
    out[mark.day] = mark.mark;
  return out;
}

}  // namespace

TEST_CASE("a day that was changed has another mark", "[store][content]") {
  constexpr std::int64_t days = 20;
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    INFO("seed " << seed);
    TempDir dir;
    auto f = fresh(dir);
    auto reader = *f.store->reader();
    std::mt19937 random(seed);
    const auto pick = [&](std::size_t below) {
      return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
    };
    std::vector<store::ScoredMention> heard;
    int count = 0;
    const auto next = [&] {
      const auto id = std::to_string(count++);
      auto one = scored(mention(id, static_cast<std::int64_t>(pick(days * day)), "text " + id,
                                "writer" + std::to_string(pick(9))),
                        f.brand, Polarity::negative, IssueType::billing);
      if (!heard.empty() && pick(3) == 0)
        one.mention.in_reply_to = heard[pick(heard.size())].mention.native_id;
      heard.push_back(one);
      return one;
    };
    std::vector<store::ScoredMention> first;
    for (int i = 0; i < 60; ++i) first.push_back(next());
    f.write(std::move(first));
    auto before = contents(*reader, f.brand, days);
    auto marked = marks(*reader, f.brand, days);
    std::size_t unchanged = 0;
    for (int step = 0; step < 60; ++step) {
      INFO("step " << step);
      const auto rows = *reader->mentions({.brand = f.brand, .limit = 1000});
      const auto& target = rows[pick(rows.size())];
      switch (pick(7)) {
        case 0: f.write({next()}); break;
        case 1: {
          auto& one = heard[pick(heard.size())];
          one.mention.text += " again";
          one.mention.edited_at =
              one.mention.edited_at.value_or(one.mention.created_at) + std::chrono::minutes(3);
          one.mention.fetched_at = *one.mention.edited_at + std::chrono::seconds(5);
          f.write({one});
          break;
        }
        case 2: {
          auto gone = heard[pick(heard.size())].mention;
          gone.deleted = true;
          gone.text.clear();
          f.write({store::ScoredMention{.mention = gone}});
          break;
        }
        case 3:
          if (!target.deleted)
            REQUIRE(f.store->label(store::Label{
                .mention = target.id, .brand = f.brand, .polarity = Polarity::positive, .at = at(0)}));
          break;
        case 4: static_cast<void>(f.store->unlabel(target.id, f.brand)); break;
        case 5: {
          store::AuthorTrace trace{.platform = target.platform};
          for (const auto& row : rows) {
            if (row.author_key == target.author_key && row.author_key != 0) trace.mentions.push_back(row.id);
            if (!row.in_reply_to.empty()) trace.replies.push_back(row.id);
          }
          trace.keys = {target.author_key};
          if (step % 4 == 0) REQUIRE(f.store->erase(trace, "asked", at(0)));
          break;
        }
        default:
          if (step > 50) REQUIRE(f.store->purge(at(static_cast<std::int64_t>(pick(4 * day))), 3));
      }
      const auto after = contents(*reader, f.brand, days);
      const auto remarked = marks(*reader, f.brand, days);
      for (const auto& [day_at, text] : after) {
        const bool known = marked.contains(day_at) && remarked.contains(day_at);
        if (text != before[day_at]) CHECK((!known || marked[day_at] != remarked.at(day_at)));
        if (!text.empty()) CHECK(remarked.contains(day_at));
        unchanged += known && marked[day_at] == remarked.at(day_at);
      }
      before = after;
      marked = remarked;
    }
    CHECK(unchanged > 60 * days / 2);
  }
}

TEST_CASE("a day that holds what is dated later is another one when that has come", "[store][content]") {
  TempDir dir;
  auto f = fresh(dir);
  auto reader = *f.store->reader();
  f.write({scored(mention("1", 10, "early", "a"), f.brand, Polarity::neutral, IssueType::other),
           scored(mention("2", 600, "late", "b"), f.brand, Polarity::neutral, IssueType::other)});
  const auto mark = [&](std::int64_t until) {
    const auto found = *reader->content().day_marks(f.brand, at(0), at(until));
    REQUIRE(found.size() == 1);
    return found.front().mark;
  };
  CHECK(mark(100) != mark(700));
  CHECK(mark(100) != mark(200));  // who looks in between cannot know what will have come
  CHECK(mark(700) == mark(800));
  CHECK(mark(700) == mark(day));
}
