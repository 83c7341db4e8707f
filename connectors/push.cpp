#include "connectors/push.hpp"

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors {
namespace {

template <typename Same>
std::optional<std::string_view> only(const std::vector<std::pair<std::string, std::string>>& pairs,
                                     const Same& same) {
  std::optional<std::string_view> found;
  for (const auto& [name, value] : pairs) {
    if (!same(name)) continue;
    // Of two, one part of the way may have read the first and another the second.
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

}  // namespace

PushReply receipt(std::size_t accepted, std::size_t malformed, bool repeated) {
  JsonWriter out;
  out.begin_object().field("accepted", static_cast<std::int64_t>(accepted));
  out.field("malformed", static_cast<std::int64_t>(malformed)).field("repeated", repeated).end_object();
  return {.body = out.str()};
}

std::optional<std::string_view> PushRequest::header(std::string_view name) const {
  const auto wanted = ascii_lower(name);
  return only(headers, [&](const std::string& given) { return ascii_lower(given) == wanted; });
}

std::optional<std::string_view> PushRequest::parameter(std::string_view name) const {
  return only(query, [&](const std::string& given) { return given == name; });
}

}  // namespace earshot::connectors
