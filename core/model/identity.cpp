#include "core/model/identity.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/base/hash.hpp"

namespace earshot::identity {
namespace {

constexpr std::int64_t epoch_ms = 946'684'800'000;  // 2000-01-01T00:00:00Z
constexpr int hash_bits = 22;
constexpr std::int64_t time_max = (std::int64_t{1} << 41) - 1;

/// AT Protocol record keys are TIDs: 13 base32-sortable digits, 53 bits of microseconds and 10 of clock id.
std::optional<Timestamp> tid_time(std::string_view uri) {
  const auto key = uri.substr(uri.rfind('/') + 1);
  if (key.size() != 13) return std::nullopt;
  static constexpr std::string_view digits = "234567abcdefghijklmnopqrstuvwxyz";
  std::uint64_t value = 0;
  for (const char c : key) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 5 | digit;
  }
  return from_ms(static_cast<std::int64_t>((value & 0x7FFF'FFFF'FFFF'FFFF) >> 10) / 1000);
}

/// X post ids carry milliseconds since 2010-11-04T01:42:54.657Z above 22 bits.
std::optional<Timestamp> snowflake_time(std::string_view id) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), value);
  if (failure != std::errc{} || end != id.data() + id.size() || value < (std::uint64_t{1} << 32))
    return std::nullopt;
  return from_ms(static_cast<std::int64_t>(value >> 22) + 1'288'834'974'657);
}

}  // namespace

std::uint64_t native_hash(std::string_view platform, std::string_view native_id) {
  thread_local std::string key;
  key.assign(platform);
  key.push_back('\0');
  key += native_id;
  return hash64(key);
}

std::optional<Timestamp> key_time(const Mention& mention) {
  if (mention.platform == "bluesky") {
    // Record keys are made by clients: one that claims a day later than its post is not believed.
    const auto at = tid_time(mention.native_id);
    if (at && mention.created_at != Timestamp{} && *at > mention.created_at + std::chrono::hours(24))
      return std::nullopt;
    return at;
  }
  if (mention.platform == "x") return snowflake_time(mention.native_id);
  // Publishers change the dates of articles, or leave them out; of a mail, sender and servers name several.
  if (mention.platform == "feed" || mention.platform == "email") return std::nullopt;
  // Stores give the time of a review's last edit as its only one; Instagram pushes comments with the time of
  // the push.
  if (mention.kind == MentionKind::review || mention.kind == MentionKind::survey ||
      mention.platform == "instagram")
    return std::nullopt;
  // A time that was not believed has been replaced by that of the fetch, which the next fetch will not
  // repeat.
  if (mention.created_at == Timestamp{} || mention.created_at == mention.fetched_at) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(mention.created_at);
}

MentionId make_id(Timestamp at, std::uint64_t native_hash) {
  const auto since = std::clamp<std::int64_t>(to_ms(at) - epoch_ms, 1, time_max);
  const auto low = static_cast<std::int64_t>(native_hash & ((1U << hash_bits) - 1));
  return MentionId{since << hash_bits | low};
}

Timestamp time_of(MentionId id) { return from_ms((id.value >> hash_bits) + epoch_ms); }

Timestamp hour_of(MentionId id) { return std::chrono::floor<std::chrono::hours>(time_of(id)); }

}  // namespace earshot::identity
