#include "connectors/mastodon/mastodon_walk.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::mastodon {
namespace {

bool reaches(const std::string& id, const std::string& top) {
  if (top.empty()) return false;
  const auto order = compare_ids(id, top);
  return order && *order <= 0;
}

std::string newest_id(const std::vector<std::string>& ids) {
  auto best = ids.front();
  for (const auto& id : ids)
    if (compare_ids(id, best).value_or(-1) > 0) best = id;
  return best;
}

std::string oldest_id(const std::vector<std::string>& ids) {
  auto best = ids.back();
  for (const auto& id : ids)
    if (compare_ids(id, best).value_or(1) < 0) best = id;
  return best;
}

}  // namespace

Result<Walk> Walk::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  Walk walk;
  walk.top = root["top"].text();
  walk.pending_top = root["pending_top"].text();
  walk.resume = root["resume"].text();
  walk.floor = root["floor"].time();
  walk.pages = root["pages"].integer().value_or(0);
  walk.repeats = root["repeats"].integer().value_or(0);
  return walk;
}

Cursor Walk::write() const {
  JsonWriter out;
  out.begin_object().field("top", top);
  if (!pending_top.empty())
    out.field("pending_top", pending_top).field("resume", resume).field("pages", pages);
  if (repeats > 0) out.field("repeats", repeats);
  if (floor) out.field("floor", format_rfc3339(*floor));
  return {schema, out.end_object().str()};
}

std::optional<std::pair<std::string, std::string>> Walk::parameter() const {
  if (!resume.empty()) return std::pair<std::string, std::string>("max_id", resume);
  if (!top.empty() && pending_top.empty()) return std::pair<std::string, std::string>("min_id", top);
  return std::nullopt;
}

void Walk::finish_descent() {
  if (!pending_top.empty()) top = pending_top;
  pending_top.clear();
  resume.clear();
  pages = 0;
  repeats = 0;
}

Page Walk::advance(StatusPage statuses, const net::HttpReply& reply, const WalkLimits& limits,
                   Timestamp now) {
  if (!floor) floor = now - std::chrono::hours(24) * limits.history_days;
  if (descending())
    descend(statuses, reply, limits, now);
  else
    ascend(statuses, reply, limits);
  statuses.page.cursor = write();
  return std::move(statuses.page);
}

void Walk::descend(StatusPage& statuses, const net::HttpReply& reply, const WalkLimits& limits,
                   Timestamp now) {
  ++pages;
  const auto& ids = statuses.ids;
  if (ids.empty()) return finish_descent();
  if (pending_top.empty()) pending_top = newest_id(ids);
  const bool reached = std::ranges::any_of(ids, [&](const std::string& id) { return reaches(id, top); });
  const bool past_floor = top.empty() && statuses.newest && *statuses.newest < *floor;
  const auto link = link_parameter(reply, "next", "max_id");
  const auto below = link.value_or(oldest_id(ids));
  // With a Link header its absence of "next" is the end.
  if (reached || past_floor || (!link && reply.headers.find("Link"))) return finish_descent();
  if (below == resume) {
    // The page before once more, perhaps from a cache: that is no end. A server that keeps to it ends the
    // walk with a gap.
    if (++repeats < repeats_max) {
      statuses.page.more = true;
      return;
    }
    statuses.page.gaps.push_back(
        {top.empty() ? *floor : Timestamp{}, statuses.oldest.value_or(now), "repeated"});
    return finish_descent();
  }
  repeats = 0;
  if (pages >= limits.history_pages) {
    statuses.page.gaps.push_back(
        {top.empty() ? *floor : Timestamp{}, statuses.oldest.value_or(now), "page_cap"});
    return finish_descent();
  }
  resume = below;
  statuses.page.more = true;
}

void Walk::ascend(StatusPage& statuses, const net::HttpReply& reply, const WalkLimits& limits) {
  const auto& ids = statuses.ids;
  if (ids.empty()) return;
  const bool ignored = std::ranges::any_of(ids, [&](const std::string& id) { return reaches(id, top); });
  const auto newest = newest_id(ids);
  const auto full = static_cast<std::int64_t>(ids.size()) >= limits.page_size;
  if (ignored) {
    top = compare_ids(newest, top).value_or(1) > 0 ? newest : top;
    return;
  }
  const auto previous = top;
  top = link_parameter(reply, "prev", "min_id").value_or(newest);
  if (compare_ids(top, newest).value_or(0) < 0) top = newest;
  statuses.page.more = top != previous && (full || reply.headers.find("Link").has_value());
}

std::optional<std::string> link_parameter(const net::HttpReply& reply, std::string_view relation,
                                          std::string_view parameter) {
  const auto header = reply.headers.find("Link");
  if (!header) return std::nullopt;
  auto rest = *header;
  while (!rest.empty()) {
    const auto open = rest.find('<');
    const auto close = rest.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    const auto url = rest.substr(open + 1, close - open - 1);
    const auto next = rest.find('<', close);
    const auto parameters =
        ascii_lower(rest.substr(close + 1, next == std::string_view::npos ? next : next - close - 1));
    const auto wanted = std::string(relation);
    const bool matches = parameters.find("rel=\"" + wanted + "\"") != std::string::npos ||
                         parameters.find("rel=" + wanted) != std::string::npos;
    if (matches && same_origin(url, reply.url))
      if (auto value = query_value(url, parameter); value && !value->empty()) return value;
    rest = next == std::string_view::npos ? std::string_view() : rest.substr(next);
  }
  return std::nullopt;
}

}  // namespace earshot::connectors::mastodon
