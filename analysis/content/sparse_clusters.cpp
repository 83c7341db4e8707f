#include "analysis/content/sparse_clusters.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>
#include <unordered_map>
#include <utility>

namespace earshot::analysis {
namespace {

struct Pair {
  double likeness = 0;
  std::size_t first = 0, second = 0;
  /// The greatest likeness on top; among equals the lowest indices.
  bool operator<(const Pair& other) const {
    if (likeness != other.likeness) return likeness < other.likeness;
    return std::pair(first, second) > std::pair(other.first, other.second);
  }
};

class Agglomeration {
 public:
  Agglomeration(const std::vector<SparseVector>& vectors, double likeness) : likeness_(likeness) {
    // Equal vectors are one cluster from the start: copies must not cost pairs.
    std::map<SparseVector, std::size_t> same;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      if (const auto [at, fresh] = same.emplace(vectors[i], nodes_.size()); !fresh && !vectors[i].empty()) {
        auto& node = nodes_[at->second];
        node.members.push_back(i);
        node.sum = sum(node.sum, vectors[i]);
      } else {
        nodes_.push_back({.members = {i}, .sum = vectors[i]});
      }
    }
    alive_.assign(nodes_.size(), true);
    for (std::size_t i = 0; i < nodes_.size(); ++i) add(i);
  }

  std::vector<SparseCluster> run() {
    while (!pairs_.empty()) {
      const auto [likeness, first, second] = pairs_.top();
      pairs_.pop();
      if (!alive_[first] || !alive_[second]) continue;
      alive_[first] = alive_[second] = false;
      SparseCluster joined{.members = {}, .sum = sum(nodes_[first].sum, nodes_[second].sum)};
      std::ranges::merge(nodes_[first].members, nodes_[second].members, std::back_inserter(joined.members));
      nodes_.push_back(std::move(joined));
      alive_.push_back(true);
      add(nodes_.size() - 1);
    }
    std::vector<SparseCluster> out;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (alive_[i]) out.push_back(std::move(nodes_[i]));
    return out;
  }

 private:
  struct Posting {
    std::size_t node;
    double weight;
  };

  /// Pairs the node with every living one that shares a term, then enters it into the index.
  void add(std::size_t index) {
    dots_.resize(nodes_.size(), 0.0);
    met_.clear();
    for (const auto& [term, weight] : nodes_[index].sum) {
      auto& postings = postings_[term];
      auto kept = postings.begin();
      for (const auto& posting : postings) {
        if (!alive_[posting.node]) continue;
        auto& product = dots_[posting.node];
        if (product == 0) met_.push_back(posting.node);
        product += weight * posting.weight;
        *kept++ = posting;
      }
      postings.erase(kept, postings.end());
      postings.push_back({.node = index, .weight = weight});
    }
    const auto size = static_cast<double>(nodes_[index].members.size());
    for (const auto other : met_) {
      const double product = std::exchange(dots_[other], 0.0);
      const double likeness = product / (size * static_cast<double>(nodes_[other].members.size()));
      if (likeness >= likeness_) pairs_.push({.likeness = likeness, .first = other, .second = index});
    }
  }

  double likeness_;
  std::vector<SparseCluster> nodes_;
  std::vector<bool> alive_;
  std::unordered_map<std::uint32_t, std::vector<Posting>> postings_;
  std::vector<double> dots_;      ///< with the node that is added, by node; all 0 in between
  std::vector<std::size_t> met_;  ///< whose are not 0
  std::priority_queue<Pair> pairs_;
};

}  // namespace

double dot(const SparseVector& a, const SparseVector& b) {
  double out = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (i->first < j->first)
      ++i;
    else if (j->first < i->first)
      ++j;
    else
      out += i++->second * j++->second;
  }
  return out;
}

SparseVector sum(const SparseVector& a, const SparseVector& b) {
  SparseVector out;
  out.reserve(a.size() + b.size());
  auto i = a.begin(), j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->first < j->first))
      out.push_back(*i++);
    else if (i == a.end() || j->first < i->first)
      out.push_back(*j++);
    else {
      out.emplace_back(i->first, i->second + j->second);
      ++i;
      ++j;
    }
  }
  return out;
}

void normalise(SparseVector& vector) {
  const double length = std::sqrt(dot(vector, vector));
  if (!(length > 0)) return;
  for (auto& [term, weight] : vector) weight /= length;
}

std::vector<SparseCluster> cluster(const std::vector<SparseVector>& vectors, double likeness) {
  return Agglomeration(vectors, likeness).run();
}

}  // namespace earshot::analysis
