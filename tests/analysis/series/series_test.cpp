#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "analysis/series/anomaly.hpp"
#include "analysis/series/baseline.hpp"
#include "analysis/series/robust.hpp"

using namespace earshot::analysis;

namespace {

std::vector<Weighted> counts(std::initializer_list<double> values) {
  std::vector<Weighted> out;
  for (const double value : values) out.push_back({.value = value});
  return out;
}

/// `weeks` weeks from a Monday in which every hour has its hour of day as value.
HourSeries by_hour_of_day(int weeks) {
  HourSeries out{.first = 20'514 * 24};  // 2026-03-02, a Monday
  for (int hour = 0; hour < weeks * hours_per_week; ++hour) out.values.push_back(hour % 24 + 10);
  return out;
}

}  // namespace

TEST_CASE("medians of plain and weighted values", "[analysis][series]") {
  CHECK(median(std::vector<double>{}) == 0);
  CHECK(median(std::vector<double>{3}) == 3);
  CHECK(median(std::vector<double>{9, 1, 5}) == 5);
  CHECK(median(std::vector<double>{9, 1, 5, 7}) == 6);
  CHECK(median(counts({9, 1, 5, 7})) == 6);
  CHECK(median(std::vector<Weighted>{
            {.value = 1, .weight = 5}, {.value = 9, .weight = 1}, {.value = 8, .weight = 1}}) == 1);
  CHECK(median(std::vector<Weighted>{{.value = 1, .weight = 0}, {.value = 9, .weight = 1}}) == 9);
  CHECK(mad(std::vector<double>{1, 2, 3, 4, 100}, 3) == Approx(1.4826));
}

TEST_CASE("counts: one bad week does not become normal, and chance has its floor", "[analysis][series]") {
  struct Row {
    std::initializer_list<double> values;
    double centre, spread;
  };
  const Row rows[] = {
      {{}, 0, 1},
      {{0, 0, 0, 0}, 0, 1},
      {{0, 0, 0, 42}, 0.75, std::sqrt(1.75)},  // 42 counts as 3
      {{1, 0, 1, 2}, 1, std::sqrt(2)},
      {{10, 12, 11, 9, 90}, 11, std::sqrt(12)},  // MAD 1.48 is below chance
      {{100, 140, 60, 100, 20}, 100, 1.4826 * 40},
  };
  for (const auto& row : rows) {
    const auto out = robust_count(counts(row.values));
    CHECK(out.centre == Approx(row.centre));
    CHECK(out.spread == Approx(row.spread));
  }
  CHECK(robust_value(counts({0.1, 0.1, 0.1}), 0.05).spread == 0.05);
}

TEST_CASE("the week begins on Monday at midnight UTC", "[analysis][series]") {
  CHECK(hour_of_week(0) == 72);
  CHECK(hour_of_week(-73) == 167);
  CHECK(hour_of_week(20'514 * 24) == 0);
  CHECK(hour_of_week(20'514 * 24 + 169) == 1);
}

TEST_CASE("a baseline finds each hour's usual value", "[analysis][series]") {
  const auto series = by_hour_of_day(8);
  const auto week = weekly_baseline(series, Measure::count);
  for (int slot = 0; slot < hours_per_week; ++slot) {
    const auto& e = week[static_cast<std::size_t>(slot)];
    CHECK(e.centre == slot % 24 + 10);
    CHECK(e.weeks == 8);
    CHECK(e.pooled == 0);
    CHECK_FALSE(e.warm_up);
  }
}

TEST_CASE("few weeks pool their neighbours and say that they are warming up", "[analysis][series]") {
  const auto e = expectation(by_hour_of_day(2), 12, Measure::count);
  CHECK(e.weeks == 2);
  CHECK(e.warm_up);
  CHECK(e.pooled == 2);
  CHECK(e.samples == 10);
  CHECK(e.centre == 22);
  const auto edge = expectation(by_hour_of_day(1), 0, Measure::count);  // reaches round the week's end
  CHECK(edge.samples == 7);
  CHECK(edge.pooled == 3);

  HourSeries day{.first = 20'514 * 24, .values = std::vector<double>(24, 5.0)};
  const auto far = expectation(day, 100, Measure::count);
  CHECK(far.pooled == 84);
  CHECK(far.samples == 24);
  CHECK(far.centre == 5);
  CHECK(expectation(HourSeries{}, 3, Measure::count).samples == 0);
}

TEST_CASE("hours that were not heard are left out, not zero", "[analysis][series]") {
  auto series = by_hour_of_day(8);
  series.left_out.assign(series.values.size(), false);
  for (std::size_t week = 0; week < 4; ++week) {
    series.values[week * 168 + 20] = 0;
    series.left_out[week * 168 + 20] = true;
  }
  const auto e = expectation(series, 20, Measure::count);
  CHECK(e.weeks == 4);
  CHECK(e.centre == Approx(30).margin(1.0));
}

TEST_CASE("a baseline as of a moment sees nothing later", "[analysis][series]") {
  auto series = by_hour_of_day(8);
  for (std::size_t i = 4 * 168; i < series.values.size(); ++i) series.values[i] = 1000;
  const auto until = series.first + 4 * 168;
  CHECK(expectation(series, 20, Measure::count, until).weeks == 4);
  CHECK(expectation(series, 20, Measure::count, until).centre == Approx(30).margin(1.0));
}

TEST_CASE("shares weigh by what they stand on", "[analysis][series]") {
  HourSeries series{.first = 20'514 * 24};
  for (int hour = 0; hour < 8 * hours_per_week; ++hour) {
    const bool busy = hour / hours_per_week % 2 == 0;
    series.values.push_back(busy ? 0.2 : -1.0);
    series.weights.push_back(busy ? 50 : hour % 2 == 0 ? 1 : 0);
  }
  const auto e = expectation(series, 6, Measure::share);
  CHECK(e.centre == 0.2);
  CHECK(e.spread == 0.05);
  CHECK(expectation(series, 7, Measure::share).weeks == 4);
}

TEST_CASE("the arithmetic of what is unusual", "[analysis][series]") {
  struct Row {
    double observed, expected, spread, threshold;
    bool unusual;
  };
  const Row rows[] = {
      {4, 0, 0, 5, false},         {5, 0, 0, 5, true},
      {5, 0.1, 1.05, 5.35, false}, {9, 1, std::sqrt(2.0), 1 + 5 * std::sqrt(2.0), true},
      {29, 10, 3.3, 30, false},    {30, 10, 3.3, 30, true},
      {40, 10, 8, 50, false},
  };
  for (const auto& row : rows) {
    const auto d = deviation(row.observed, row.expected, row.spread);
    CHECK(d.threshold == Approx(row.threshold));
    CHECK(d.unusual == row.unusual);
  }
  CHECK(deviation(30, 10, 4).ratio == 3);
  CHECK(deviation(30, 10, 4).z == 5);
  CHECK(std::isinf(deviation(5, 0, 1).ratio));
  CHECK(deviation(0, 0, 0).ratio == 1);
}
