#include "analysis/series/contribution.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace earshot::analysis;

namespace {

const Contribution* row_of(const Contributions& found, unsigned group) {
  for (const auto& row : found.rows)
    if (row.group == group) return &row;
  return nullptr;
}

double sum_of(const Contributions& found) {
  double sum = 0;
  for (const auto& row : found.rows) sum += row.total();
  return sum;
}

std::vector<ValueCount> random_counts(std::mt19937& random) {
  std::vector<ValueCount> out(1 + random() % 40);
  for (auto& one : out) {
    one.value = static_cast<double>(static_cast<int>(random() % 3) - 1);
    one.count = static_cast<std::int64_t>(random() % 50);
    for (unsigned bits = random() % 4; bits > 0; --bits) one.groups |= std::uint64_t{1} << random() % 64;
  }
  return out;
}

}  // namespace

TEST_CASE("a share that grows is mix, a group that turns worse is tone", "[analysis][contribution]") {
  // Usually half praise (+1) of group 0 and half trouble (−1) of group 1: mean 0. Now three quarters trouble.
  const auto more =
      contributions({{.value = 1, .groups = 1, .count = 25}, {.value = -1, .groups = 2, .count = 75}},
                    {{.value = 1, .groups = 1, .count = 50}, {.value = -1, .groups = 2, .count = 50}});
  CHECK(more.difference() == Approx(-0.5));
  CHECK(row_of(more, 0)->mix == Approx(-0.25));
  CHECK(row_of(more, 1)->mix == Approx(-0.25));
  CHECK(row_of(more, 0)->tone == 0);
  CHECK(row_of(more, 1)->tone == 0);
  // The same shares, but group 0 is praised no more.
  const auto worse =
      contributions({{.value = 0, .groups = 1, .count = 50}, {.value = -1, .groups = 2, .count = 50}},
                    {{.value = 1, .groups = 1, .count = 50}, {.value = -1, .groups = 2, .count = 50}});
  CHECK(worse.rows.front().group == 0);
  CHECK(worse.rows.front().tone == Approx(-0.5));
  CHECK(worse.rows.front().mix == 0);
  CHECK(row_of(worse, 1)->total() == 0);
}

TEST_CASE("a mention of two groups counts half in each, one of none in none", "[analysis][contribution]") {
  const auto found =
      contributions({{.value = -1, .groups = 3, .count = 10}, {.value = 1, .groups = 0, .count = 10}},
                    {{.value = 1, .groups = 0, .count = 10}});
  CHECK(row_of(found, 0)->weight == 5);
  CHECK(row_of(found, 1)->weight == 5);
  CHECK(row_of(found, no_group)->weight == 10);
  CHECK(row_of(found, no_group)->share == Approx(0.5));
  // Group 0 is new: a quarter of the mentions, two below the usual mean of 1.
  CHECK(row_of(found, 0)->total() == Approx(-0.5));
  CHECK(found.difference() == Approx(-1));
}

TEST_CASE("a group that is gone takes away what it used to add", "[analysis][contribution]") {
  const auto found =
      contributions({{.value = 0, .groups = 1, .count = 10}},
                    {{.value = 0, .groups = 1, .count = 10}, {.value = -1, .groups = 2, .count = 10}});
  CHECK(found.difference() == Approx(0.5));
  CHECK(row_of(found, 1)->weight == 0);
  CHECK(row_of(found, 1)->total() == Approx(0.25));
  CHECK(row_of(found, 0)->total() == Approx(0.25));
}

TEST_CASE("nothing on either side gives no rows", "[analysis][contribution]") {
  CHECK(contributions({}, {{.value = 1, .groups = 1, .count = 3}}).rows.empty());
  CHECK(contributions({{.value = 1, .groups = 1, .count = 3}}, {}).rows.empty());
  CHECK(contributions({{.value = 1, .groups = 1, .count = 0}}, {{.value = 1, .groups = 1, .count = 3}})
            .rows.empty());
}

TEST_CASE("contributions add up to the whole difference, whatever the mentions", "[analysis][contribution]") {
  std::mt19937 random(7);
  int tried = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto now = random_counts(random), before = random_counts(random);
    const auto found = contributions(now, before);
    if (found.rows.empty()) continue;
    ++tried;
    double sum = 0, weight = 0, usual_weight = 0, shares = 0;
    std::int64_t count = 0;
    for (const auto& one : now) {
      sum += one.value * static_cast<double>(one.count);
      count += one.count;
    }
    for (const auto& row : found.rows) {
      weight += row.weight;
      usual_weight += row.usual_weight;
      shares += row.share;
      CHECK(row.low <= row.total() + 1e-12);
      CHECK(row.high >= row.total() - 1e-12);
    }
    CHECK(found.mean == Approx(sum / static_cast<double>(count)).margin(1e-12));
    CHECK(std::abs(sum_of(found) - found.difference()) < 1e-12);
    CHECK(weight == Approx(static_cast<double>(found.count)));
    CHECK(usual_weight == Approx(static_cast<double>(found.usual_count)));
    CHECK(shares == Approx(1));
  }
  CHECK(tried > 1900);
}

TEST_CASE("the interval of a difference is that of two means", "[analysis][contribution]") {
  // Variance of a mean of n values ±1 in equal parts is 1 / n.
  const std::vector<ValueCount> half = {{.value = 1, .groups = 0, .count = 50},
                                        {.value = -1, .groups = 0, .count = 50}};
  const auto found = contributions(half, half);
  CHECK(found.high == Approx(1.96 * std::sqrt(0.02)));
  CHECK(found.low == -found.high);
  CHECK(found.rows.front().high == Approx(found.high));
}
