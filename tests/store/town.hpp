#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "store/sqlite/database.hpp"
#include "tests/store/store_contract.hpp"
#include "tests/support/temp_dir.hpp"

namespace earshot::test {

inline const auto later = from_ms(monday_ms + 7 * 86'400'000);

/// Names and words of one person that occur nowhere else.
inline const std::vector<std::string> canaries = {"canaryhandle", "canaryname",  "canaryid",    "canarypost",
                                                  "canaryword",   "canarytitle", "canaryextra", "canarytag"};

inline Mention canary_post(const std::string& id, std::int64_t minute, const std::string& words) {
  auto out = mention("canarypost-" + id, minute, words, "canaryid");
  out.author.handle = "canaryhandle";
  out.author.name = "Canaryname";
  out.title = "canarytitle";
  out.url = "https://social.example/@canaryhandle/" + id;
  out.tags = {"canarytag"};
  out.extra = R"({"bio":"canaryextra"})";
  out.conversation = "https://social.example/canarypost-1";
  return out;
}

/// A database in which one person left traces wherever a person can: posts, replies to them, what jobs found,
/// what people decided, what was sent.
struct Town {
  TempDir dir;
  Fixture f{*store::open_store(dir.file("earshot.db"))};
  MentionId theirs = {}, reply = {};

  /// Between their posts come `neighbours` of others, so that pages are split and rows move.
  explicit Town(int neighbours = 0) {
    std::vector<store::ScoredMention> page;
    for (int i = 1; i <= 3; ++i)
      page.push_back(scored(canary_post(std::to_string(i), i, "Fernwave lost my canaryword"), f.brand));
    auto answer = mention("answer", 10, "same here, Fernwave is down", "bob");
    answer.in_reply_to = answer.conversation = "https://social.example/canarypost-1";
    answer.raw = R"({"to":"canaryid"})";
    page.push_back(scored(answer, f.brand));
    page.push_back(scored(mention("other", 11, "Fernwave is slow", "cleo"), f.brand));
    for (int i = 0; i < neighbours; ++i)
      page.push_back(scored(mention("next-" + std::to_string(i), i % 12,
                                    "Fernwave, number " + std::to_string(i) + " " + std::string(i % 90, 'x'),
                                    "neighbour" + std::to_string(i % 7)),
                            f.brand));
    f.write(std::move(page));
    for (const auto& row : *(*f.store->reader())->mentions({.brand = f.brand, .limit = 10'000})) {
      if (row.author_handle == "bob") reply = row.id;
      if (row.author_handle == "canaryhandle") theirs = row.id;
    }
    f.index();
    find_things();
  }

  /// What jobs and people would have found and decided.
  void find_things() const {
    const auto quote = [](MentionId id, const std::string& author, const std::string& text) {
      return R"({"mention":")" + std::to_string(id.value) + R"(","author":")" + author + R"(","text":")" +
             text + "\"}";
    };
    const auto quotes =
        "[" + quote(theirs, "canaryhandle", "lost my canaryword") + "," + quote(reply, "bob", "same") + "]";
    const store::IncidentRow incident{.issue = 3,
                                      .state = "open",
                                      .title = "outage",
                                      .detected_at = from_ms(monday_ms),
                                      .first_mention = theirs,
                                      .details = R"({"version":1,"exemplars":)" + quotes + "}",
                                      .members = {theirs, reply}};
    REQUIRE(f.store->write_incidents(f.brand, std::span(&incident, 1), from_ms(monday_ms)));
    const store::IdeaRow idea{.key = "lost",
                              .title = "Where is my canaryword?",
                              .askers = 2,
                              .mentions = 2,
                              .details = R"({"question":"Where is my canaryword?","quotes":)" + quotes + "}",
                              .members = {theirs, reply}};
    REQUIRE(f.store->write_ideas(f.brand, std::span(&idea, 1), from_ms(monday_ms)));
    REQUIRE(f.store->label({.mention = theirs,
                            .brand = f.brand,
                            .polarity = Polarity::negative,
                            .note = "canaryhandle is right",
                            .at = from_ms(monday_ms)}));
    const auto page =
        R"("title":"Brief","figures":[],"text":"canaryhandle: canaryword","html":"<p>canaryword"})";
    const auto told = [&] {
      return f.store->tell("report", "report:brief",
                           R"({"report":"brief","brand":"Acme",)" + std::string(page), from_ms(monday_ms));
    };
    REQUIRE(*told());
    REQUIRE_FALSE(*told());
    auto& deliveries = f.store->deliveries();
    REQUIRE(deliveries.ensure_destination("chat", from_ms(0)));
    const auto items = *deliveries.unrouted("chat", 10);
    REQUIRE(items.size() == 3);
    for (const auto& item : items) {
      const store::NewDelivery one{
          .outbox_id = item.id, .thread = "t", .topic = "t", .due_at = from_ms(monday_ms)};
      REQUIRE(deliveries.route("chat", item.id, one, from_ms(monday_ms)));
    }
    const auto claimed = *deliveries.claim("chat", later, Milliseconds(1000));
    REQUIRE(claimed.size() == 1);
    const auto id = claimed.front().id;
    REQUIRE(deliveries.delivered(std::span(&id, 1), "m1", later));
  }

  store::AuthorTrace trace(const std::string& name = "canaryid") const {
    auto found = (*f.store->reader())->author("mastodon", name);
    REQUIRE(found);
    return *found;
  }
  std::string bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    std::ranges::transform(all, all.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return all;
  }
  std::vector<std::string> left() const {
    const auto all = bytes();
    std::vector<std::string> out;
    for (const auto& canary : canaries)
      if (all.find(canary) != std::string::npos) out.push_back(canary);
    return out;
  }
  std::int64_t number(const char* sql) const {
    auto database = store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
    return *database->integer(sql);
  }
  std::string word(const char* sql) const {
    auto database = *store::sqlite::Database::open(dir.file("earshot.db"), store::sqlite::Access::read_only);
    auto statement = *store::sqlite::Statement::prepare(database, sql);
    store::sqlite::Statement::Use use(statement);
    REQUIRE(use.step());
    return std::string(use.text(0));
  }
};

}  // namespace earshot::test
