#pragma once
#include <span>
#include <vector>

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
};

/// Points from 0 to 100, with what they are made of as JSON.
store::WaitingRow prioritise(const Unanswered& post);

/// The newest unanswered post of every author, most urgent first; copies of a long text by others are folded
/// into the first: one case, however often it is shared. `posts` are in the order of their times.
std::vector<store::WaitingRow> queue_of(std::span<const store::ContactRow* const> posts);

}  // namespace earshot::insight
