#include "analysis/series/proportion.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace earshot::analysis;

TEST_CASE("Wilson's interval agrees with published figures and stays within its bounds",
          "[analysis][series][proportion]") {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  struct Row {
    std::int64_t part, whole;
    double low, high;
  };
  for (const auto& row : {Row{81, 263, .2553, .3662}, Row{15, 148, .0624, .1605}, Row{0, 20, .0, .1611},
                          Row{1, 29, .0061, .1718}}) {
    const auto found = proportion(row.part, row.whole);
    CHECK(found.low == Approx(row.low).margin(5e-5));
    CHECK(found.high == Approx(row.high).margin(5e-5));
  }
  for (std::int64_t whole = 1; whole < 60; ++whole)
    for (std::int64_t part = 0; part <= whole; ++part) {
      const auto found = proportion(part, whole);
      CHECK((0 <= found.low && found.low <= found.value && found.value <= found.high && found.high <= 1));
      CHECK(proportion(part, whole, z99).high >= found.high);
    }
  CHECK(proportion(0, 0) == Interval{.value = 0, .low = 0, .high = 1});
}

TEST_CASE("the interval of a difference agrees with published figures", "[analysis][series][proportion]") {
  // Newcombe 1998, "Interval estimation for the difference between independent proportions", table II,
  // method 10.
  struct Row {
    std::int64_t a, m, b, n;
    double low, high;
  };
  for (const auto& row : {Row{56, 70, 48, 80, .0524, .3339}, Row{9, 10, 3, 10, .1705, .8090},
                          Row{5, 56, 0, 29, -.0381, .1926}, Row{10, 10, 0, 10, .6075, 1}}) {
    const auto found = difference(proportion(row.b, row.n), proportion(row.a, row.m));
    CHECK(found.low == Approx(row.low).margin(1e-4));
    CHECK(found.high == Approx(row.high).margin(1e-4));
  }
}

TEST_CASE("a ratio of rates knows how long each was counted", "[analysis][series][proportion]") {
  CHECK(rate_ratio(10, 4, 10, 4).value == Approx(1));
  CHECK(rate_ratio(10, 4, 10, 2).value == Approx(2));
  const auto fell = rate_ratio(40, 4, 10, 4);
  CHECK(fell.value == Approx(0.25));
  CHECK(fell.high < 1);
  CHECK(rate_ratio(4, 4, 2, 4).high > 1);  // too few to say
  CHECK(rate_ratio(5, 4, 0, 4).low == 0);
  CHECK(rate_ratio(5, 4, 0, 4).value == 0);
  CHECK(std::isinf(rate_ratio(0, 4, 5, 4).high));
  CHECK(rate_ratio(0, 4, 5, 4).low > 0);
  CHECK(std::isinf(rate_ratio(0, 4, 0, 4).high));
}
