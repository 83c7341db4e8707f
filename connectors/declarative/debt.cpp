#include "connectors/declarative/debt.hpp"

#include <algorithm>
#include <cstdio>

#include "core/base/hash.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors::declarative {
namespace {

constexpr std::size_t mark_bytes_max = 40;    // a count or a time
constexpr std::size_t named_bytes_max = 256;  // an id, or a value under a name

/// What would climb out of its place in a path, or pass for two of a list, is no id.
bool is_askable(std::string_view id, const FollowSpec& follow) {
  return !id.empty() && id.size() <= named_bytes_max && id.find("..") == std::string_view::npos &&
         (follow.batch == 1 || id.find(follow.separator) == std::string_view::npos) &&
         std::ranges::none_of(id, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

std::optional<Debt> read_debt(const FollowSpec& follow, const Scope& item, Timestamp at) {
  if (!follow.when.empty() && !any_holds(follow.when, item)) return std::nullopt;
  auto id = text_of(follow.id, item).value_or("");
  const auto mark = text_of(follow.mark, item).value_or("");
  if (mark.empty() || !is_askable(id, follow)) return std::nullopt;
  Debt debt{.follow = follow.stream.name,
            .id = std::move(id),
            .mark = std::string(utf8::truncate(mark, mark_bytes_max)),
            .at = to_ms(at)};
  for (const auto& [name, value] : follow.values)
    if (auto text = text_of(value, item); text && text->size() <= named_bytes_max)
      debt.values[name] = std::move(*text);
  return debt;
}

std::string short_hash(std::string_view id) {
  char buffer[12];
  std::snprintf(buffer, sizeof buffer, "%08x", static_cast<unsigned>(hash64(id) >> 32));
  return buffer;
}

}  // namespace earshot::connectors::declarative
