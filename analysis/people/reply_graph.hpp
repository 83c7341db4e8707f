#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/clock.hpp"

namespace earshot::analysis {

/// One post with what it says of the brand; hashes as in Contact (dialogue.hpp), 0: unknown.
struct Utterance {
  Timestamp at = {};
  std::uint64_t post = 0, parent = 0, thread = 0, author = 0;
  bool own = false;         ///< of the brand
  bool negative = false;    ///< unhappy with the brand
  bool takes_part = false;  ///< speaks well of it, or corrects what is said against it
  bool asks = false;
  bool thanks = false;
};

/// Somebody took the brand's part, by index.
struct Defence {
  std::size_t reply = 0, target = 0;
};
/// In the order of the replies: those by others under a negative post of somebody else, directly or, where
/// the parent is not known, at the thread's root.
std::vector<Defence> find_defences(std::span<const Utterance> posts);

/// Somebody other than the brand answered a question, and who had asked gave thanks for that answer.
struct PeerAnswer {
  std::size_t question = 0, answer = 0, thanks = 0;
};
std::vector<PeerAnswer> find_peer_answers(std::span<const Utterance> posts);

}  // namespace earshot::analysis
