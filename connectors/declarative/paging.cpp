#include "connectors/declarative/paging.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/page_builder.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "net/link_header.hpp"

namespace earshot::connectors::declarative {

std::int64_t whole_number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string increased(const std::string& id, std::int64_t by) {
  const bool digits =
      !id.empty() && id.size() < 19 && std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
  return by != 0 && digits ? std::to_string(whole_number(id) + by) : id;
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

bool Arrival::says_more() const {
  if (stops() || (!spec.more.empty() && !any_holds(spec.more, scope))) return false;
  return spec.size == 0 || static_cast<std::int64_t>(read.items) >= spec.size;
}

Paging Paging::read(JsonValue object) {
  Paging out;
  out.page = object["page"].text();
  out.previous = object["previous"].text();
  out.pages = object["pages"].count().value_or(0);
  out.repeats = object["repeats"].count().value_or(0);
  return out;
}

void Paging::write(JsonWriter& out) const {
  if (!page.empty()) out.field("page", page);
  if (!previous.empty()) out.field("previous", previous);
  if (pages > 0) out.field("pages", pages);
  if (repeats > 0) out.field("repeats", repeats);
}

void Paging::provide(const PageSpec& spec, Variables& variables) const {
  const bool counts = spec.kind == PageKind::number || spec.kind == PageKind::offset;
  if (!page.empty())
    variables["page"] = page;
  else if (counts)
    variables["page"] = std::to_string(spec.start);
}

Paging::Repeat Paging::repeated(const Arrival& arrival) {
  if (previous.empty() || arrival.read.fingerprint != previous) return Repeat::no;
  return ++repeats < repeats_max ? Repeat::ask_again : Repeat::stuck;
}

Paging::Next Paging::next(const Arrival& arrival, std::string_view top) const {
  const auto& spec = arrival.spec;
  const auto follow = [&](std::optional<std::string> target) -> Next {
    if (!target) return {};
    auto address = resolve_url(arrival.reply.url, *target);
    // Credentials go to the configured origin only, and so do we.
    if (!same_origin(address, arrival.base)) return {.page = {}, .elsewhere = true};
    return {.page = std::move(address)};
  };
  const auto here = page.empty() ? spec.start : whole_number(page);
  switch (spec.kind) {
    case PageKind::none: return {};
    case PageKind::token: return {.page = text_of(spec.at, arrival.scope).value_or("")};
    case PageKind::number: return {.page = std::to_string(here + 1)};
    case PageKind::offset:
      return {.page = std::to_string(here + static_cast<std::int64_t>(arrival.read.items))};
    case PageKind::link: return follow(net::link_target(arrival.reply, spec.rel));
    case PageKind::url: return follow(text_of(spec.at, arrival.scope));
    case PageKind::item: {
      if (arrival.read.items > 0 || spec.span == 0) return {.page = increased(arrival.read.oldest, spec.add)};
      const auto below = whole_number(page) - spec.span;
      return {.page = below > whole_number(top) ? std::to_string(below) : std::string()};
    }
  }
  return {};
}

void Paging::go_on(std::string next, const Arrival& arrival) {
  page = std::move(next);
  previous = arrival.read.fingerprint;
  repeats = 0;
}

void Paging::begin_anew(const Arrival& arrival) {
  pages = 0;
  go_on({}, arrival);
}

}  // namespace earshot::connectors::declarative
