#include "connectors/fetch_json.hpp"
#include "connectors/mastodon/mastodon_stream.hpp"
#include "connectors/mastodon/mastodon_walk.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::mastodon {
namespace {

struct MastodonSettings {
  std::string base;
  std::string host;
  std::vector<std::string> tags;
  std::vector<std::string> queries;
  bool public_timeline = false;
  bool notifications = false;
  std::string credential;
  WalkLimits limits;
  bool live = false;
  bool live_user = false;
  LiveSettings streaming;
};

Result<Page> parse(std::string_view url, std::string_view body, Timestamp now) {
  const auto json = parse_json(body);
  if (!json) return unexpected(json.error());
  const auto parsed = parse_url(url);
  auto statuses = read_statuses(json->root(), parsed ? parsed->host : "unknown.invalid", now);
  if (!statuses) return unexpected(statuses.error());
  return std::move(statuses->page);
}

class MastodonConnector final : public Connector {
 public:
  explicit MastodonConnector(MastodonSettings settings)
      : settings_(std::move(settings)), live_(settings_.streaming) {}

  std::vector<Stream> streams() const override {
    std::vector<Stream> out;
    for (const auto& tag : settings_.tags) out.push_back({"tag:" + tag});
    for (const auto& query : settings_.queries) out.push_back({"search:" + query});
    if (settings_.public_timeline) out.push_back({"public"});
    if (settings_.notifications) out.push_back({"notifications"});
    if (settings_.live)
      for (const auto& tag : settings_.tags) out.push_back({.name = "live:tag:" + tag, .live = true});
    if (settings_.live && settings_.public_timeline) out.push_back({.name = "live:public", .live = true});
    if (settings_.live_user) out.push_back({.name = "live:user", .live = true});
    return out;
  }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    if (stream.live) {
      auto page = co_await live_.fetch(context, stream.name, std::move(cursor), recent_);
      co_return page;
    }
    auto walk = cursor ? Walk::read(*cursor) : Result<Walk>(Walk{});
    if (!walk) co_return unexpected(walk.error());
    auto request = make_request(stream, *walk);
    auto reply = co_await fetch_json(context.http, context.clock, std::move(request));
    if (!reply) co_return unexpected(explain(reply.error()));
    co_return finish(std::move(*walk), *reply, context.clock.now());
  }

  Result<Page> reread(std::string_view raw, Timestamp fetched_at) const override {
    return parse(settings_.base, "[" + std::string(raw) + "]", fetched_at);
  }

  std::size_t hydrate_batch() const override { return 1; }

  async::Awaitable<Result<Hydrated>> hydrate(Context& context, std::vector<KeptMention> asked) override {
    if (asked.empty()) co_return Hydrated{};
    const auto id = local_id(asked.front());
    if (id.empty()) co_return Hydrated{};  // heard at another server than the one that is asked now
    auto request =
        json_request(settings_.base + "/api/v1/statuses/" + percent_encode(id), settings_.credential);
    auto reply = co_await fetch_json(context.http, context.clock, std::move(request));
    // What its writer shows to followers only from now on is not there either, for us.
    if (!reply && reply.error().kind == ErrorKind::gone)
      co_return Hydrated{.page = {}, .gone = {asked.front().id}};
    if (!reply) co_return unexpected(reply.error());
    co_return read_again(asked.front(), *reply, context.clock.now());
  }

 private:
  /// The status's number on this server: native ids are global addresses.
  std::string local_id(const KeptMention& kept) const {
    const auto before = "https://" + settings_.host + "/statuses/";
    for (const auto& name : {extra_text(kept, "local_id"), kept.native_id})
      if (name.starts_with(before) && name.size() > before.size()) return name.substr(before.size());
    return {};
  }

  Result<Hydrated> read_again(const KeptMention& kept, const net::HttpReply& reply, Timestamp now) const {
    const auto json = parse_json(reply.body);
    if (!json) return unexpected(json.error());
    const auto root = json->root();
    auto statuses = read_statuses(root, settings_.host, now);
    if (!statuses) return unexpected(statuses.error());
    const auto visibility = root["visibility"].text();
    const bool hidden =
        visibility == "private" || visibility == "direct" || root["account"]["suspended"].is_true();
    if (hidden) return Hydrated{.page = {}, .gone = {kept.id}};
    return sort_out({kept}, std::move(statuses->page), {kept.native_id});
  }

  net::HttpRequest make_request(const Stream& stream, const Walk& walk) const {
    const auto [kind, name] = split_stream(stream.name);
    QueryPairs query;
    std::string path = "/api/v1/timelines/public";
    if (kind == "tag") path = "/api/v1/timelines/tag/" + percent_encode(name);
    if (kind == "search") {
      path = "/api/v2/search";
      query.emplace_back("q", name);
      query.emplace_back("type", "statuses");
    }
    if (kind == "notifications") {
      path = "/api/v1/notifications";
      query.emplace_back("types[]", "mention");
      // For servers from before `types`: what others did with our own posts.
      for (const auto* type : {"favourite", "reblog", "poll"}) query.emplace_back("exclude_types[]", type);
    }
    query.emplace_back("limit", std::to_string(settings_.limits.page_size));
    if (auto parameter = walk.parameter()) query.push_back(std::move(*parameter));
    return json_request(with_query(settings_.base + path, query), settings_.credential);
  }

  Result<Page> finish(Walk walk, const net::HttpReply& reply, Timestamp now) {
    const auto json = parse_json(reply.body);
    if (!json) return unexpected(json.error());
    auto statuses = read_statuses(json->root(), settings_.host, now);
    if (!statuses) return unexpected(statuses.error());
    if (settings_.live || settings_.live_user) recent_.remember(*statuses);
    return walk.advance(std::move(*statuses), reply, settings_.limits, now);
  }

  Error explain(Error error) const {
    if (error.kind == ErrorKind::unauthorized && settings_.credential.empty())
      error.message +=
          "; " + settings_.host + " shows this timeline to signed-in users only: set `credential`";
    return error;
  }

  MastodonSettings settings_;
  LiveTimelines live_;
  RecentPosts recent_;
};

/// "#Fern Wave" → "FernWave": a hashtag holds no spaces.
std::string as_hashtag(std::string_view term) {
  std::string out;
  for (const char c : term)
    if (c != ' ' && c != '#' && c != '-' && c != '.' && c != '\'' && c != '&') out.push_back(c);
  return out;
}

void read_live(SettingsReader& reader, MastodonSettings& settings) {
  settings.live = reader.flag("live", false);
  settings.live_user = reader.flag("live_user", false);
  settings.streaming.base = base_url(reader, "live_base", settings.base);
  settings.streaming.host = settings.host;
  settings.streaming.credential = settings.credential;
  const auto over = reader.text("live_over", "web_socket");
  if (over == "event_stream")
    settings.streaming.transport = net::LiveTransport::response;
  else if (over != "web_socket")
    reader.mistake("live_over", "must be `web_socket` or `event_stream`");
  if (settings.live_user && settings.credential.empty())
    reader.mistake("live_user", "needs `credential`: it is the stream of that user");
  if (settings.live && settings.tags.empty() && !settings.public_timeline && !settings.queries.empty())
    reader.mistake("live", "needs `tags` or `public = true`: searches are not streamed");
}

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  SettingsReader reader(input.settings);
  MastodonSettings settings;
  settings.base = base_url(reader, "base", "https://mastodon.social");
  if (const auto url = parse_url(settings.base)) settings.host = url->host;
  for (const auto& tag : reader.list("tags")) settings.tags.push_back(as_hashtag(tag));
  settings.queries = reader.list("queries");
  settings.public_timeline = reader.flag("public", false);
  settings.notifications = reader.flag("notifications", false);
  settings.credential = reader.text("credential", "");
  settings.limits.history_days = reader.integer("history_days", 7, 0, 3650);
  settings.limits.history_pages = reader.integer("history_pages", 50, 1, 10'000);
  const bool named = !settings.tags.empty() || !settings.queries.empty() || settings.public_timeline ||
                     settings.notifications;
  if (!named)
    for (const auto& term : brand_terms(input.brands)) settings.tags.push_back(as_hashtag(term));
  if (!named && settings.tags.empty())
    reader.mistake("tags", "is missing: name `tags`, `queries`, `public = true` or `notifications = true`");
  if (settings.notifications && settings.credential.empty())
    reader.mistake("notifications", "needs `credential`: they are a user's own");
  read_live(reader, settings);
  if (!settings.queries.empty() && settings.credential.empty())
    reader.mistake("queries", "needs `credential`: searching posts takes a user's token");
  if (auto error = mistakes_in(input, reader.finish())) return unexpected(std::move(*error));
  return std::unique_ptr<Connector>(std::make_unique<MastodonConnector>(std::move(settings)));
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "mastodon",
    .summary =
        "hashtags, searches, notifications and the public timeline of Mastodon and compatible servers, "
        "polled or live",
    .access = "free; hashtags without an account on most servers, search with a user's token",
    .make = make,
    .parse = parse,
    .history = {.days = "history_days", .pages = "history_pages", .pages_max = 10'000},
};

}  // namespace earshot::connectors::mastodon
