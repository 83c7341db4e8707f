#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/model/ids.hpp"
#include "core/model/mention.hpp"

namespace earshot::store {

/// What the tables keep of a mention beside its own fields. Whoever analyses works it out, so that the one
/// writer does not have to.
struct Derived {
  std::uint64_t native_hash = 0;           ///< of (platform, native id)
  std::optional<Timestamp> key_time = {};  ///< the moment that is part of its identity
  MentionId first_id = {};                 ///< its id, unless that is taken by another
  std::uint64_t content_hash = 0;          ///< tells an edit from a repeat; counters are not part of it
  std::uint64_t author_key = 0;            ///< 0: unknown
  std::string tags = {}, links = {};       ///< JSON arrays; empty for none
  std::string raw = {};                    ///< zstd; empty for none
};

/// Without `words` (a mention of no brand, a deletion) only what identifies it.
Derived derive(const Mention& mention, bool words);

}  // namespace earshot::store
