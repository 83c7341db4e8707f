#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json_fields.hpp"

namespace earshot::connectors::declarative {

/// A JSON pointer (RFC 6901), with two steps more: `*` is every element of an array or member of an object,
/// and `[key=value]` the elements of an array whose member `key` is `value`. Before the pointer may stand
/// what it starts from: "page:/meta/count", "parent:/kind", "author:/name" (a join); without that, the item.
struct Pointer {
  struct Step {
    enum class Kind { member, every, matching };
    Kind kind = Kind::member;
    std::string name;   ///< of the member, or of the one compared
    std::string value;  ///< of `matching`
    bool operator==(const Step&) const = default;
  };
  std::string origin;  ///< empty: the item
  std::vector<Step> steps;
  std::string written;

  bool operator==(const Pointer&) const = default;
};

/// True for text that means to be a pointer: empty, or a '/' at the start or after "name:".
bool looks_like_pointer(std::string_view text);
/// Nothing when the text is no pointer; `why` then says what is wrong.
std::optional<Pointer> parse_pointer(std::string_view text, std::string& why);

/// The first value the steps lead to that is there and not null; absent otherwise.
JsonValue find_first(const Pointer& pointer, JsonValue from);
/// All of them, at most `limit`.
std::vector<JsonValue> find_all(const Pointer& pointer, JsonValue from, std::size_t limit);

/// A string, number, boolean as text; empty for anything else.
std::string_view scalar_text(JsonValue value);

}  // namespace earshot::connectors::declarative
