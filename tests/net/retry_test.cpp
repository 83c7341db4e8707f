#include "net/retry.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::net;
using std::chrono::milliseconds;

TEST_CASE("delays grow, jitter and stop at the ceiling", "[net][retry]") {
  Random random(1);
  const RetryPolicy policy;
  for (int attempt = 1; attempt < 200; ++attempt) {
    const auto step = std::min<std::int64_t>(1'000LL << std::min(attempt - 1, 20), 300'000);
    for (int i = 0; i < 20; ++i) {
      const auto delay = next_delay(policy, attempt, std::nullopt, random);
      CHECK(delay.count() >= step / 4);
      CHECK(delay.count() <= step);
    }
  }
}

TEST_CASE("what the server asked is a floor, capped and never below the base", "[net][retry]") {
  struct Row {
    std::int64_t asked, low, high;
  };
  const Row rows[] = {{0, 1'000, 1'100},
                      {30'000, 30'000, 33'000},
                      {3'600'000, 3'600'000, 3'605'000},
                      {99'999'999'999, 3'600'000, 3'605'000},
                      {-5, 1'000, 1'100}};
  Random random(1);
  for (const auto& row : rows) {
    const auto delay = next_delay({}, 1, milliseconds(row.asked), random);
    INFO(row.asked);
    CHECK(delay.count() >= row.low);
    CHECK(delay.count() <= row.high);
  }
}
