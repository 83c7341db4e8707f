// Every call to the file system fails once, the first, the second, and so on until a day passes in which none
// is left: what was acknowledged is there, a full disk passes, and a failed sync is never taken for success.
#include <catch2/catch.hpp>

#include "tests/store/crash/recovery.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr int steps = 24;
constexpr std::uint64_t seed = 5;

struct Outcome {
  std::size_t done = 0;             ///< steps that were acknowledged
  std::optional<Error> error = {};  ///< what ended the day early
  bool failed = false;              ///< the fault was met
  std::string during = {};          ///< the step that met it
};

/// A day that ends with its first error, as a daemon does when its store breaks.
Outcome live(const TempDir& dir, const Fault& fault) {
  Disk disk({});
  disk.fail(fault);
  Outcome out;
  auto day = Day::begin(database_in(dir), seed);
  if (!day) out.error = day.error();
  while (!out.error && out.done < steps) {
    if (const auto status = day->step(); !status)
      out.error = status.error();
    else
      ++out.done;
    if (disk.failed() && out.during.empty()) out.during = day->last();
  }
  out.failed = disk.failed();
  return out;
}

/// The day without a fault, and what the folder holds before it.
struct Plan {
  Files before = furnished(seed);
  Recording day = record(seed, steps);
};

std::vector<std::string> after(const Plan& plan, const TempDir& dir, std::size_t done) {
  const Disk quick({});
  std::vector<const Contents*> allowed = {&plan.day.states[done]};
  if (done < plan.day.steps.size()) allowed.push_back(&plan.day.states[done + 1]);
  return complaints(database_in(dir), seed, allowed, Keys::drawn_anew);
}

/// Tries n = 1, 1 + stride, … until a day passes without the fault; how many days met it.
template <typename Check>
int every_call(const Plan& plan, Fault fault, int stride, Check check) {
  int met = 0;
  TempDir dir;
  for (fault.nth = 1;; fault.nth += stride) {
    write_files(dir.path().string(), plan.before);
    const auto outcome = live(dir, fault);
    INFO("call " << static_cast<int>(fault.call) << " number " << fault.nth << ", for good " << fault.for_good
                 << ", steps done " << outcome.done << ", met in " << outcome.during << ", "
                 << (outcome.error ? outcome.error->message : std::string("no error")));
    CHECK(after(plan, dir, outcome.done) == std::vector<std::string>{});
    check(outcome);
    if (!outcome.failed) return met;
    ++met;
  }
}

/// Every run takes a sample; with EARSHOT_CUTS it is all of them.
int stride_of(int usual) { return setting("EARSHOT_CUTS", 0) > 0 ? 1 : usual; }

}  // namespace

TEST_CASE("whichever read or opening fails, nothing is lost", "[store][faults][io]") {
  const Plan plan;
  const auto nothing = [](const Outcome&) {};
  const int reads = every_call(plan, {.call = Call::read}, stride_of(19), nothing);
  const int opened = every_call(plan, {.call = Call::open}, 1, nothing);
  CHECK(reads > 10);
  CHECK(opened > 3);
}

TEST_CASE("whichever write fails, nothing is lost", "[store][faults][io]") {
  const Plan plan;
  int errors = 0;
  const auto count = [&](const Outcome& outcome) { errors += outcome.error ? 1 : 0; };
  const int met = every_call(plan, {.call = Call::write}, stride_of(31), count);
  CHECK(met > 10);
  CHECK(errors > 0);
}

TEST_CASE("whichever sync fails, the store says so with an error that ends the daemon",
          "[store][faults][io]") {
  const Plan plan;
  for (const bool for_good : {false, true}) {
    const auto loud = [](const Outcome& outcome) {
      // Who closes a database is told nothing: SQLite keeps the log when it cannot sync what it brings home
      // from it.
      if (!outcome.failed || (outcome.during == "restart" && !outcome.error)) return;
      REQUIRE(outcome.error);
      CHECK(outcome.error->kind == ErrorKind::internal);
    };
    CHECK(every_call(plan, {.call = Call::sync, .for_good = for_good}, stride_of(3), loud) > 5);
  }
}

TEST_CASE("on a full disk steps fail whole, and when there is room again the day ends as it would have",
          "[store][faults][io]") {
  const Plan plan;
  TempDir dir;
  int refused = 0;
  for (int nth = 1;; nth += stride_of(31)) {
    write_files(dir.path().string(), plan.before);
    bool met = false;
    {
      Disk disk({});
      auto day = Day::begin(database_in(dir), seed);
      REQUIRE(day);
      disk.fail(Fault{.call = Call::write, .nth = nth, .code = SQLITE_FULL, .for_good = true});
      INFO("full at write " << nth);
      for (std::size_t done = 0; done < steps; ++done) {
        auto status = day->step();
        if (!status) {
          met = true;
          ++refused;
          CHECK(status.error().kind == ErrorKind::disk_full);
          // Read while it is full; then there is room.
          CHECK(differences(contents_of(database_in(dir)), plan.day.states[done], Keys::drawn_anew).empty());
          disk.fail(std::nullopt);
          status = day->again();
        }
        INFO("step " << done << " " << day->last());
        REQUIRE(status);
      }
    }
    CHECK(after(plan, dir, steps) == std::vector<std::string>{});
    if (!met) break;
  }
  CHECK(refused > 10);
}
