#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "insight/job.hpp"
#include "store/rows.hpp"

/// Who waits for an answer, and how pressing it is. Private to insight/.
namespace earshot::insight {

/// What is longer ago than this waits no more: nobody expects an answer.
inline constexpr std::chrono::hours waiting_max{28 * 24};

/// One post that nobody answered, how many the same author wrote before it in vain, and how many others said
/// the same in the same words since.
struct Unanswered {
  const store::ContactRow* row = nullptr;
  int earlier = 0;
  int echoes = 0;
  bool promised = false;  ///< the brand broke a promise that it made to the author
};

/// Points from 0 to 100, with what they are made of as JSON.
store::WaitingRow prioritise(const Unanswered& post);

/// The newest unanswered post of every author, most urgent first; copies of a long text by others are folded
/// into the first: one case, however often it is shared. `posts` are in the order of their times.
/// `promised`: the authors to whom the brand broke its word.
std::vector<store::WaitingRow> queue_of(std::span<const store::ContactRow* const> posts,
                                        const std::unordered_set<std::uint64_t>& promised = {});

/// The target for a post by how urgent it is: from 0.5 on, and wherever something is dangerous, high; from
/// 0.25 on medium; else low.
const std::optional<Milliseconds>& answer_within(const store::VerdictRow& verdict, const ServiceTerms& terms);

}  // namespace earshot::insight
