#include "analysis/training/logistic_fit.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/text/logistic.hpp"
#include "core/base/random.hpp"

using namespace earshot;
using namespace earshot::analysis;
using namespace earshot::analysis::training;

namespace {

struct Sample {
  Rows rows;
  std::vector<std::uint8_t> label;
  std::vector<float> weight;
};

/// Rows of three features whose labels follow the second one, with some noise.
Sample sample(std::size_t count, std::uint8_t classes) {
  Sample out;
  Random random(7);
  for (std::size_t i = 0; i < count; ++i) {
    const auto label = static_cast<std::uint8_t>(random.between(0, classes - 1));
    out.rows.column.insert(out.rows.column.end(), {0, 1, 2});
    out.rows.value.insert(out.rows.value.end(),
                          {1.0f, static_cast<float>(label) + static_cast<float>(random.between(0, 99)) / 60,
                           static_cast<float>(random.between(0, 99)) / 100});
    out.rows.begin.push_back(out.rows.column.size());
    out.label.push_back(label);
    out.weight.push_back(1.0f + static_cast<float>(i % 3));
  }
  return out;
}

/// The penalised loss, by the C library and without any of the fit's code.
double binary_loss(const Sample& s, const std::vector<double>& w, const std::vector<double>& penalty) {
  double sum = 0;
  for (std::size_t j = 0; j < w.size(); ++j) sum += penalty[j] * w[j] * w[j] / 2;
  for (std::size_t i = 0; i < s.label.size(); ++i) {
    double logit = 0;
    for (std::size_t k = 0; k < 3; ++k) logit += w[k] * static_cast<double>(s.rows.value[i * 3 + k]);
    sum += static_cast<double>(s.weight[i]) * std::log1p(std::exp(s.label[i] != 0 ? -logit : logit));
  }
  return sum;
}

}  // namespace

TEST_CASE("the exponential is the C library's, to the digits a verdict shows", "[analysis][training]") {
  for (double x = -60; x <= 60; x += 0.37) {
    INFO(x);
    REQUIRE(exponential(x) == Approx(std::exp(x)).epsilon(1e-8));
  }
  REQUIRE(exponential(-1000) == 0);
  REQUIRE(std::isfinite(exponential(1000)));
  REQUIRE(probability(0) == 0.5f);
}

TEST_CASE("a fit stands where no step makes it better", "[analysis][training]") {
  const auto s = sample(400, 2);
  const std::vector<double> penalty{0.5, 2, 2};
  const auto fitted = fit_binary(s.rows, s.label, {.row_weight = s.weight, .penalty = penalty, .start = {}});
  REQUIRE(fitted.size() == 3);
  const auto best = binary_loss(s, fitted, penalty);
  for (std::size_t j = 0; j < 3; ++j)
    for (const double step : {-0.01, 0.01}) {
      auto moved = fitted;
      moved[j] += step;
      REQUIRE(binary_loss(s, moved, penalty) > best);
    }
  REQUIRE(fitted[1] > 0.5);
}

TEST_CASE("the same rows give the same bits", "[analysis][training]") {
  const auto s = sample(300, 3);
  const std::vector<double> penalty{1, 1, 1};
  const Fit fit{.row_weight = s.weight, .penalty = penalty, .start = {}};
  REQUIRE(fit_polarity(s.rows, s.label, fit) == fit_polarity(s.rows, s.label, fit));
  REQUIRE(fit_polarity(s.rows, s.label, fit).size() == 9);
}

TEST_CASE("a dear prior is kept, a cheap one is given up", "[analysis][training]") {
  const auto s = sample(200, 2);
  const std::vector<double> start{0, -5, 0};
  const std::vector<double> dear{1, 1e9, 1}, cheap{1, 1e-3, 1};
  REQUIRE(fit_binary(s.rows, s.label, {.row_weight = s.weight, .penalty = dear, .start = start})[1] ==
          Approx(-5).margin(1e-3));
  REQUIRE(fit_binary(s.rows, s.label, {.row_weight = s.weight, .penalty = cheap, .start = start})[1] > 0.5);
}
