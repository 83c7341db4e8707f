#pragma once
#include <unordered_map>
#include <vector>

#include "analysis/people/reply_graph.hpp"
#include "analysis/people/roles.hpp"
#include "insight/dialogue.hpp"
#include "insight/promises.hpp"

namespace earshot::insight {

/// One author of a dialogue's rows, none of the brand's own.
struct Person {
  std::uint64_t author_key = 0;
  std::vector<std::size_t> posts = {};            ///< rows, in the order of their times
  std::vector<analysis::RoleFinding> roles = {};  ///< their evidence is an index into `posts`
  bool interested = false;                        ///< staff, press, bot or affiliate

  bool is(analysis::Role role) const;
};

/// The people in a dialogue and what passed between them and the brand; indices are of the dialogue's rows.
struct People {
  std::vector<Person> people = {};               ///< by author_key
  std::vector<analysis::Defence> defences = {};  ///< by people without an interest of their own
  std::vector<analysis::PeerAnswer> peer_answers = {};
  std::vector<KeptWord> promises = {};

  const Person* find(std::uint64_t author_key) const;
  bool is_interested(std::uint64_t author_key) const;
};

People find_people(const Dialogue& dialogue, const TimeZone& zone, Timestamp now);

}  // namespace earshot::insight
