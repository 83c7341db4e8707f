// The power fails while an older database is brought forward, at any moment: the next start ends where an
// undisturbed one does.
#include <catch2/catch.hpp>

#include "embedded/migrations.hpp"
#include "tests/store/crash/recovery.hpp"
#include "tests/store/older_schema.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr std::uint64_t seed = 3;

/// A database of this schema (0: none yet), as it is found at the start.
Files of_schema(std::size_t version) {
  TempDir dir;
  put_key(dir.path().string());
  const Disk quick({});
  if (version > 0) make_schema(database_in(dir), version);
  return read_files(dir.path().string());
}

Status bring_forward(const TempDir& dir) {
  auto day = Day::begin(database_in(dir), seed);
  return day ? Status(Done{}) : Status(unexpected(day.error()));
}

std::vector<std::string> wrong(const TempDir& dir, const Contents& expected) {
  return complaints(database_in(dir), seed, {&expected}, Keys::same, Rollups::made_by_hand);
}

}  // namespace

TEST_CASE("a database of any earlier schema is brought forward, however often the power fails meanwhile",
          "[store][faults][power][migration]") {
  const auto cuts = setting("EARSHOT_CUTS", 45) / embedded::migrations().size() + 1;
  TempDir dir;
  const auto folder = dir.path().string();
  std::mt19937_64 random(setting("EARSHOT_SEED", 1));
  std::uint64_t done = 0;
  for (std::size_t version = 0; version < embedded::migrations().size(); ++version) {
    const auto before = of_schema(version);
    Contents expected;
    std::vector<Event> events;
    write_files(folder, before);
    {
      Disk disk(folder);
      REQUIRE(bring_forward(dir));
      expected = contents_of(database_in(dir));
      events = disk.events();
    }
    for (std::uint64_t cut = 0; cut < cuts; ++cut, ++done) {
      const auto at = random() % (events.size() + 1);
      write_files(folder, after_power_cut(before, events, at, static_cast<Kept>(random() % 3), random));
      INFO("schema " << version << ", cut before event " << at << " of " << events.size());
      // A second cut, in the middle of going on.
      if (cut % 3 == 2) {
        Files left;
        {
          Disk disk(folder);
          static_cast<void>(bring_forward(dir));
          left = after_power_cut(disk.before(), disk.events(), random() % (disk.events().size() + 1),
                                 static_cast<Kept>(random() % 3), random);
        }
        write_files(folder, left);
      }
      const Disk quick({});
      CHECK(wrong(dir, expected) == std::vector<std::string>{});
    }
  }
  std::printf("%llu power cuts while older schemas were brought forward\n",
              static_cast<unsigned long long>(done));
}

TEST_CASE("a database of any earlier schema is brought forward, whichever call fails first",
          "[store][faults][io][migration]") {
  TempDir dir;
  const auto folder = dir.path().string();
  const int stride = setting("EARSHOT_CUTS", 0) > 0 ? 3 : 199;
  for (const std::size_t version : {std::size_t{1}, std::size_t{7}, embedded::migrations().size() - 1}) {
    const auto before = of_schema(version);
    Contents expected;
    write_files(folder, before);
    {
      const Disk quick({});
      REQUIRE(bring_forward(dir));
      expected = contents_of(database_in(dir));
    }
    for (const auto call : {Call::read, Call::write, Call::sync, Call::open}) {
      const int step = call == Call::write ? stride : (stride + 19) / 20;
      for (int nth = 1;; nth += step) {
        write_files(folder, before);
        bool met = false;
        {
          Disk disk({});
          disk.fail(Fault{.call = call, .nth = nth});
          static_cast<void>(bring_forward(dir));
          met = disk.failed();
        }
        INFO("schema " << version << ", call " << static_cast<int>(call) << " number " << nth);
        const Disk quick({});
        CHECK(wrong(dir, expected) == std::vector<std::string>{});
        if (!met) break;
      }
    }
  }
}
