#include "analysis/training/logistic_fit.hpp"

#include <lbfgs.h>

#include <algorithm>
#include <array>
#include <bit>

#include "analysis/text/logistic.hpp"
#include "core/base/assert.hpp"

namespace earshot::analysis::training {
namespace {

/// −ln of a probability; exact enough near 1, finite at 0. Only the line search reads it.
double surprise(double probability) {
  // ln by its series around a power of two: the C library's differs between processors.
  probability = std::max(probability, 1e-300);
  const auto bits = std::bit_cast<std::uint64_t>(probability);
  const auto power = static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1023);
  const auto mantissa = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
  const double r = (mantissa - 1) / (mantissa + 1), square = r * r;
  double series = 0;
  for (int k = 21; k >= 1; k -= 2) series = series * square + 1.0 / k;
  return -(power * 0.6931471805599453 + 2 * r * series);
}

/// The loss over all rows and its gradient, for liblbfgs. One class is a yes-or-no question.
template <std::size_t Classes>
class Problem {
 public:
  Problem(const Rows& rows, std::span<const std::uint8_t> label, const Fit& fit)
      : rows_(rows), label_(label), fit_(fit), weights_(fit.penalty.size() * Classes, 0) {
    EARSHOT_ASSERT(label.size() == rows.size() && fit.row_weight.size() == rows.size());
    if (!fit.start.empty()) std::ranges::copy(fit.start, weights_.begin());
  }

  std::vector<double> solve() {
    lbfgs_parameter_t parameters;
    lbfgs_parameter_init(&parameters);
    parameters.epsilon = 1e-5;
    parameters.max_iterations = 500;
    lbfgsfloatval_t loss = 0;
    // Ends by convergence, or where doubles cannot tell a better point any more: both are the minimum.
    lbfgs(static_cast<int>(weights_.size()), weights_.data(), &loss, &Problem::evaluate, nullptr, this,
          &parameters);
    return std::move(weights_);
  }

 private:
  using Shares = std::array<double, Classes>;

  static lbfgsfloatval_t evaluate(void* self, const lbfgsfloatval_t* weights, lbfgsfloatval_t* gradient,
                                  const int size, const lbfgsfloatval_t) {
    return static_cast<const Problem*>(self)->loss(weights, gradient, static_cast<std::size_t>(size));
  }

  double loss(const double* weights, double* gradient, std::size_t size) const {
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const auto away = weights[i] - (fit_.start.empty() ? 0 : fit_.start[i]);
      const auto price = fit_.penalty[i / Classes];
      sum += price * away * away / 2;
      gradient[i] = price * away;
    }
    const auto* const column = rows_.column.data();
    const auto* const value = rows_.value.data();
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      Shares share{};
      const auto begin = rows_.begin[row], end = rows_.begin[row + 1];
      for (auto k = begin; k < end; ++k)
        for (std::size_t c = 0; c < Classes; ++c)
          share[c] += static_cast<double>(value[k]) * weights[column[k] * Classes + c];
      const auto weight = static_cast<double>(fit_.row_weight[row]);
      sum += weight * to_slopes(share, label_[row]);
      for (auto& slope : share) slope *= weight;
      for (auto k = begin; k < end; ++k)
        for (std::size_t c = 0; c < Classes; ++c)
          gradient[column[k] * Classes + c] += share[c] * static_cast<double>(value[k]);
    }
    return sum;
  }

  /// Logits become the loss's slopes by them; returns the loss.
  static double to_slopes(Shares& share, std::uint8_t label) {
    if constexpr (Classes == 1) {
      const auto yes = 1 / (1 + exponential(-share[0]));
      share[0] = yes - label;
      return surprise(label != 0 ? yes : 1 - yes);
    } else {
      const auto most = std::ranges::max(share);
      double sum = 0;
      for (auto& one : share) sum += one = exponential(one - most);
      for (auto& one : share) one /= sum;
      const auto said = share[label];
      share[label] -= 1;
      return surprise(said);
    }
  }

  const Rows& rows_;
  std::span<const std::uint8_t> label_;
  const Fit& fit_;
  std::vector<double> weights_;
};

}  // namespace

std::vector<double> fit_polarity(const Rows& rows, std::span<const std::uint8_t> label, const Fit& fit) {
  return Problem<3>(rows, label, fit).solve();
}

std::vector<double> fit_binary(const Rows& rows, std::span<const std::uint8_t> label, const Fit& fit) {
  return Problem<1>(rows, label, fit).solve();
}

}  // namespace earshot::analysis::training
