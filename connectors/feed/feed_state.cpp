#include "connectors/feed/feed_state.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/hash.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::feed {

std::string entry_mark(std::string_view native_id, std::string_view content) {
  static constexpr char digits[] = "0123456789abcdefghijklmnopqrstuv";
  auto hash = hash64(content, hash64(native_id));
  std::string out(13, '0');
  for (auto& c : out) {
    c = digits[hash & 31];
    hash >>= 5;
  }
  return out;
}

Result<FeedState> FeedState::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  FeedState state;
  state.started = root["started"].is_true();
  state.etag = root["etag"].text();
  state.last_modified = root["last_modified"].text();
  state.moved_to = root["moved_to"].text();
  state.moved_seen =
      static_cast<int>(std::clamp<std::int64_t>(root["moved_seen"].integer().value_or(0), 0, 100));
  state.walk_next = root["walk_next"].text();
  state.walk_left = root["walk_left"].integer().value_or(0);
  state.repeats = root["repeats"].integer().value_or(0);
  for (const auto mark : root["marks"]) state.marks.emplace_back(mark.text());
  return state;
}

Cursor FeedState::write() const {
  JsonWriter out;
  out.begin_object().field("started", started);
  if (!etag.empty()) out.field("etag", etag);
  if (!last_modified.empty()) out.field("last_modified", last_modified);
  if (!moved_to.empty()) out.field("moved_to", moved_to).field("moved_seen", moved_seen);
  if (!walk_next.empty()) out.field("walk_next", walk_next).field("walk_left", walk_left);
  if (repeats > 0) out.field("repeats", repeats);
  out.key("marks").begin_array();
  for (const auto& mark : marks) out.value(mark);
  return {schema, out.end_array().end_object().str()};
}

std::string FeedState::address(const std::string& configured) const {
  if (!walk_next.empty()) return walk_next;
  return moved_seen >= moves_confirmed && !moved_to.empty() ? moved_to : configured;
}

net::HttpRequest FeedState::request(const std::string& configured) const {
  net::HttpRequest request;
  request.url = address(configured);
  request.headers.add("Accept",
                      "application/atom+xml, application/rss+xml, application/feed+json, "
                      "application/xml;q=0.9, application/json;q=0.8, "
                      "text/xml;q=0.8, */*;q=0.1");
  if (walk_next.empty()) {
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    if (!last_modified.empty()) request.headers.add("If-Modified-Since", last_modified);
  }
  return request;
}

bool FeedState::follow_move(const std::string& configured, const net::HttpReply& reply) {
  if (!walk_next.empty()) return false;
  if (reply.status == 301 || reply.status == 308) {
    const auto location = reply.headers.find("Location");
    const auto target = location ? resolve_url(address(configured), *location) : std::string();
    if (!parse_url(target) || target == address(configured) || moved_seen >= moves_confirmed + 5)
      return false;
    moved_to = target;
    moved_seen = std::max(moved_seen + 1, moves_confirmed);
    etag.clear();
    last_modified.clear();
    return true;
  }
  if (reply.status == 200 && !reply.url.empty() && reply.url != address(configured)) {
    moved_seen = reply.url == moved_to ? std::min(moved_seen + 1, moves_confirmed) : 1;
    moved_to = reply.url;
  } else if (reply.status == 200) {
    moved_seen = address(configured) == configured ? 0 : moves_confirmed;
    if (moved_seen == 0) moved_to.clear();
  }
  return false;
}

void FeedState::forget_move() {
  moved_to.clear();
  moved_seen = 0;
  etag.clear();
  last_modified.clear();
}

void FeedState::note_validators(const net::HttpReply& reply, bool well_formed) {
  const auto exact = [&](std::string_view name) {
    const auto value = well_formed ? reply.headers.find(name) : std::nullopt;
    const bool usable =
        value && value->size() <= 1024 && value->find_first_of("\r\n") == std::string_view::npos;
    return usable ? std::string(*value) : std::string();
  };
  etag = exact("ETag");
  last_modified = exact("Last-Modified");
}

void FeedState::trim_marks(std::size_t current) {
  const auto limit = std::min(marks_max, std::max<std::size_t>(current * 2, 200));
  if (marks.size() > limit) marks.erase(marks.begin(), marks.end() - static_cast<std::ptrdiff_t>(limit));
}

}  // namespace earshot::connectors::feed
