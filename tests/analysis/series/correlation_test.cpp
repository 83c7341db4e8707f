#include "analysis/series/correlation.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "analysis/series/proportion.hpp"

using namespace earshot::analysis;

TEST_CASE("a series that follows another by two days is found at lag two", "[analysis][correlation]") {
  std::mt19937 random(3);
  std::normal_distribution<double> noise;
  Steps first, second;
  for (int i = 0; i < 60; ++i) first.emplace_back(noise(random));
  for (int i = 0; i < 60; ++i)
    second.emplace_back(i < 2 ? noise(random)
                              : -*first[static_cast<std::size_t>(i) - 2] + 0.3 * noise(random));
  const auto all = correlations(first, second, 7);
  REQUIRE(all.size() == 15);
  for (const auto& one : all) {
    INFO(one.lag << " " << one.r);
    CHECK(one.pairs == 60 - static_cast<std::size_t>(std::abs(one.lag)));
    CHECK(one.low <= one.r);
    CHECK(one.r <= one.high);
    if (one.lag == 2) {
      CHECK(one.r < -0.9);
      CHECK(one.clear());
    } else {
      CHECK(std::abs(one.r) < 0.5);
    }
  }
}

TEST_CASE("Fisher's interval of a known correlation", "[analysis][correlation]") {
  // 28 pairs with r = 0.5 by construction: two orthogonal patterns, mixed.
  Steps x, y;
  for (int i = 0; i < 28; ++i) {
    const double a = i % 2 == 0 ? 1 : -1, b = i / 2 % 2 == 0 ? 1 : -1;
    x.emplace_back(a);
    y.emplace_back(0.5 * a + std::sqrt(0.75) * b);
  }
  const auto found = correlation(x, y, 0);
  CHECK(found.r == Approx(0.5));
  CHECK(found.low == Approx(std::tanh(std::atanh(0.5) - 1.96 / 5)));
  CHECK(found.high == Approx(std::tanh(std::atanh(0.5) + 1.96 / 5)));
}

TEST_CASE("too few pairs, gaps and flat series say so", "[analysis][correlation]") {
  Steps x, y, flat(40, 0.1);
  for (int i = 0; i < 40; ++i) {
    x.emplace_back(i);
    y.emplace_back(2 * i);
  }
  CHECK_FALSE(correlation(x, y, 0).too_little);
  CHECK(correlation(x, flat, 0).too_little);
  CHECK(correlation(x, y, 21).too_little);
  CHECK(correlation(x, y, 20).pairs == 20);
  for (int i = 0; i < 21; ++i) y[static_cast<std::size_t>(i)].reset();
  CHECK(correlation(x, y, 0).pairs == 19);
  CHECK(correlation(x, y, 0).too_little);
  CHECK(correlation({}, {}, 0).too_little);
}

TEST_CASE("shares have Wilson's interval, net sentiment that of a mean", "[analysis][proportion]") {
  CHECK_FALSE(share(0, 0));
  const auto none = share(0, 10);
  CHECK(none->low == 0);
  CHECK(none->high == Approx(0.2775).margin(0.001));
  const auto half = share(50, 100);
  CHECK(half->low == Approx(0.4038).margin(0.001));
  CHECK(half->high == Approx(0.5962).margin(0.001));
  CHECK_FALSE(net_share(0, 0, 0));
  CHECK(net_share(10, 0, 0)->low == 1);
  const auto mixed = net_share(30, 40, 30);
  CHECK(mixed->value == 0);
  CHECK(mixed->high == Approx(z95 * std::sqrt(0.6 / 100)));
}
