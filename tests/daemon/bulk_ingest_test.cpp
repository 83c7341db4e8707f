// A file through all cores: nothing is lost, whatever fails beside it, and nobody waits for ever.
#include "daemon/bulk_ingest.hpp"

#include <catch2/catch.hpp>

#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::daemon;

namespace {

/// Fails from some call on; before that there is always more.
class FailingIndexer final : public store::Indexer {
 public:
  explicit FailingIndexer(int good) : good_(good) {}
  Result<bool> advance(std::size_t) override {
    if (good_-- > 0) return true;
    return unexpected(ErrorKind::disk_full, "no room for words");
  }

 private:
  int good_;
};

struct Bench {
  test::TempDir dir;
  std::unique_ptr<store::Store> store = *store::open_store(dir.file("earshot.db"));
  BrandId brand = *store->ensure_brand("Acme");
  SourceId source = *store->ensure_source("archive", "import");
  std::shared_ptr<const Pipeline> pipeline = *Pipeline::create({{.id = brand, .name = "Acme"}}, {});
  std::vector<connectors::import::ImportError> errors;

  Bench() { REQUIRE(store->stream(source, "import")); }

  BulkIngest ingest(std::unique_ptr<store::Indexer> indexer, std::int64_t epoch = 0) {
    return {*store,
            std::move(indexer),
            *pipeline,
            PageOrigin{.source = source, .stream = "import", .epoch = epoch},
            {.platform = {}, .now = from_ms(1'780'000'000'000), .columns = {}},
            [this](const auto& error) { errors.push_back(error); }};
  }

  static constexpr std::size_t per_block = 20;
  static Block block(std::size_t number) {
    Block out{.lines = {}, .first_line = number * per_block + 1, .read = {}};
    for (std::size_t i = 0; i < per_block; ++i) {
      const auto n = number * per_block + i;
      out.lines += i == 7 ? std::string("no post\n")
                          : R"({"platform":"x","id":")" + std::to_string((n + 1) << 40) +
                                R"(","text":"Acme is down )" + std::to_string(n) +
                                R"(","created_at":1776080000})" + "\n";
    }
    return out;
  }
};

}  // namespace

TEST_CASE("blocks are written whole and in order, bad lines keep their numbers", "[daemon][import]") {
  Bench bench;
  auto ingest = bench.ingest(*bench.store->indexer());
  for (std::size_t n = 0; n < 60; ++n) REQUIRE(ingest.push(Bench::block(n)));
  REQUIRE(ingest.finish());
  CHECK(ingest.total().stored == 60 * 19);
  REQUIRE(bench.errors.size() == 60);
  for (std::size_t n = 0; n < 60; ++n) CHECK(bench.errors[n].line == n * 20 + 8);
  auto reader = *bench.store->reader();
  CHECK(reader->mentions({.search = "down", .limit = 5'000})->size() == 60 * 19);
}

TEST_CASE("an index that fails costs no mention", "[daemon][import][faults]") {
  for (const int good : {0, 1, 5}) {
    Bench bench;
    auto ingest = bench.ingest(std::make_unique<FailingIndexer>(good));
    for (std::size_t n = 0; n < 60; ++n) REQUIRE(ingest.push(Bench::block(n)));
    const auto status = ingest.finish();
    REQUIRE_FALSE(status);
    CHECK(status.error().kind == ErrorKind::disk_full);
    CHECK(ingest.total().stored == 60 * 19);
  }
}

TEST_CASE("a write that fails ends the import, however much is on its way", "[daemon][import][faults]") {
  Bench bench;
  auto ingest = bench.ingest(*bench.store->indexer(), 7);  // another has moved the stream
  bool taken = true;
  for (std::size_t n = 0; n < 500 && taken; ++n) taken = ingest.push(Bench::block(n));
  CHECK_FALSE(taken);
  const auto status = ingest.finish();
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::cancelled);
  CHECK(ingest.total().stored == 0);
}
