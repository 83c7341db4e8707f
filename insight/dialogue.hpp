#pragma once
#include <optional>
#include <vector>

#include "analysis/people/dialogue.hpp"
#include "analysis/people/matter.hpp"
#include "analysis/people/promise.hpp"
#include "insight/job.hpp"

namespace earshot::insight {

/// What the words of one post gave away; the words themselves are not kept.
struct Remark {
  std::vector<analysis::SignHit> signs = {};  ///< of others' posts
  std::optional<Span> reason = {};
  std::optional<analysis::Promise> promise = {};  ///< of the brand's own
  std::uint64_t reply_words =
      0;  ///< of the brand's own: hash of its words without names and signature; 0: too few
  bool name_says_staff = false, name_says_bot = false;  ///< of its author's account

  bool says_anything() const;
  bool has(analysis::Sign sign) const { return find(sign) != nullptr; }
  const analysis::SignHit* find(analysis::Sign sign) const;
};

/// A brand's conversations of the last twelve weeks, and how each post in them was settled: the one place
/// that decides what has been answered.
struct Dialogue {
  Timestamp since = {};
  std::vector<store::ContactRow> rows = {};    ///< in the order of their times, without their words
  std::vector<analysis::Answer> answers = {};  ///< one per row
  std::vector<std::uint64_t> threads = {};     ///< one per row
  std::vector<Remark> remarks = {};            ///< one per row
  analysis::WordCounts counts = {};

  std::optional<Timestamp> answered_at(std::size_t row) const;
};

bool is_own(const store::ContactRow& row);
bool is_praise(const store::ContactRow& row);
/// Somebody should answer it: also the question that is put to everybody, which the brand can answer best.
bool wants_answer(const store::ContactRow& row);

Result<Dialogue> read_dialogue(const JobInput& input);

}  // namespace earshot::insight
