#pragma once
#include <optional>
#include <string_view>

#include "core/model/ids.hpp"
#include "core/model/mention.hpp"

/// How a mention gets its 64-bit id. The id is (milliseconds since 2000-01-01 UTC) << 22 | 22 bits of the
/// hash of (platform, native_id): one B-tree is store, duplicate check and time index, and inserts stay
/// sequential. When two posts share the id the store probes the next values. The time must therefore never
/// change for one native id.
namespace earshot::identity {

/// 64-bit hash of (platform, native_id); stored with the mention and compared when ids meet.
std::uint64_t native_hash(std::string_view platform, std::string_view native_id);

/// The moment that is part of the identity, or nothing where there is no time that is fixed for ever (feeds,
/// reviews, times that were not believed): the store then keeps an alias row from hash to id, which costs a
/// look-up at a random place. Floored to the second, since servers pass times on with different precision.
std::optional<Timestamp> key_time(const Mention& mention);

/// Id for a time and hash; times before 2000 or after 2069 are clamped.
MentionId make_id(Timestamp at, std::uint64_t native_hash);
/// The moment inside an id.
Timestamp time_of(MentionId id);
/// The hour in which that moment lies, as rollups count them.
Timestamp hour_of(MentionId id);

}  // namespace earshot::identity
