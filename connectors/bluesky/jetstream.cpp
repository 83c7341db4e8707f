#include "connectors/bluesky/jetstream.hpp"

#include <algorithm>

#include "connectors/bluesky/bluesky_post.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::bluesky {
namespace {

constexpr std::string_view post_collection = "app.bsky.feed.post";
constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t rewind_us = 10 * second_us;
/// The servers keep a day and a half; an older cursor is moved there without a word.
constexpr std::chrono::hours kept{36};
/// A network that is silent for so long was not heard: somebody writes many times a second.
constexpr std::int64_t silence_us = 600 * second_us;

std::int64_t to_us(Timestamp at) { return to_ms(at) * 1000; }
Timestamp from_us(std::int64_t us) { return from_ms(us / 1000); }

void take_commit(JsonValue event, std::string_view raw, std::size_t index, Timestamp at, Timestamp now,
                 Page& page) {
  const auto commit = event["commit"];
  if (commit["collection"].text() != post_collection) return;
  const auto did = event["did"].text();
  const auto key = commit["rkey"].text();
  if (!did.starts_with("did:") || key.empty()) {
    page.bad_items.push_back({index, "a commit without did or rkey"});
    return;
  }
  const auto uri = "at://" + std::string(did) + "/" + std::string(post_collection) + "/" + std::string(key);
  const auto operation = commit["operation"].text();
  if (operation == "delete") {
    page.withdrawals.push_back(Withdrawal{.platform = "bluesky", .native_id = uri, .at = at});
    return;
  }
  if (operation != "create" && operation != "update") return;
  auto mention = read_record(commit["record"], uri, at, now);
  if (mention && trim(mention->text).empty()) return;
  if (mention) {
    mention->raw = raw;
    if (operation == "update") mention->edited_at = at;
    if (const auto cid = commit["cid"].text(); !cid.empty() && mention->extra.empty())
      mention->extra = JsonWriter().begin_object().field("cid", cid).end_object().str();
  }
  add_item(page, index, std::move(mention));
}

}  // namespace

JetstreamEvents read_events(const std::vector<std::string>& messages, Timestamp now) {
  JetstreamEvents out;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto json = parse_json(messages[i]);
    const auto time_us = json ? json->root()["time_us"].integer() : std::nullopt;
    if (!time_us || *time_us <= 0 || *time_us > to_us(now + std::chrono::hours(24))) {
      out.page.bad_items.push_back({i, json ? "an event without a time" : json.error().message});
      continue;
    }
    if (out.first_us == 0) out.first_us = *time_us;
    out.last_us = std::max(out.last_us, *time_us);
    const auto event = json->root();
    const auto kind = event["kind"].text();
    if (kind == "commit") take_commit(event, messages[i], i, from_us(*time_us), now, out.page);
    const auto status = event["account"]["status"].text();
    if (kind == "account" && event["account"]["active"].boolean() == false &&
        (status == "deleted" || status == "takendown") && event["did"].text().starts_with("did:"))
      out.page.withdrawals.push_back(Withdrawal{
          .platform = "bluesky", .author_id = std::string(event["did"].text()), .at = from_us(*time_us)});
  }
  collapse_echoes(out.page.mentions);
  return out;
}

Result<JetstreamPosition> JetstreamPosition::read(const Cursor& cursor) {
  auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  const auto time_us = json->root()["time_us"].integer();
  if (!time_us || *time_us < 0) return unexpected(ErrorKind::cursor_invalid, "the checkpoint has no time");
  return JetstreamPosition{.time_us = *time_us};
}

Cursor JetstreamPosition::write() const {
  return Cursor{.schema = schema,
                .json = JsonWriter().begin_object().field("time_us", time_us).end_object().str()};
}

net::LiveRequest Jetstream::make_request(std::int64_t from_us) const {
  QueryPairs query = {{"wantedCollections", std::string(post_collection)}};
  for (const auto& did : settings_.dids) query.emplace_back("wantedDids", did);
  // A message over our own limit would end every connection at the same place.
  query.emplace_back("maxMessageSizeBytes", "1000000");
  if (from_us > 0) query.emplace_back("cursor", std::to_string(from_us));
  net::LiveRequest request;
  request.http.url = with_query(settings_.hosts[host_ % settings_.hosts.size()] + "/subscribe", query);
  request.transport = net::LiveTransport::web_socket;
  return request;
}

async::Awaitable<Result<Page>> Jetstream::fetch(Context& context, std::optional<Cursor> cursor) {
  auto position = cursor ? JetstreamPosition::read(*cursor) : Result<JetstreamPosition>(JetstreamPosition{});
  if (!position) co_return unexpected(position.error());
  if (!session_.follows(cursor)) {
    resumed_us_ = position->time_us;
    auto request = make_request(std::max<std::int64_t>(0, position->time_us - rewind_us));
    auto connected = co_await session_.connect(context, std::move(request));
    if (!connected) {
      ++host_;
      co_return unexpected(connected.error());
    }
  }
  LivePage limits;
  auto messages = co_await session_.gather(context.clock, limits);
  if (!messages) {
    ++host_;
    co_return unexpected(messages.error());
  }
  const auto now = context.clock.now();
  auto events = read_events(*messages, now);
  auto page = std::move(events.page);
  const auto before = position->time_us;
  if (before == 0) position->time_us = to_us(now);  // heard from here on
  position->time_us = std::max(position->time_us, events.last_us);
  if (before == 0 && events.last_us > 0) position->time_us = events.last_us;
  if (resumed_us_ > 0 && events.first_us > 0) {
    auto heard_from = std::max<std::int64_t>(resumed_us_, to_us(now - kept));
    if (settings_.dids.empty() && events.first_us - resumed_us_ > silence_us) heard_from = events.first_us;
    if (heard_from - resumed_us_ > rewind_us)
      page.gaps.push_back(
          Gap{.from = from_us(resumed_us_), .to = from_us(heard_from), .reason = "retention"});
    resumed_us_ = 0;
  }
  page.more = events.last_us > 0 && to_us(now) - events.last_us > 30 * second_us;
  page.cursor = position->write();
  session_.give(page.cursor);
  co_return page;
}

}  // namespace earshot::connectors::bluesky
