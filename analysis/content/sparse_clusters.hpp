#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace earshot::analysis {

/// Weights by term number, ascending.
using SparseVector = std::vector<std::pair<std::uint32_t, double>>;

double dot(const SparseVector& a, const SparseVector& b);
SparseVector sum(const SparseVector& a, const SparseVector& b);
/// Divides by the length; an empty or zero vector stays as it is.
void normalise(SparseVector& vector);

struct SparseCluster {
  std::vector<std::size_t> members = {};  ///< indices of the input, ascending
  SparseVector sum = {};                  ///< of the members' vectors
};

/// Average-link agglomeration of unit vectors: joins the two clusters with the greatest mean cosine between
/// their members until none reaches `likeness`. Similarities are added up along an inverted index, so the
/// cost is the length of the postings met, not the number of pairs; it is near linear as long as no term is
/// in a large share of the vectors. Deterministic: ties go to the lower indices. Empty vectors stay alone.
std::vector<SparseCluster> cluster(const std::vector<SparseVector>& vectors, double likeness);

}  // namespace earshot::analysis
