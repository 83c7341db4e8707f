// The power fails in the middle of a day: the store is opened again, and nothing is missing of what was
// acknowledged, and nothing is there by halves.
//   EARSHOT_CUTS=20000 store_test '[power]'     so many cuts instead of the few of every run
//   EARSHOT_SEED=7 store_test '[power]'         another day; the seed is printed with whatever fails
#include <catch2/catch.hpp>

#include "tests/store/crash/recovery.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr int steps_a_day = 60;
constexpr std::uint64_t cuts_a_day = 400;

/// Anywhere, and every other time right beside a sync or an acknowledgement, where most can go wrong.
std::size_t place(const Recording& day, std::mt19937_64& random) {
  const auto anywhere = random() % (day.events.size() + 1);
  if (random() % 2 == 0) return anywhere;
  for (auto at = anywhere; at < day.events.size(); ++at)
    if (day.events[at].kind == Event::Kind::sync || day.events[at].kind == Event::Kind::acknowledge)
      return at + random() % 2;
  return anywhere;
}

std::string told(const Recording& day, std::uint64_t seed, std::size_t at, Kept kept) {
  const auto acknowledged = day.acknowledged(at);
  return "seed " + std::to_string(seed) + ", cut before event " + std::to_string(at) + " of " +
         std::to_string(day.events.size()) + ", keeping " + std::to_string(static_cast<int>(kept)) +
         ", after " + std::to_string(acknowledged) + " steps, during " +
         (acknowledged < day.steps.size() ? day.steps[acknowledged] : "the end");
}

/// Opening again meets trouble of its own: a call fails, or the power does once more.
void trouble_again(const TempDir& dir, std::uint64_t seed, std::mt19937_64& random, int& failed) {
  const auto folder = dir.path().string();
  if (random() % 3 == 0) {
    Files left;
    {
      Disk disk(folder);
      if (auto day = Day::begin(database_in(dir), seed)) static_cast<void>(day->index());
      const auto at = random() % (disk.events().size() + 1);
      left = after_power_cut(disk.before(), disk.events(), at, static_cast<Kept>(random() % 3), random);
    }
    write_files(folder, left);
    ++failed;
    return;
  }
  Disk disk({});
  disk.fail(Fault{.call = static_cast<Call>(random() % 4),
                  .nth = 1 + static_cast<int>(random() % 40),
                  .for_good = random() % 4 == 0});
  if (auto day = Day::begin(database_in(dir), seed)) static_cast<void>(day->index());
  failed += disk.failed() ? 1 : 0;
}

}  // namespace

TEST_CASE("whenever the power fails, what was acknowledged is there, and nothing by halves",
          "[store][faults][power]") {
  const auto cuts = setting("EARSHOT_CUTS", 100);
  const auto first_seed = setting("EARSHOT_SEED", 1);
  TempDir dir;
  std::uint64_t done = 0, seed = first_seed;
  int twice = 0;
  std::map<std::string, int> during;
  for (; done < cuts; ++seed) {
    const auto day = record(seed, steps_a_day);
    std::mt19937_64 random(seed);
    for (std::uint64_t cut = 0; cut < cuts_a_day && done < cuts; ++cut, ++done) {
      const auto at = place(day, random);
      const auto kept = static_cast<Kept>(random() % 3);
      write_files(dir.path().string(), after_power_cut(day.before, day.events, at, kept, random));
      const bool again = random() % 3 == 0;
      if (again) trouble_again(dir, seed, random, twice);
      const auto acknowledged = day.acknowledged(at);
      std::vector<const Contents*> allowed = {&day.states[acknowledged]};
      if (acknowledged < day.steps.size()) {
        allowed.push_back(&day.states[acknowledged + 1]);
        ++during[day.steps[acknowledged]];
      }
      const Disk quick({});
      INFO(told(day, seed, at, kept) << (again ? ", with trouble while opening" : ""));
      CHECK(complaints(database_in(dir), seed, allowed) == std::vector<std::string>{});
    }
  }
  // Each writer was cut off, and opening again met trouble too.
  CHECK(during.size() > (cuts > 2 * cuts_a_day ? 20 : cuts > 50 ? 8 : 0));
  CHECK(twice > static_cast<int>(cuts / 10));
  std::printf("%llu power cuts over %llu days of %d steps, %d with trouble while opening again\n",
              static_cast<unsigned long long>(done), static_cast<unsigned long long>(seed - first_seed),
              steps_a_day, twice);
}
