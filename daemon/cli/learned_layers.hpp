#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "analysis/training/train.hpp"
#include "core/base/result.hpp"

namespace earshot::cli {

/// What one training made, on its way into files that people read.
struct LearnedLayers {
  std::string lang;
  std::string licences;  ///< "name (licence), …" for the head
  std::size_t posts = 0;
  std::vector<analysis::training::LearnedLine> polarity, topics;
};

/// LANG_learned.tsv and LANG_topics.tsv in `folder`; returns the lines written. Weights near zero are left
/// out.
Result<std::size_t> write_layers(const LearnedLayers& learned, const std::string& folder);

/// LANG_labels.tsv: only what the labels moved away from the shipped weights, for `lexicon = …` in the
/// configuration.
Result<std::size_t> write_overlay(const LearnedLayers& learned,
                                  const analysis::training::ShippedWeights& shipped,
                                  const std::string& folder);

}  // namespace earshot::cli
