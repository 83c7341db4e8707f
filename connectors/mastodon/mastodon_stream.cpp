#include "connectors/mastodon/mastodon_stream.hpp"

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::mastodon {
namespace {

constexpr std::uint32_t cursor_schema = 1;

/// There is no position in such a stream: pages are counted, so that a lost one is noticed.
struct LivePosition {
  std::int64_t page = 0;
  Timestamp heard_at = {};

  static Result<LivePosition> read(const Cursor& cursor) {
    auto json = read_cursor(cursor, cursor_schema);
    if (!json) return unexpected(json.error());
    return LivePosition{.page = json->root()["page"].integer().value_or(0),
                        .heard_at = from_ms(json->root()["heard_at"].integer().value_or(0))};
  }
  Cursor write() const {
    JsonWriter out;
    out.begin_object().field("page", page).field("heard_at", to_ms(heard_at)).end_object();
    return Cursor{.schema = cursor_schema, .json = out.str()};
  }
};

void take_statuses(JsonValue root, std::size_t index, std::string_view host, Timestamp now, Page& page,
                   RecentPosts& recent) {
  auto statuses = read_statuses(root, host, now);
  if (!statuses) {
    page.bad_items.push_back({index, statuses.error().message});
    return;
  }
  recent.remember(*statuses);
  for (auto& mention : statuses->page.mentions) page.mentions.push_back(std::move(mention));
  for (auto& bad : statuses->page.bad_items) page.bad_items.push_back({index, std::move(bad.reason)});
}

}  // namespace

void RecentPosts::remember(const StatusPage& statuses) {
  for (const auto& [scoped_id, uri] : statuses.uris) {
    for (const auto& mention : statuses.page.mentions) {
      if (mention.native_id != uri) continue;
      if (posts_.insert_or_assign(scoped_id, Post{uri, mention.created_at}).second)
        order_.push_back(scoped_id);
      break;
    }
  }
  for (; order_.size() > posts_max_; order_.pop_front()) posts_.erase(order_.front());
}

std::optional<Withdrawal> RecentPosts::find(const std::string& scoped_id, Timestamp now) const {
  const auto found = posts_.find(scoped_id);
  if (found == posts_.end()) return std::nullopt;
  return Withdrawal{.platform = "mastodon",
                    .native_id = found->second.uri,
                    .created_at = found->second.created_at,
                    .at = now};
}

Result<LiveEvent> read_envelope(std::string_view message) {
  const auto json = parse_json(message);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  if (root["error"].is_string())
    return unexpected(ErrorKind::bad_request,
                      "the server says: " + printable(root["error"].text().substr(0, 200)));
  LiveEvent event{.type = std::string(root["event"].text()), .payload = {}};
  if (event.type.empty()) return unexpected(ErrorKind::malformed, "a message without an event");
  // Servers of other make send the payload as it is instead of inside a string.
  const auto payload = root["payload"];
  event.payload = payload.is_string() ? payload.text() : payload.raw();
  return event;
}

Page read_events(const std::vector<LiveEvent>& events, std::string_view host, Timestamp now,
                 RecentPosts& recent) {
  Page page;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& [type, payload] = events[i];
    if (type == "delete") {
      auto id = std::string(trim(payload));
      if (id.size() > 2 && id.front() == '"') id = id.substr(1, id.size() - 2);
      auto withdrawal = recent.find("https://" + std::string(host) + "/statuses/" + id, now);
      if (withdrawal) page.withdrawals.push_back(std::move(*withdrawal));
      continue;
    }
    if (type != "update" && type != "status.update" && type != "notification") continue;
    const auto json = parse_json(payload);
    if (!json || !json->root().is_object()) {
      page.bad_items.push_back({i, json ? "an event without a post" : json.error().message});
      continue;
    }
    // A follow or a report has no post.
    const auto root = type == "notification" ? json->root()["status"] : json->root();
    if (root.is_object()) take_statuses(root, i, host, now, page, recent);
  }
  collapse_echoes(page.mentions);
  return page;
}

net::LiveRequest LiveTimelines::make_request(std::string_view stream) const {
  const auto [live, place] = split_stream(stream);
  const auto [kind, tag] = split_stream(place);
  const std::string name = kind == "tag" ? "hashtag" : std::string(kind);
  QueryPairs query;
  if (kind == "tag") query.emplace_back("tag", tag);
  net::LiveRequest request{.transport = settings_.transport};
  request.http.credential = settings_.credential;
  if (settings_.transport == net::LiveTransport::web_socket) {
    query.emplace_back("stream", name);
    request.http.url = with_query(settings_.base + "/api/v1/streaming", query);
  } else {
    request.http.url = with_query(settings_.base + "/api/v1/streaming/" + name, query);
    request.http.headers.add("Accept", "text/event-stream");
  }
  return request;
}

Result<std::vector<LiveEvent>> LiveTimelines::take_apart(Timeline& timeline,
                                                         const std::vector<std::string>& messages,
                                                         std::vector<BadItem>& bad) const {
  std::vector<LiveEvent> events;
  for (const auto& message : messages) {
    if (settings_.transport == net::LiveTransport::web_socket) {
      auto event = read_envelope(message);
      if (event)
        events.push_back(std::move(*event));
      else if (event.error().kind == ErrorKind::bad_request)
        return unexpected(event.error());
      else
        bad.push_back({events.size(), event.error().message});
      continue;
    }
    if (auto status = timeline.reader.add(message); !status) return unexpected(status.error());
    for (;;) {
      auto event = timeline.reader.next();
      if (!event) return unexpected(event.error());
      if (!*event) break;
      events.push_back(LiveEvent{.type = (*event)->type, .payload = (*event)->data});
    }
  }
  return events;
}

async::Awaitable<Result<Page>> LiveTimelines::fetch(Context& context, std::string stream,
                                                    std::optional<Cursor> cursor, RecentPosts& recent) {
  auto position = cursor ? LivePosition::read(*cursor) : Result<LivePosition>(LivePosition{});
  if (!position) co_return unexpected(position.error());
  auto& timeline = timelines_[stream];
  std::optional<Gap> gap;
  if (!timeline.session.follows(cursor)) {
    auto request = make_request(stream);
    auto connected = co_await timeline.session.connect(context, std::move(request));
    if (!connected) {
      auto failure = connected.error();
      if (failure.kind == ErrorKind::unauthorized && settings_.credential.empty())
        failure.message += "; Mastodon streams to signed-in users only: set `credential`";
      co_return unexpected(std::move(failure));
    }
    timeline.reader = net::EventReader();
    if (stream == "live:user" && cursor)
      gap = Gap{.from = position->heard_at, .to = context.clock.now(), .reason = "no_replay"};
  }
  LivePage limits;
  auto messages = co_await timeline.session.gather(context.clock, limits);
  if (!messages) co_return unexpected(messages.error());
  std::vector<BadItem> bad;
  auto events = take_apart(timeline, *messages, bad);
  if (!events) {
    timeline.session.close();
    co_return unexpected(events.error());
  }
  const auto now = context.clock.now();
  auto page = read_events(*events, settings_.host, now, recent);
  page.bad_items.insert(page.bad_items.end(), bad.begin(), bad.end());
  if (gap) page.gaps.push_back(std::move(*gap));
  ++position->page;
  position->heard_at = now;
  page.cursor = position->write();
  timeline.session.give(page.cursor);
  co_return page;
}

}  // namespace earshot::connectors::mastodon
