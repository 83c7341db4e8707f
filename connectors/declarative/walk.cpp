#include "connectors/declarative/walk.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"

namespace earshot::connectors::declarative {
namespace {

std::string greater(const std::string& a, const std::string& b) {
  return compare_positions(a, b) >= 0 ? a : b;
}

/// The coarsest that servers keep the times of changes; what changed in the same moment has no order.
constexpr std::int64_t moment_ms = 1'000;

bool contains(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

}  // namespace

/// One reply in its stream.
struct Walk::Step {
  Arrival arrival;
  const StreamSpec& stream;
  const WalkLimits& limits;

  ReadPage& read() const { return arrival.read; }
};

Result<Walk> Walk::read(const Cursor& cursor) {
  const auto json = connectors::read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  Walk walk;
  walk.top = root["top"].text();
  walk.pending = root["pending"].text();
  walk.paging = Paging::read(root);
  walk.since = root["since"].integer();
  walk.top_at = root["top_at"].integer().value_or(0);
  walk.floor = root["floor"].integer().value_or(0);
  walk.reread_at = root["reread_at"].integer().value_or(0);
  walk.etag = root["etag"].text();
  walk.last_modified = root["last_modified"].text();
  for (const auto id : root["seen"])
    if (walk.seen.size() < seen_max) walk.seen.emplace_back(id.text());
  for (const auto id : root["seen_ahead"])
    if (walk.seen_ahead.size() < seen_max) walk.seen_ahead.emplace_back(id.text());
  walk.follow_ups = FollowUps::read(root["follow_ups"]);
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
  paging.write(out);
  if (since) out.field("since", *since);
  if (top_at > 0) out.field("top_at", top_at);
  if (floor > 0) out.field("floor", floor);
  if (reread_at > 0) out.field("reread_at", reread_at);
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
  if (!follow_ups.empty()) follow_ups.write(out.key("follow_ups"));
  return {schema, out.end_object().str()};
}

void Walk::begin(const CursorSpec& cursor, const WalkLimits& limits, Timestamp now) {
  if (floor == 0)
    floor = std::max<std::int64_t>(1, to_ms(now - std::chrono::hours(24) * limits.history_days));
  // The number after the last one would be waited for in vain; without one all comes that was not heard.
  if (cursor.counts_anew.count() > 0 && from_ms(top_at) + cursor.counts_anew <= now) top.clear();
  const bool begins = !since && paging.pages == 0;
  if (begins && cursor.kind == CursorKind::time)
    since = top.empty() ? floor : whole_number(top) - cursor.overlap.count();
  if (!begins || cursor.reread.count() == 0) return;
  if (from_ms(reread_at) + cursor.reread_every > now) return;
  reread_at = to_ms(now);
  if (top.empty()) return;  // all is read for the first time
  const auto back = std::max(floor, to_ms(now - cursor.reread));
  since = std::min(since.value_or(back), back);
}

void Walk::provide(const StreamSpec& stream, Variables& variables) const {
  const auto& cursor = stream.cursor;
  if (cursor.kind == CursorKind::time)
    variables["cursor"] = format_time(since.value_or(floor), cursor.format);
  else if (!top.empty() && !since)
    variables["cursor"] = increased(top, cursor.add);
  else
    variables["start"] = format_time(since.value_or(floor), cursor.format);
  paging.provide(stream.page, variables);
}

Page Walk::advance(ReadPage read, const StreamSpec& stream, const WalkLimits& limits, const Scope& scope,
                   const net::HttpReply& reply, const std::string& base, Timestamp now) {
  Step step{.arrival =
                {.read = read, .spec = stream.page, .scope = scope, .reply = reply, .base = base, .now = now},
            .stream = stream,
            .limits = limits};
  if (stream.cursor.kind == CursorKind::ascending_id)
    ascend(step);
  else if (stream.cursor.kind == CursorKind::opaque)
    follow(step);
  else
    descend(step);
  follow_ups.note(read, stream, now);
  read.page.cursor = write();
  return std::move(read.page);
}

Page Walk::unchanged(const StreamSpec& stream, Timestamp now) {
  paging = {};
  seen_ahead.clear();
  ReadPage nothing;
  follow_ups.note(nothing, stream, now);
  nothing.page.cursor = write();
  return std::move(nothing.page);
}

Page Walk::advance_follow(ReadPage read, const FollowSpec& asked, const StreamSpec& stream,
                          const Scope& scope, const net::HttpReply& reply, const std::string& base,
                          Timestamp now) {
  const Arrival arrival{
      .read = read, .spec = asked.stream.page, .scope = scope, .reply = reply, .base = base, .now = now};
  follow_ups.advance(arrival, asked, stream);
  read.page.cursor = write();
  return std::move(read.page);
}

Page Walk::give_up_follow(ErrorKind why, const StreamSpec& stream, Timestamp now) {
  ReadPage nothing;
  follow_ups.give_up(nothing, why, stream, now);
  nothing.page.cursor = write();
  return std::move(nothing.page);
}

/// Whence a gap goes: what lies below was heard.
Timestamp Walk::low() const { return from_ms(since.value_or(top.empty() ? floor : 0)); }

/// True when a page that came twice answers both questions: it was asked from a later time, and all of it is
/// that late.
bool Walk::is_answer(const Step& step) const {
  const auto& cursor = step.stream.cursor;
  return cursor.kind == CursorKind::time && cursor.ascending && cursor.is_asked && paging.page.empty() &&
         std::ranges::all_of(step.read().positions,
                             [&](const std::string& at) { return whole_number(at) >= *since; });
}

/// True when a walk got the page before once more: it is asked for again, until the walk ends with a gap.
bool Walk::repeated(Step& step) {
  if (is_answer(step)) return false;
  const auto repeat = paging.repeated(step.arrival);
  if (repeat == Paging::Repeat::no) return false;
  if (repeat == Paging::Repeat::ask_again) {
    step.read().page.more = true;
    return true;
  }
  step.arrival.gap(low(), step.arrival.last_at(), "repeated");
  finish(step);
  return true;
}

void Walk::ascend(Step& step) {
  const auto& positions = step.read().positions;
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
  if (step.stream.cursor.counts_anew.count() > 0) top_at = to_ms(step.arrival.now);
  paging.repeats = 0;
  if (!step.arrival.says_more()) return finish(step);
  ++paging.pages;
  paging.go_on({}, step.arrival);
  step.read().page.more = true;
}

void Walk::follow(Step& step) {
  const auto next = text_of(step.stream.cursor.value, step.arrival.scope).value_or("");
  const bool still = next.empty() || next == top;
  if (still) {
    if (step.arrival.stops() || !repeated(step)) finish(step);
    return;
  }
  top = next;
  paging.repeats = 0;
  if (!step.arrival.says_more() || (step.read().items == 0 && step.stream.page.empty_ends))
    return finish(step);
  ++paging.pages;
  paging.go_on({}, step.arrival);
  step.read().page.more = true;
}

void Walk::descend(Step& step) {
  auto& read = step.read();
  const auto& cursor = step.stream.cursor;
  if (paging.pages == 0 && cursor.kind == CursorKind::conditional) {
    etag = step.arrival.reply.headers.find("ETag").value_or("");
    last_modified = step.arrival.reply.headers.find("Last-Modified").value_or("");
    seen_ahead.clear();
  }
  if (repeated(step)) return;
  ++paging.pages;
  // Newest first, only the first page tells the newest; what turns up later moved while we walked.
  if (paging.pages == 1 || cursor.ascending)
    for (const auto& position : read.positions)
      if (cursor.kind != CursorKind::time || whole_number(position) <= to_ms(step.arrival.now))
        pending = pending.empty() ? position : greater(pending, position);
  if (cursor.kind == CursorKind::conditional) {
    // Items without a date were given that of their first hearing; it must not move.
    std::erase_if(read.page.mentions, [&](const Mention& mention) {
      return mention.created_at == mention.fetched_at && contains(seen, short_hash(mention.native_id));
    });
    for (const auto& id : read.ids)
      if (seen_ahead.size() < seen_max) seen_ahead.push_back(short_hash(id));
  }
  const bool window = read.items == 0 && step.stream.page.span > 0 && !paging.page.empty();
  if ((read.items == 0 && step.stream.page.empty_ends && !window) || arrived(step) ||
      !step.arrival.says_more())
    return finish(step);
  auto next = next_page(step);
  if (next.empty()) return finish(step);
  if (rise(step)) return;
  const auto most = step.stream.page.max > 0 ? std::min(step.stream.page.max, step.limits.pages_max)
                                             : step.limits.pages_max;
  if (paging.pages >= most) return cap(step);
  paging.go_on(std::move(next), step.arrival);
  read.page.more = true;
}

/// True when the rest is known already, or older than wanted. The last item decides: those that a site pins
/// to the top are old and say nothing of the others.
bool Walk::arrived(const Step& step) const {
  const auto& read = step.read();
  const auto& cursor = step.stream.cursor;
  if (cursor.kind == CursorKind::time)
    return !cursor.ascending && !read.positions.empty() && whole_number(read.positions.back()) < *since;
  if (cursor.kind == CursorKind::conditional)
    return !read.ids.empty() && !seen.empty() && std::ranges::all_of(read.ids, [&](const std::string& id) {
      return contains(seen, short_hash(id));
    });
  if (top.empty() || since) return read.last_at && to_ms(*read.last_at) < since.value_or(floor);
  return reached_top(step);
}

/// True when all that was not heard yet lies behind.
bool Walk::reached_top(const Step& step) const {
  const auto& positions = step.read().positions;
  if (top.empty() || positions.empty()) return false;
  if (step.stream.cursor.kind != CursorKind::time) return compare_positions(positions.back(), top) <= 0;
  return whole_number(positions.back()) < whole_number(top) - step.stream.cursor.overlap.count();
}

/// Oldest first, the next page is asked for from the time at which this one ends, not by its place: an item
/// that changes moves to the end of the list, and what stands behind it moves up into pages that were read.
/// One item may have changed since the server put the page in order, so it is the last but one that decides.
/// False when that leads no further, or the page is not in the order of time.
bool Walk::rise(Step& step) {
  const auto& cursor = step.stream.cursor;
  if (cursor.kind != CursorKind::time || !cursor.ascending || !cursor.is_asked) return false;
  std::vector<std::int64_t> times;
  for (const auto& position : step.read().positions) times.push_back(whole_number(position));
  if (times.size() < 2) return false;
  times.erase(std::ranges::max_element(times));
  if (!std::ranges::is_sorted(times) || times.back() > to_ms(step.arrival.now)) return false;
  const auto onward = times.back() - moment_ms;
  const bool leads_on =
      onward > *since && format_time(onward, cursor.format) != format_time(*since, cursor.format);
  if (!leads_on) return false;
  since = onward;
  paging.begin_anew(step.arrival);
  step.read().page.more = true;
  return true;
}

/// The walk may not go on: what lies below is a gap, unless the platform shows no more than this anyway, or
/// it was heard before. Oldest first, one moment holds more than all pages: what does not fit is lost, and
/// must not hold up the rest.
void Walk::cap(Step& step) {
  const auto& cursor = step.stream.cursor;
  if (cursor.kind == CursorKind::conditional) return finish(step);
  if (cursor.kind != CursorKind::time || !cursor.ascending) {
    if (!reached_top(step)) step.arrival.gap(low(), step.arrival.last_at(), "page_cap");
    return finish(step);
  }
  if (!cursor.is_asked) {
    step.arrival.gap(from_ms(std::max(*since, whole_number(pending))), step.arrival.now, "page_cap");
    return finish(step);
  }
  const auto last = std::max(*since, whole_number(pending));
  step.arrival.gap(from_ms(last), from_ms(last + 2 * moment_ms), "page_cap");
  since = last + moment_ms;
  paging.begin_anew(step.arrival);
  step.read().page.more = true;
}

void Walk::finish(const Step& step) {
  const auto& cursor = step.stream.cursor;
  if (cursor.kind == CursorKind::time) {
    if (pending.empty() && top.empty()) pending = std::to_string(*since + cursor.overlap.count());
    if (!pending.empty()) {
      const auto latest = std::to_string(to_ms(step.arrival.now - cursor.lag));
      pending = compare_positions(pending, latest) < 0 ? pending : latest;
      top = top.empty() ? pending : greater(pending, top);
    }
  } else if (cursor.kind == CursorKind::descending_id) {
    if (!pending.empty()) top = top.empty() ? pending : greater(pending, top);
  } else if (cursor.kind == CursorKind::conditional && !seen_ahead.empty()) {
    seen = std::exchange(seen_ahead, {});
  }
  since.reset();
  pending.clear();
  paging = {};
  step.read().page.more = false;
}

std::string Walk::next_page(Step& step) const {
  auto next = paging.next(step.arrival, top);
  if (next.elsewhere) step.arrival.gap(low(), step.arrival.last_at(), "next_page_elsewhere");
  return std::move(next.page);
}

}  // namespace earshot::connectors::declarative
