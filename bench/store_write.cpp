// Durable, de-duplicated, rolled-up writes against bare inserts of the same rows in the same run: what our
// bookkeeping costs. Checks its result before timing. State the machine with the figures.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/assert.hpp"
#include "store/sqlite/database.hpp"
#include "store/store.hpp"

namespace {

using namespace earshot;

constexpr std::size_t batch_rows = 2'000;

std::string fresh_folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "earshot-bench-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

/// Mentions of one batch, 40 a second, of the size of real posts.
std::vector<store::ScoredMention> make_batch(std::size_t number, BrandId brand) {
  std::vector<store::ScoredMention> out;
  out.reserve(batch_rows);
  for (std::size_t i = 0; i < batch_rows; ++i) {
    const auto n = number * batch_rows + i;
    Mention m{.platform = "mastodon",
              .native_id = "https://social.example/users/u" + std::to_string(n % 997) + "/statuses/" +
                           std::to_string(n)};
    m.text = "The Fernwave router in the hall drops the line every evening since the last update, number " +
             std::to_string(n);
    m.author = Author{.id = "https://social.example/users/u" + std::to_string(n % 997),
                      .handle = "u" + std::to_string(n % 997)};
    m.created_at = from_ms(1'772'409'600'000 + static_cast<std::int64_t>(n) * 25);
    m.fetched_at = m.created_at + std::chrono::seconds(5);
    BrandVerdict v{.brand = brand};
    v.verdict.sentiment.polarity = static_cast<Polarity>(static_cast<int>(n % 3) - 1);
    v.verdict.issues = {ScoredIssue{.type = static_cast<IssueType>(n % 7), .score = 0.8F}};
    v.verdict.lang = "en";
    out.push_back(store::ScoredMention{.mention = std::move(m), .verdicts = {v}, .fingerprint = n});
  }
  return out;
}

void store_write(benchmark::State& state) {
  const auto folder = fresh_folder();
  auto store = *store::open_store(folder + "/earshot.db");
  const auto brand = *store->ensure_brand("Fernwave");
  const auto source = *store->ensure_source("social", "mastodon");
  std::int64_t epoch = 0;
  std::size_t number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    store::Batch batch{.source = source,
                       .stream = "s",
                       .epoch = epoch,
                       .mentions = make_batch(number++, brand),
                       .cursor = Cursor{.schema = 1, .json = "{}"},
                       .now = from_ms(1)};
    state.ResumeTiming();
    auto receipts = store->write(std::span(&batch, 1));
    EARSHOT_ASSERT(receipts && receipts->front().stored == static_cast<std::int64_t>(batch_rows));
    epoch = receipts->front().epoch;
  }
  EARSHOT_ASSERT(store->verify_rollups()->empty());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_rows));
  std::filesystem::remove_all(folder);
}
BENCHMARK(store_write)->Unit(benchmark::kMillisecond)->Iterations(50)->UseRealTime();

void duplicates(benchmark::State& state) {
  const auto folder = fresh_folder();
  auto store = *store::open_store(folder + "/earshot.db");
  const auto brand = *store->ensure_brand("Fernwave");
  const auto source = *store->ensure_source("social", "mastodon");
  std::int64_t epoch = 0;
  for (auto _ : state) {
    state.PauseTiming();
    store::Batch batch{
        .source = source, .stream = "s", .epoch = epoch, .mentions = make_batch(0, brand), .now = from_ms(1)};
    state.ResumeTiming();
    auto receipts = store->write(std::span(&batch, 1));
    EARSHOT_ASSERT(receipts.has_value());
    epoch = receipts->front().epoch;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_rows));
  std::filesystem::remove_all(folder);
}
BENCHMARK(duplicates)->Unit(benchmark::kMillisecond)->Iterations(50)->UseRealTime();

/// The yardstick: the same bytes into one plain table, same sync, no key but the row id, no search, no
/// rollups.
void bare_inserts(benchmark::State& state) {
  using namespace store::sqlite;
  const auto folder = fresh_folder();
  auto database = *Database::open(folder + "/bare.db", Access::read_write);
  EARSHOT_ASSERT(
      database.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, native_id TEXT, author TEXT, at INTEGER, "
                       "polarity INTEGER, text TEXT) STRICT"));
  auto insert = *Statement::prepare(database, "INSERT INTO m VALUES(NULL,?,?,?,?,?)");
  std::size_t number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto batch = make_batch(number++, BrandId{1});
    state.ResumeTiming();
    auto transaction = *Transaction::begin(database);
    for (const auto& item : batch) {
      Statement::Use use(insert);
      use.bind(item.mention.native_id).bind(item.mention.author.id).bind(to_ms(item.mention.created_at));
      use.bind(static_cast<std::int64_t>(item.verdicts.front().verdict.sentiment.polarity))
          .bind(item.mention.text);
      EARSHOT_ASSERT(use.run().has_value());
    }
    EARSHOT_ASSERT(transaction.commit().has_value());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_rows));
  std::filesystem::remove_all(folder);
}
BENCHMARK(bare_inserts)->Unit(benchmark::kMillisecond)->Iterations(50)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
