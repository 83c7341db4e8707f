#include "daemon/reparsing.hpp"

#include <catch2/catch.hpp>

#include "connectors/json_fields.hpp"
#include "connectors/page_builder.hpp"
#include "store/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::daemon;

namespace {

/// Reads {"id","text","at"}; an older version of it forgot the second half of every text.
class Toy final : public connectors::Connector {
 public:
  explicit Toy(bool forgets) : forgets_(forgets) {}
  std::vector<connectors::Stream> streams() const override { return {}; }
  async::Awaitable<Result<Page>> fetch(connectors::Context&, const connectors::Stream&,
                                       std::optional<Cursor>) override {
    co_return Page{};
  }
  Result<Page> reread(std::string_view raw, Timestamp fetched_at) const override {
    const auto json = connectors::parse_json(raw);
    if (!json) return unexpected(json.error());
    Page page;
    Mention mention{.platform = "toy", .native_id = std::string(json->root()["id"].text())};
    mention.text = json->root()["text"].text();
    if (forgets_) mention.text.resize(mention.text.find(';'));
    mention.created_at = from_ms(json->root()["at"].integer().value_or(0));
    mention.fetched_at = fetched_at;
    mention.raw = raw;
    if (!mention.text.empty())
      page.mentions.push_back(std::move(mention));
    else
      page.bad_items.push_back({0, "no text"});
    return page;
  }

 private:
  bool forgets_;
};

struct Bench {
  test::TempDir folder;
  std::unique_ptr<store::Store> store = *store::open_store(folder.file("reparse.db"));
  BrandId brand = *store->ensure_brand("Fernwave");
  SourceId source = *store->ensure_source("toy", "toy");
  std::shared_ptr<const Pipeline> pipeline = *Pipeline::create({Brand{.id = brand, .name = "Fernwave"}}, {});
  std::int64_t epoch = 0;
  std::string stream = "toys";

  PageOrigin origin() const { return {.source = source, .stream = stream, .epoch = epoch}; }
  void write(store::Batch batch) {
    const auto receipts = store->write(std::span(&batch, 1));
    REQUIRE(receipts);
    epoch = receipts->front().epoch;
  }
  void hear(const std::string& id, const std::string& text, int minute) {
    const Toy old(true);
    const auto at = test::monday_ms + minute * 60'000;
    auto page =
        old.reread(R"({"id":")" + id + R"(","text":")" + text + R"(","at":)" + std::to_string(at) + "}",
                   from_ms(at + 1'000));
    REQUIRE(page);
    write(pipeline->process(std::move(*page), origin(), from_ms(at)));
  }
  std::vector<store::ReceivedRow> rows(MentionId after = {}, std::size_t limit = 100) {
    return *(*store->reader())->received(source, after, limit);
  }
  std::string text_of(MentionId id) { return (*(*store->reader())->mention(id)).front().text; }
};

}  // namespace

TEST_CASE("what a better parser finds replaces what is stored, and rollups stay what verdicts say",
          "[daemon][reparse]") {
  Bench bench;
  bench.hear("1", "Fernwave is fine;it is terrible, awful, the worst", 1);
  bench.hear("2", "Fernwave;", 2);
  bench.hear("3", "Fernwave is great; and stays great", 60);
  auto rows = bench.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows.front().mention.text == "Fernwave is fine");
  CHECK(rows.front().mention.raw.find("terrible") != std::string::npos);

  Reparsed counts;
  bench.epoch = 0;
  bench.stream = ReparsePlace::stream;
  auto batch = reparse(Toy(false), *bench.pipeline, bench.origin(), rows, from_ms(0), counts);
  CHECK(counts.items == 3);
  CHECK(counts.changed == 3);
  CHECK(counts.fields == std::map<std::string, std::int64_t>{{"text", 3}});
  bench.write(std::move(batch));
  CHECK(bench.text_of(rows.front().id) == "Fernwave is fine;it is terrible, awful, the worst");
  CHECK(*bench.store->verify_rollups() == std::vector<std::string>{});
  CHECK((*(*bench.store->reader())->mention(rows.front().id)).front().verdict.polarity == Polarity::negative);

  Reparsed again;
  const auto none = reparse(Toy(false), *bench.pipeline, bench.origin(), bench.rows(), from_ms(0), again);
  CHECK(again.same == 3);
  CHECK(none.mentions.empty());
}

TEST_CASE("reading again brings nothing back and overwrites nothing newer", "[daemon][reparse]") {
  Bench bench;
  bench.hear("1", "Fernwave;one", 1);
  bench.hear("2", "Fernwave;two", 2);
  bench.hear("3", "Fernwave;three", 3);
  const auto rows = bench.rows();
  REQUIRE(rows.size() == 3);
  Reparsed counts;
  auto origin = bench.origin();
  origin.stream = ReparsePlace::stream;
  origin.epoch = 0;
  auto batch = reparse(Toy(false), *bench.pipeline, origin, rows, from_ms(0), counts);
  // Between reading and writing one is deleted and one is edited.
  const auto at = from_ms(test::monday_ms + 3'600'000);
  store::Batch meanwhile{.source = bench.source, .stream = "toys", .epoch = bench.epoch};
  auto gone = rows[0].mention;
  gone.deleted = true;
  gone.fetched_at = at;
  meanwhile.mentions.push_back({.mention = gone});
  auto edited = rows[1].mention;
  edited.text = "Fernwave has been edited";
  edited.edited_at = edited.fetched_at = at;
  meanwhile.mentions.push_back(test::scored(edited, bench.brand));
  bench.write(std::move(meanwhile));

  const auto receipts = bench.store->write(std::span(&batch, 1));
  REQUIRE(receipts);
  CHECK(receipts->front().updated == 1);
  CHECK(receipts->front().duplicate == 2);
  CHECK(bench.text_of(rows[0].id).empty());
  CHECK(bench.text_of(rows[1].id) == "Fernwave has been edited");
  CHECK(bench.text_of(rows[2].id) == "Fernwave;three");
  CHECK(*bench.store->verify_rollups() == std::vector<std::string>{});
  const auto left = bench.rows();
  CHECK(std::ranges::none_of(left, [&](const auto& row) { return row.id == rows[0].id; }));
}

TEST_CASE("what does not parse, is called otherwise or speaks of no brand stays as it is",
          "[daemon][reparse]") {
  Bench bench;
  bench.hear("1", "Fernwave;one", 1);
  auto rows = bench.rows();
  REQUIRE(rows.size() == 1);
  const auto with_raw = [&](std::string raw) {
    auto row = rows.front();
    row.mention.raw = std::move(raw);
    Reparsed counts;
    const auto batch = reparse(Toy(false), *bench.pipeline, bench.origin(), {row}, from_ms(0), counts);
    CHECK(batch.mentions.empty());
    CHECK(counts.changed == 0);
    return counts;
  };
  CHECK(with_raw("{").unreadable == 1);
  CHECK(with_raw("").reasons == std::map<std::string, std::int64_t>{{"what was kept is damaged", 1}});
  CHECK(with_raw(R"({"id":"1","text":""})").reasons == std::map<std::string, std::int64_t>{{"no text", 1}});
  CHECK(with_raw(R"({"id":"2","text":"Fernwave"})").renamed == 1);
  CHECK(with_raw(R"({"id":"1","text":"nothing of ours"})").brandless == 1);
}

TEST_CASE("items come in order, so that a reparse that was broken off goes on", "[daemon][reparse]") {
  Bench bench;
  for (int i = 0; i < 7; ++i) bench.hear(std::to_string(i), "Fernwave;" + std::to_string(i), i);
  std::vector<MentionId> seen;
  MentionId after;
  for (;;) {
    const auto rows = bench.rows(after, 3);
    for (const auto& row : rows) seen.push_back(row.id);
    if (rows.size() < 3) break;
    after = ReparsePlace::read(ReparsePlace{.reached = rows.back().id}.write())->reached;
  }
  CHECK(seen.size() == 7);
  CHECK(std::ranges::is_sorted(seen));
  CHECK_FALSE(ReparsePlace::read(std::nullopt)->reached);
  CHECK_FALSE(ReparsePlace::read(Cursor{.json = "nonsense"}));
}
