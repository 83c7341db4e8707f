// SQLite is refused memory, at the n-th request or from then on: the step fails whole, or the day ends, and
// the database is sound.
#include <catch2/catch.hpp>

#include "tests/store/crash/recovery.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

sqlite3_mem_methods usual;
long requests = 0, refuse_from = 0, refuse_until = 0;  // 1: the next; 0: none is refused

bool refused() {
  ++requests;
  return refuse_from > 0 && requests >= refuse_from && requests <= refuse_until;
}
void* get(int bytes) { return refused() ? nullptr : usual.xMalloc(bytes); }
void* grow(void* old, int bytes) { return refused() ? nullptr : usual.xRealloc(old, bytes); }

/// While it lives, SQLite asks us for memory. No database is open when it begins or ends.
struct Scarcity {
  Scarcity() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
    auto ours = usual;
    ours.xMalloc = get;
    ours.xRealloc = grow;
    REQUIRE(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK);
    sqlite3_initialize();
  }
  ~Scarcity() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &usual);
    sqlite3_initialize();
  }
  static void none() { refuse_from = refuse_until = requests = 0; }
  static void from(long nth, bool for_good) {
    requests = 0;
    refuse_from = nth;
    refuse_until = for_good ? 1'000'000'000 : nth;
  }
};

}  // namespace

TEST_CASE("whenever memory is refused, the store ends with an error and what was acknowledged is there",
          "[store][faults][memory]") {
  constexpr int steps = 12;
  constexpr std::uint64_t seed = 11;
  const auto before = furnished(seed);
  const auto plan = record(seed, steps);
  const bool all = setting("EARSHOT_CUTS", 0) > 0;
  const Scarcity scarcity;
  TempDir dir;
  int met = 0, told = 0;
  for (const bool for_good : {false, true}) {
    long stride = all ? 97 : 7'499;
    for (long nth = 1;; nth += stride) {
      write_files(dir.path().string(), before);
      std::size_t done = 0;
      std::optional<Error> error;
      bool reached = false;
      {
        const Disk quick({});
        Scarcity::from(nth, for_good);
        auto day = Day::begin(database_in(dir), seed);
        if (!day) error = day.error();
        while (!error && done < steps) {
          if (const auto status = day->step(); !status)
            error = status.error();
          else
            ++done;
        }
        reached = requests >= nth;
        Scarcity::none();
      }
      INFO("request " << nth << (for_good ? " and all after" : "") << ", steps done " << done << ", "
                      << (error ? error->message : std::string("no error")));
      {
        const Disk quick({});
        std::vector<const Contents*> allowed = {&plan.states[done]};
        if (done < steps) allowed.push_back(&plan.states[done + 1]);
        CHECK(complaints(database_in(dir), seed, allowed, Keys::drawn_anew) == std::vector<std::string>{});
      }
      if (!reached) break;
      ++met;
      told += error ? 1 : 0;
      CHECK((!for_good || error));
    }
  }
  CHECK(met > 10);
  CHECK(told > 5);
}
