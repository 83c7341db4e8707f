#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Logistic regression with a quadratic penalty, fitted to convergence. Same rows, same numbers out, on every
/// machine: no threads, no random order, and an exponential of our own.
namespace earshot::analysis::training {

/// Sparse rows, one after the other.
struct Rows {
  std::vector<std::size_t> begin{0};  ///< row i is [begin[i], begin[i + 1])
  std::vector<std::uint32_t> column;
  std::vector<float> value;

  std::size_t size() const { return begin.size() - 1; }
};

/// What a fit may vary. `penalty` is per column: the price of half its squared distance from `start`.
struct Fit {
  std::span<const float> row_weight;
  std::span<const double> penalty;
  std::span<const double> start;  ///< as the result is laid out; empty: zeros
};

/// Three classes through a softmax; `label` holds class numbers. Returns columns × 3 weights, the classes of
/// one column together.
std::vector<double> fit_polarity(const Rows& rows, std::span<const std::uint8_t> label, const Fit& fit);

/// One yes-or-no question through a sigmoid; `label` holds 0 and 1. Returns one weight per column.
std::vector<double> fit_binary(const Rows& rows, std::span<const std::uint8_t> label, const Fit& fit);

}  // namespace earshot::analysis::training
