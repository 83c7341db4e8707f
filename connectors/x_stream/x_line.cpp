#include "connectors/x_stream/x_line.hpp"

#include <algorithm>

#include "connectors/connector.hpp"
#include "connectors/json_fields.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/assert.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors::x_stream {
namespace {

/// The problem of a line that has no post.
Error problem_of(JsonValue root) {
  const auto first = root["errors"].size() > 0 ? *root["errors"].begin() : root;
  const auto title = first["title"].text();
  const auto type = first["type"].text();
  const auto reason = first["disconnect_type"].text();
  auto kind = ErrorKind::unreachable;
  if (type.find("usage-capped") != std::string_view::npos || title == "ConnectionException" ||
      reason == "TooManyConnections")
    kind = ErrorKind::rate_limited;
  else if (type.find("not-authorized") != std::string_view::npos || title == "Unauthorized")
    kind = ErrorKind::unauthorized;
  std::string message = "X ends the stream: " + printable(title);
  if (!reason.empty()) message += " (" + printable(reason) + ")";
  if (const auto detail = first["detail"].text(); !detail.empty())
    message += ": " + printable(detail.substr(0, 200));
  return Error{.kind = kind, .message = std::move(message)};
}

}  // namespace

Status take_line(std::string_view line, std::size_t index, Timestamp now, Page& page) {
  if (trim(line).empty()) return Done{};
  const auto json = parse_json(line);
  if (!json) {
    page.bad_items.push_back({index, json.error().message});
    return Done{};
  }
  const auto root = json->root();
  if (!root["data"].is_object()) {
    // A post may come with errors of its own (an expansion that is not to be seen); without one they are all.
    if (root["errors"].is_array() || root["title"].is_string()) return unexpected(problem_of(root));
    page.bad_items.push_back({index, "a line without a post"});
    return Done{};
  }
  static const auto* search = find_connector("x");
  EARSHOT_ASSERT(search != nullptr);
  auto body = "{\"data\":[" + std::string(root["data"].raw()) + "]";
  if (root["includes"].is_object()) body += ",\"includes\":" + std::string(root["includes"].raw());
  body += ",\"meta\":{\"result_count\":1}}";
  auto read = search->parse("https://api.x.com/2/tweets/search/recent", body, now);
  if (!read) {
    page.bad_items.push_back({index, read.error().message});
    return Done{};
  }
  for (auto& mention : read->mentions) page.mentions.push_back(std::move(mention));
  for (auto& bad : read->bad_items) page.bad_items.push_back({index, std::move(bad.reason)});
  return Done{};
}

std::chrono::milliseconds reconnect_delay(ErrorKind kind, bool answered, int attempt) {
  using std::chrono::milliseconds;
  const auto doubled = [&](std::int64_t base, std::int64_t ceiling) {
    return milliseconds(std::min(base << std::clamp(attempt - 1, 0, 16), ceiling));
  };
  if (kind == ErrorKind::rate_limited) return doubled(60'000, 3'600'000);
  if (answered) return doubled(5'000, 320'000);
  return milliseconds(std::min<std::int64_t>(250LL * std::max(attempt, 1), 16'000));
}

}  // namespace earshot::connectors::x_stream
