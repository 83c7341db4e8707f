#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/json_fields.hpp"
#include "connectors/normalise.hpp"

namespace earshot::connectors {

/// A server that gives the page before this often in a row, instead of the one asked for, will not do better.
inline constexpr std::int64_t repeats_max = 4;

/// Puts an item that was read into the page, or counts it as bad; the rest of the page goes on either way.
inline void add_item(Page& page, std::size_t index, Result<Mention> item) {
  if (item) item = normalise(std::move(*item));
  if (item)
    page.mentions.push_back(std::move(*item));
  else
    page.bad_items.push_back({index, item.error().message});
}

/// Reads a stored checkpoint; `cursor_invalid` when it is of another schema or damaged.
inline Result<JsonDocument> read_cursor(const Cursor& cursor, std::uint32_t schema) {
  if (cursor.schema != schema)
    return unexpected(ErrorKind::cursor_invalid,
                      "the checkpoint has schema " + std::to_string(cursor.schema));
  auto json = parse_json(cursor.json);
  if (!json || !json->root().is_object())
    return unexpected(ErrorKind::cursor_invalid, "the checkpoint cannot be read");
  return json;
}

/// The mistakes of a SettingsReader as one error, or nothing.
inline std::optional<Error> mistakes_in(const ConnectorInput& input, std::vector<std::string> mistakes) {
  if (mistakes.empty()) return std::nullopt;
  std::string message;
  for (const auto& mistake : mistakes) {
    if (!message.empty()) message.push_back('\n');
    message += "source `" + input.source + "`: " + mistake;
  }
  return Error{.kind = ErrorKind::invalid, .message = std::move(message)};
}

/// What to search for where the source gives no terms: names, aliases and products of its brands, without
/// duplicates.
std::vector<std::string> brand_terms(const std::vector<Brand>& brands);

/// A base URL without its trailing slash; reports a mistake when it is not http(s).
std::string base_url(SettingsReader& reader, std::string_view key, std::string fallback);

/// The stream's part after "kind:".
inline std::pair<std::string_view, std::string_view> split_stream(std::string_view name) {
  const auto colon = name.find(':');
  return {name.substr(0, colon),
          colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1)};
}

}  // namespace earshot::connectors
