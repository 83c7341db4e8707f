#include "connectors/hacker_news/hacker_news_walk.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"

namespace earshot::connectors::hacker_news {

Result<SearchWalk> SearchWalk::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  return SearchWalk{root["top"].integer(),
                    root["pending"].integer(),
                    root["from"].integer(),
                    root["until"].integer(),
                    root["slices"].integer().value_or(0),
                    root["repeats"].integer().value_or(0)};
}

Cursor SearchWalk::write() const {
  JsonWriter out;
  out.begin_object();
  const auto put = [&](std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) out.field(name, *value);
  };
  put("top", top);
  put("pending", pending);
  put("from", from);
  put("until", until);
  if (slices > 0) out.field("slices", slices);
  if (repeats > 0) out.field("repeats", repeats);
  return {schema, out.end_object().str()};
}

void SearchWalk::begin(std::int64_t history_days, Timestamp now) {
  if (from) return;
  from = top ? *top - overlap_s : to_ms(now) / 1000 - history_days * 86'400;
  pending = top;
}

void SearchWalk::finish() {
  top = pending ? pending : *from + overlap_s;
  pending.reset();
  from.reset();
  until.reset();
  slices = 0;
  repeats = 0;
}

Page SearchWalk::advance(HitPage hits, std::int64_t slices_max) {
  ++slices;
  auto& page = hits.page;
  if (hits.newest) pending = std::max(pending.value_or(*hits.newest), *hits.newest);
  const auto count = static_cast<std::int64_t>(hits.hits);
  const bool fuller = count > 0 && (hits.total > count || (hits.page_size > 0 && count >= hits.page_size));
  // Newer than what was asked for: the page before once more, perhaps from a cache.
  const bool repeated = until && hits.newest && *hits.newest > *until;
  if (repeated && ++repeats < repeats_max) {
    page.more = true;
    page.cursor = write();
    return std::move(page);
  }
  if (repeated) {
    page.gaps.push_back({from_ms(*from * 1000), from_ms(*until * 1000), "repeated"});
    finish();
    page.cursor = write();
    return std::move(page);
  }
  repeats = 0;
  if (!fuller || !hits.oldest || *hits.oldest <= *from) {
    finish();
  } else if (slices >= slices_max) {
    page.gaps.push_back({from_ms(*from * 1000), from_ms(*hits.oldest * 1000), "page_cap"});
    finish();
  } else {
    page.more = true;
    if (until && *hits.oldest >= *until) {  // one second holds more than a page: what does not fit is lost
      page.gaps.push_back({from_ms(*until * 1000), from_ms(*until * 1000 + 999), "page_cap"});
      until = *until - 1;
    } else {
      until = *hits.oldest;
    }
    if (*until < *from) {
      finish();
      page.more = false;
    }
  }
  page.cursor = write();
  return std::move(page);
}

Result<ItemWalk> ItemWalk::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  ItemWalk walk;
  walk.next = root["next"].integer().value_or(0);
  walk.last = root["last"].integer().value_or(0);
  walk.ask_updates = root["ask_updates"].is_true();
  for (const auto id : root["updates"])
    if (const auto number = id.count(); number && walk.updates.size() < updates_max)
      walk.updates.push_back(*number);
  return walk;
}

Cursor ItemWalk::write() const {
  JsonWriter out;
  out.begin_object()
      .field("next", next)
      .field("last", last)
      .field("ask_updates", ask_updates)
      .key("updates")
      .begin_array();
  for (const auto id : updates) out.value(id);
  return {schema, out.end_array().end_object().str()};
}

std::optional<std::int64_t> ItemWalk::current() const {
  if (next > 0 && next <= last) return next;
  if (!updates.empty()) return updates.front();
  return std::nullopt;
}

void ItemWalk::step() {
  if (next > 0 && next <= last)
    ++next;
  else if (!updates.empty())
    updates.erase(updates.begin());
}

}  // namespace earshot::connectors::hacker_news
