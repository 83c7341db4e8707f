#pragma once
#include <optional>
#include <vector>

#include "analysis/people/dialogue.hpp"
#include "insight/job.hpp"

namespace earshot::insight {

/// A brand's conversations of the last twelve weeks, and how each post in them was settled: the one place
/// that decides what has been answered.
struct Dialogue {
  Timestamp since = {};
  std::vector<store::ContactRow> rows = {};    ///< in the order of their times
  std::vector<analysis::Answer> answers = {};  ///< one per row

  std::optional<Timestamp> answered_at(std::size_t row) const;
};

bool is_own(const store::ContactRow& row);
/// Somebody should answer it: also the question that is put to everybody, which the brand can answer best.
bool wants_answer(const store::ContactRow& row);

Result<Dialogue> read_dialogue(const JobInput& input);

}  // namespace earshot::insight
