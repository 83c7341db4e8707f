// The power fails anywhere between a person's erasure and the moment it counts as settled: what was
// acknowledged is done, and the next passes leave no byte of them.
#include "tests/store/crash/recovery.hpp"
#include "tests/store/town.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

void index_all(store::Store& store) {
  auto indexer = *store.indexer();
  for (bool more = true; more;) more = *indexer->advance();
}

/// As retention's passes do after a start, until it says that nothing is left to do.
void settle(store::Store& store) {
  for (int pass = 0; pass < 5; ++pass) {
    index_all(store);
    auto settled = store.settle_erasure();
    REQUIRE(settled);
    if (*settled) return;
  }
  FAIL("an erasure does not settle");
}

std::vector<std::string> canaries_in(const Files& files) {
  std::vector<std::string> out;
  for (const auto& [name, bytes] : files)
    for (const auto& canary : canaries)
      if (bytes.find(canary) != std::string::npos) out.push_back(canary + " in " + name);
  return out;
}

}  // namespace

TEST_CASE("an erasure that the power cuts off is ended by the next start, in every byte",
          "[store][faults][power][erase]") {
  const auto cuts = setting("EARSHOT_CUTS", 40);
  std::mt19937_64 random(setting("EARSHOT_SEED", 1));
  Files before;
  std::vector<Event> events;
  {
    TempDir dir;
    const Disk quick({});
    const Town town(300);
    REQUIRE(town.f.store->checkpoint());
    before = read_files(town.dir.path().string());
  }
  CHECK_FALSE(canaries_in(before).empty());
  TempDir dir;
  const auto path = dir.file("earshot.db");
  write_files(dir.path().string(), before);
  {
    Disk disk(dir.path().string());
    auto store = *store::open_store(path);
    const auto trace = *(*store->reader())->author("mastodon", "canaryid");
    REQUIRE(store->erase(trace, "their demand", later));
    disk.acknowledge();
    settle(*store);
    disk.acknowledge();
    store.reset();
    events = disk.events();
  }
  CHECK(canaries_in(read_files(dir.path().string())) == std::vector<std::string>{});
  const auto told = std::ranges::find(events, Event::Kind::acknowledge, &Event::kind);
  const auto from = static_cast<std::size_t>(told - events.begin()) + 1;
  for (std::uint64_t cut = 0; cut < cuts; ++cut) {
    const auto at = from + random() % (events.size() - from + 1);
    const auto kept = static_cast<Kept>(random() % 3);
    INFO("cut before event " << at << " of " << events.size() << ", keeping " << static_cast<int>(kept));
    write_files(dir.path().string(), after_power_cut(before, events, at, kept, random));
    const Disk quick({});
    {
      auto store = *store::open_store(path);
      CHECK_FALSE((*store->reader())->author("mastodon", "canaryid"));
      settle(*store);
      CHECK((*store->reader())->mentions({.search = "number", .limit = 1'000})->size() == 300);
      CHECK(*store->verify_rollups() == std::vector<std::string>{});
    }
    CHECK(canaries_in(read_files(dir.path().string())) == std::vector<std::string>{});
  }
  std::printf("%llu power cuts between an erasure and its end\n", static_cast<unsigned long long>(cuts));
}
