#include "connectors/declarative/walk.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "connectors/page_builder.hpp"
#include "core/base/hash.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "net/link_header.hpp"

namespace earshot::connectors::declarative {
namespace {

std::int64_t integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string greater(const std::string& a, const std::string& b) {
  return compare_positions(a, b) >= 0 ? a : b;
}

std::string short_hash(std::string_view id) {
  char buffer[12];
  std::snprintf(buffer, sizeof buffer, "%08x", static_cast<unsigned>(hash64(id) >> 32));
  return buffer;
}

bool contains(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

/// Ids that are numbers may be sent increased by one, for servers that count from the cursor inclusively.
std::string increased(const std::string& id, std::int64_t by) {
  const bool digits =
      !id.empty() && id.size() < 19 && std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
  return by != 0 && digits ? std::to_string(integer(id) + by) : id;
}

}  // namespace

/// What one reply brought, and what the file says of it.
struct Walk::Step {
  ReadPage& read;
  const StreamSpec& stream;
  const WalkLimits& limits;
  Scope scope;
  const net::HttpReply& reply;
  const std::string& base;
  Timestamp now;

  bool stops() const { return any_holds(stream.page.stop, scope); }
  /// The platform's own word on whether there is more; yes where the file knows none.
  bool says_more() const {
    const auto& paging = stream.page;
    if (stops() || (!paging.more.empty() && !any_holds(paging.more, scope))) return false;
    return paging.size == 0 || static_cast<std::int64_t>(read.items) >= paging.size;
  }
  void gap(std::int64_t from_ms_, Timestamp to, const char* reason) {
    read.page.gaps.push_back({from_ms(from_ms_), to, reason});
  }
};

Result<Walk> Walk::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  Walk walk;
  walk.top = root["top"].text();
  walk.pending = root["pending"].text();
  walk.page = root["page"].text();
  walk.previous = root["previous"].text();
  walk.since = root["since"].integer();
  walk.floor = root["floor"].integer().value_or(0);
  walk.pages = root["pages"].count().value_or(0);
  walk.repeats = root["repeats"].count().value_or(0);
  walk.etag = root["etag"].text();
  walk.last_modified = root["last_modified"].text();
  for (const auto id : root["seen"])
    if (walk.seen.size() < seen_max) walk.seen.emplace_back(id.text());
  for (const auto id : root["seen_ahead"])
    if (walk.seen_ahead.size() < seen_max) walk.seen_ahead.emplace_back(id.text());
  return walk;
}

Cursor Walk::write() const {
  JsonWriter out;
  out.begin_object();
  const auto put = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out.field(name, value);
  };
  put("top", top);
  put("pending", pending);
  put("page", page);
  put("previous", previous);
  if (since) out.field("since", *since);
  if (floor > 0) out.field("floor", floor);
  if (pages > 0) out.field("pages", pages);
  if (repeats > 0) out.field("repeats", repeats);
  put("etag", etag);
  put("last_modified", last_modified);
  const auto list = [&](std::string_view name, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    out.key(name).begin_array();
    for (const auto& id : ids) out.value(id);
    out.end_array();
  };
  list("seen", seen);
  list("seen_ahead", seen_ahead);
  return {schema, out.end_object().str()};
}

void Walk::begin(const CursorSpec& cursor, const WalkLimits& limits, Timestamp now) {
  if (floor == 0)
    floor = std::max<std::int64_t>(1, to_ms(now - std::chrono::hours(24) * limits.history_days));
  if (cursor.kind != CursorKind::time || since) return;
  since = top.empty() ? floor : integer(top) - cursor.overlap.count();
}

void Walk::provide(const StreamSpec& stream, Variables& variables) const {
  const auto& cursor = stream.cursor;
  if (cursor.kind == CursorKind::time)
    variables["cursor"] = format_time(since.value_or(floor), cursor.format);
  else if (!top.empty())
    variables["cursor"] = increased(top, cursor.add);
  else
    variables["start"] = format_time(floor, cursor.format);
  const bool counts = stream.page.kind == PageKind::number || stream.page.kind == PageKind::offset;
  if (!page.empty())
    variables["page"] = page;
  else if (counts)
    variables["page"] = std::to_string(stream.page.start);
}

Page Walk::advance(ReadPage read, const StreamSpec& stream, const WalkLimits& limits, JsonValue root,
                   const net::HttpReply& reply, const std::string& base, const Variables& variables,
                   Timestamp now) {
  Scope scope{.page = root, .parent = root, .item = root, .joins = {}, .variables = &variables};
  Step step{.read = read,
            .stream = stream,
            .limits = limits,
            .scope = std::move(scope),
            .reply = reply,
            .base = base,
            .now = now};
  if (stream.cursor.kind == CursorKind::ascending_id)
    ascend(step);
  else if (stream.cursor.kind == CursorKind::opaque)
    follow(step);
  else
    descend(step);
  read.page.cursor = write();
  return std::move(read.page);
}

Page Walk::unchanged() const {
  auto over = *this;
  over.page.clear();
  over.previous.clear();
  over.pages = over.repeats = 0;
  over.seen_ahead.clear();
  Page out;
  out.cursor = over.write();
  return out;
}

/// True when a walk got the page before once more, perhaps from a cache: that is no end. It is asked for
/// again a few times; a server that keeps to it ends the walk with a gap.
bool Walk::repeated(Step& step) {
  if (pages == 0 || step.read.items == 0 || step.read.fingerprint != previous) return false;
  if (++repeats < repeats_max) {
    step.read.page.more = true;
    return true;
  }
  step.gap(since.value_or(top.empty() ? floor : 0), step.read.last_at.value_or(step.now), "repeated");
  finish(step);
  return true;
}

void Walk::ascend(Step& step) {
  const auto& positions = step.read.positions;
  const auto newest = positions.empty()
                          ? std::string()
                          : *std::ranges::max_element(positions, [](const auto& a, const auto& b) {
                              return compare_positions(a, b) < 0;
                            });
  if (newest.empty() || (!top.empty() && compare_positions(newest, top) <= 0)) {
    if (!repeated(step)) finish(step);
    return;
  }
  top = newest;
  repeats = 0;
  if (!step.says_more()) return finish(step);
  ++pages;
  previous = step.read.fingerprint;
  step.read.page.more = true;
}

void Walk::follow(Step& step) {
  const auto next = text_of(step.stream.cursor.value, step.scope).value_or("");
  const bool still = next.empty() || next == top;
  if (still) {
    if (step.stops() || !repeated(step)) finish(step);
    return;
  }
  top = next;
  repeats = 0;
  if (!step.says_more() || (step.read.items == 0 && step.stream.page.empty_ends)) return finish(step);
  ++pages;
  previous = step.read.fingerprint;
  step.read.page.more = true;
}

void Walk::descend(Step& step) {
  auto& read = step.read;
  const auto& cursor = step.stream.cursor;
  if (pages == 0 && cursor.kind == CursorKind::conditional) {
    etag = step.reply.headers.find("ETag").value_or("");
    last_modified = step.reply.headers.find("Last-Modified").value_or("");
    seen_ahead.clear();
  }
  if (repeated(step)) return;
  ++pages;
  // Newest first, only the first page tells the newest; what turns up later moved while we walked.
  if (pages == 1 || cursor.ascending)
    for (const auto& position : read.positions)
      if (cursor.kind != CursorKind::time || integer(position) <= to_ms(step.now))
        pending = pending.empty() ? position : greater(pending, position);
  if (cursor.kind == CursorKind::conditional) {
    // Items without a date were given that of their first hearing; it must not move.
    std::erase_if(read.page.mentions, [&](const Mention& mention) {
      return mention.created_at == mention.fetched_at && contains(seen, short_hash(mention.native_id));
    });
    for (const auto& id : read.ids)
      if (seen_ahead.size() < seen_max) seen_ahead.push_back(short_hash(id));
  }
  const bool window = read.items == 0 && step.stream.page.span > 0 && !page.empty();
  if ((read.items == 0 && step.stream.page.empty_ends && !window) || arrived(step) || !step.says_more())
    return finish(step);
  auto next = next_page(step);
  if (next.empty()) return finish(step);
  const auto most = step.stream.page.max > 0 ? std::min(step.stream.page.max, step.limits.pages_max)
                                             : step.limits.pages_max;
  if (pages >= most) return cap(step);
  page = std::move(next);
  previous = read.fingerprint;
  repeats = 0;
  read.page.more = true;
}

/// True when the rest is known already, or older than wanted. The last item decides: those that a site pins
/// to the top are old and say nothing of the others.
bool Walk::arrived(const Step& step) const {
  const auto& read = step.read;
  const auto& cursor = step.stream.cursor;
  if (cursor.kind == CursorKind::time)
    return !cursor.ascending && !read.positions.empty() && integer(read.positions.back()) < *since;
  if (cursor.kind == CursorKind::conditional)
    return !read.ids.empty() && !seen.empty() && std::ranges::all_of(read.ids, [&](const std::string& id) {
      return contains(seen, short_hash(id));
    });
  if (top.empty()) return read.last_at && to_ms(*read.last_at) < floor;
  return !read.positions.empty() && compare_positions(read.positions.back(), top) <= 0;
}

/// The walk may not go on. Oldest first, nothing is lost: it begins anew from the newest that came. The other
/// way what lies below is a gap, unless the platform shows no more than this anyway.
void Walk::cap(Step& step) {
  const auto& cursor = step.stream.cursor;
  if (cursor.kind == CursorKind::conditional) return finish(step);
  if (cursor.kind != CursorKind::time || !cursor.ascending) {
    step.gap(since.value_or(top.empty() ? floor : 0), step.read.last_at.value_or(step.now), "page_cap");
    return finish(step);
  }
  const auto began = *since;
  finish(step);
  const auto onward = integer(top) - cursor.overlap.count();
  if (onward > began) {
    since = onward;
    step.read.page.more = true;
    return;
  }
  // One moment holds more than all pages: what does not fit is lost, and must not hold up the rest.
  step.gap(began, from_ms(began + cursor.overlap.count() + 1'000), "page_cap");
  top = std::to_string(began + cursor.overlap.count() + 1'000);
}

void Walk::finish(const Step& step) {
  const auto& cursor = step.stream.cursor;
  if (cursor.kind == CursorKind::time) {
    if (pending.empty() && top.empty()) pending = std::to_string(*since + cursor.overlap.count());
    if (!pending.empty()) {
      const auto latest = std::to_string(to_ms(step.now - cursor.lag));
      pending = compare_positions(pending, latest) < 0 ? pending : latest;
      top = top.empty() ? pending : greater(pending, top);
    }
    since.reset();
  } else if (cursor.kind == CursorKind::descending_id) {
    if (!pending.empty()) top = top.empty() ? pending : greater(pending, top);
  } else if (cursor.kind == CursorKind::conditional && !seen_ahead.empty()) {
    seen = std::exchange(seen_ahead, {});
  }
  pending.clear();
  page.clear();
  previous.clear();
  pages = repeats = 0;
  step.read.page.more = false;
}

std::string Walk::next_page(Step& step) const {
  const auto& spec = step.stream.page;
  const auto elsewhere = [&](std::string target) {
    target = resolve_url(step.reply.url, target);
    if (same_origin(target, step.base)) return target;
    // Credentials go to the configured origin only, and so do we.
    step.gap(since.value_or(top.empty() ? floor : 0), step.read.last_at.value_or(step.now),
             "next_page_elsewhere");
    return std::string();
  };
  switch (spec.kind) {
    case PageKind::none: return {};
    case PageKind::token: return text_of(spec.at, step.scope).value_or("");
    case PageKind::number: return std::to_string((page.empty() ? spec.start : integer(page)) + 1);
    case PageKind::offset:
      return std::to_string((page.empty() ? spec.start : integer(page)) +
                            static_cast<std::int64_t>(step.read.items));
    case PageKind::link: {
      auto target = net::link_target(step.reply, spec.rel);
      return target ? elsewhere(std::move(*target)) : std::string();
    }
    case PageKind::url: {
      auto target = text_of(spec.at, step.scope);
      return target ? elsewhere(std::move(*target)) : std::string();
    }
    case PageKind::item: {
      if (step.read.items > 0 || spec.span == 0) return increased(step.read.oldest, spec.add);
      const auto below = integer(page) - spec.span;
      return below > integer(top) ? std::to_string(below) : std::string();
    }
  }
  return {};
}

std::string format_time(std::int64_t ms, TimeFormat format) {
  ms = std::max<std::int64_t>(ms, 0);
  switch (format) {
    case TimeFormat::rfc3339: return format_rfc3339(from_ms(ms - ms % 1000));
    case TimeFormat::epoch_s: return std::to_string(ms / 1000);
    case TimeFormat::epoch_ms: return std::to_string(ms);
    case TimeFormat::date: return format_rfc3339(from_ms(ms)).substr(0, 10);
    case TimeFormat::discord_snowflake:
      return std::to_string(std::max<std::int64_t>(ms - discord_epoch_ms, 0) << 22);
  }
  return {};
}

}  // namespace earshot::connectors::declarative
