#include "connectors/bluesky/bluesky_walk.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"

namespace earshot::connectors::bluesky {

Result<Walk> Walk::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  Walk walk;
  walk.top = root["top"].time();
  walk.pending = root["pending"].time();
  walk.since = root["since"].time();
  walk.until = root["until"].time();
  walk.oldest = root["oldest"].time();
  walk.next = root["next"].text();
  walk.pages = root["pages"].integer().value_or(0);
  walk.repeats = root["repeats"].integer().value_or(0);
  return walk;
}

Cursor Walk::write() const {
  JsonWriter out;
  const auto put = [&](std::string_view name, const std::optional<Timestamp>& at) {
    if (at) out.field(name, format_rfc3339(*at));
  };
  out.begin_object();
  put("top", top);
  put("pending", pending);
  put("since", since);
  put("until", until);
  put("oldest", oldest);
  if (!next.empty()) out.field("next", next);
  if (pages > 0) out.field("pages", pages);
  if (repeats > 0) out.field("repeats", repeats);
  return {schema, out.end_object().str()};
}

void Walk::begin(const WalkLimits& limits, Timestamp now) {
  if (since) return;
  since = top ? *top - overlap : now - std::chrono::hours(24) * limits.history_days;
  pending = top;
}

void Walk::finish() {
  // A walk that saw nothing keeps its lower end, so that the next one does not begin later than this one did.
  top = pending ? pending : *since + overlap;
  pending.reset();
  since.reset();
  until.reset();
  oldest.reset();
  next.clear();
  pages = 0;
  repeats = 0;
}

Page Walk::advance(PostPage posts, const WalkLimits& limits) {
  ++pages;
  auto& page = posts.page;
  if (posts.newest) pending = std::max(pending.value_or(*posts.newest), *posts.newest);
  if (posts.oldest) oldest = std::min(oldest.value_or(*posts.oldest), *posts.oldest);
  const bool below = posts.newest && *posts.newest < *since;  // everything on the page is older than we want
  const bool exhausted = posts.cursor.empty() || posts.items == 0;
  if (below || exhausted) {
    finish();
  } else if (posts.cursor == next && ++repeats < repeats_max) {
    // The page before once more, perhaps from a cache: that is no end.
    page.more = true;
  } else if (posts.cursor == next) {
    page.gaps.push_back({*since, oldest.value_or(*since), "repeated"});
    finish();
  } else if (pages >= limits.pages_max) {
    page.gaps.push_back({*since, oldest.value_or(*since), "page_cap"});
    finish();
  } else {
    next = posts.cursor;
    repeats = 0;
    page.more = true;
  }
  page.cursor = write();
  return std::move(page);
}

bool Walk::resume_by_time() {
  if (next.empty() || !oldest) return false;
  next.clear();
  until = *oldest + std::chrono::milliseconds(1);
  return true;
}

}  // namespace earshot::connectors::bluesky
