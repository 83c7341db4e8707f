#pragma once
#include <optional>
#include <vector>

#include "insight/dialogue.hpp"

/// What the brand promised in its replies, and whether it kept its word. Private to insight/.
namespace earshot::insight {

/// A commitment of the brand to somebody, by index into the dialogue's rows.
struct KeptWord {
  enum class State : std::uint8_t { open, kept, late, missed } state = State::open;
  std::size_t reply = 0, to = 0;
  Timestamp due_at = {};
  bool named = false;                       ///< the reply names the time
  std::optional<std::size_t> settled = {};  ///< the later reply, or the customer's word that it is settled
};
std::string_view to_string(KeptWord::State state);

/// In the order of the replies. Kept: the brand wrote to the same person in the same thread again (a quarter
/// of an hour later or more: what comes sooner is the same answer), or that person said there that it is
/// settled, or gave thanks when it was due. Late: the same after it was due. What happened in private is not
/// seen.
std::vector<KeptWord> find_promises(const Dialogue& dialogue, const TimeZone& zone, Timestamp now);

/// The post of somebody else that each own post replies to, through the brand's own posts; one per row.
std::vector<std::optional<std::size_t>> addressees(const Dialogue& dialogue);

}  // namespace earshot::insight
