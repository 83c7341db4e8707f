#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/clock.hpp"

namespace earshot::analysis {

/// One post in a brand's public conversations, as lean as following them needs it. Hashes stand for names:
/// `post`, `parent` and `thread` are of (platform, native id); 0: unknown.
struct Contact {
  Timestamp at = {};
  std::uint64_t post = 0, parent = 0, thread = 0;
  std::uint64_t author = 0;
  bool own = false;       ///< written by one of the brand's own accounts
  bool wants = false;     ///< somebody should answer it: a complaint, a question, a request
  bool thankful = false;  ///< thanks, praise or good words: what was asked before has been settled
};

/// How a contact was settled, by index into the contacts.
struct Answer {
  std::optional<std::size_t> own = {};      ///< the brand's first reply to it
  std::optional<std::size_t> settled = {};  ///< its author's own thanks, later in the same thread
};

/// One answer per contact, in their order. Contacts must be in the order of their times.
///
/// A reply of the brand answers the post it replies to, and what the same person wrote in the same thread
/// before: who writes three times and is answered once has been answered. The parts of a reply in several
/// posts count as one. A thread is the platform's own where it names one, else everything below one post.
std::vector<Answer> find_answers(std::span<const Contact> contacts);

/// The thread of each contact, in their order: equal numbers are one thread.
std::vector<std::uint64_t> thread_ids(std::span<const Contact> contacts);

}  // namespace earshot::analysis
