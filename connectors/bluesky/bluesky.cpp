#include "connectors/bluesky/bluesky_walk.hpp"
#include "connectors/bluesky/jetstream.hpp"
#include "connectors/fetch_json.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "net/classify.hpp"

namespace earshot::connectors::bluesky {
namespace {

struct BlueskySettings {
  std::string base;
  std::vector<std::string> queries;
  std::vector<std::string> authors;
  bool notifications = false;
  std::string credential;
  WalkLimits limits;
  bool live = false;
  JetstreamSettings jetstream;
};

Result<Page> parse(std::string_view, std::string_view body, Timestamp now) {
  const auto json = parse_json(body);
  if (!json) return unexpected(json.error());
  auto posts = read_posts(json->root(), now);
  if (!posts) return unexpected(posts.error());
  return std::move(posts->page);
}

class BlueskyConnector final : public Connector {
 public:
  explicit BlueskyConnector(BlueskySettings settings)
      : settings_(std::move(settings)), jetstream_(settings_.jetstream) {}

  std::vector<Stream> streams() const override {
    std::vector<Stream> out;
    for (const auto& query : settings_.queries) out.push_back({"search:" + query});
    for (const auto& author : settings_.authors) out.push_back({"author:" + author});
    if (settings_.notifications) out.push_back({"notifications"});
    if (settings_.live) out.push_back({.name = "jetstream", .live = true});
    return out;
  }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    if (stream.live) {
      auto page = co_await jetstream_.fetch(context, std::move(cursor));
      co_return page;
    }
    auto walk = cursor ? Walk::read(*cursor) : Result<Walk>(Walk{});
    if (!walk) co_return unexpected(walk.error());
    walk->begin(settings_.limits, context.clock.now());
    auto request = make_request(stream, *walk);
    auto reply = co_await context.http.send(std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return finish(std::move(*walk), *reply, context.clock.now());
  }

  /// A post as the AppView shows it, or an event of the live stream.
  Result<Page> reread(std::string_view raw, Timestamp fetched_at) const override {
    const auto json = parse_json(raw);
    if (!json) return unexpected(json.error());
    if (json->root()["commit"].is_object()) return read_events({std::string(raw)}, fetched_at).page;
    return parse({}, R"({"posts":[)" + std::string(raw) + "]}", fetched_at);
  }

  std::size_t hydrate_batch() const override { return 25; }  // of getPosts

  async::Awaitable<Result<Hydrated>> hydrate(Context& context, std::vector<KeptMention> asked) override {
    std::erase_if(asked, [](const KeptMention& one) { return !one.native_id.starts_with("at://"); });
    if (asked.empty()) co_return Hydrated{};
    QueryPairs query;
    for (const auto& one : asked) query.emplace_back("uris", one.native_id);
    auto request = json_request(with_query(settings_.base + "/xrpc/app.bsky.feed.getPosts", query),
                                settings_.credential);
    auto reply = co_await context.http.send(std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return read_again(asked, *reply, context.clock.now());
  }

 private:
  /// Whose account was taken down, suspended or closed is left out like who deleted the post.
  static Result<Hydrated> read_again(const std::vector<KeptMention>& asked, const net::HttpReply& reply,
                                     Timestamp now) {
    if (auto failure = trouble_in(reply, now)) return unexpected(std::move(*failure));
    const auto json = parse_json(reply.body);
    if (!json) return unexpected(json.error());
    auto posts = read_posts(json->root(), now);
    if (!posts) return unexpected(posts.error());
    std::vector<std::string> present;
    for (const auto post : json->root()["posts"]) present.emplace_back(post["uri"].text());
    return sort_out(asked, std::move(posts->page), present);
  }

  static std::optional<Error> trouble_in(const net::HttpReply& reply, Timestamp now) {
    auto failure = net::classify_json(reply, now);
    if (failure && (failure->kind == ErrorKind::bad_request || failure->kind == ErrorKind::unauthorized ||
                    failure->kind == ErrorKind::gone)) {
      // The body's word is more exact than the status: an expired token comes as 400.
      const auto json = parse_json(reply.body);
      if (auto named = json ? error_in(json->root(), reply.status) : std::nullopt) failure = std::move(named);
    }
    return failure;
  }

  net::HttpRequest make_request(const Stream& stream, const Walk& walk) const {
    const auto [kind, name] = split_stream(stream.name);
    QueryPairs query;
    const auto* method = "/xrpc/app.bsky.feed.searchPosts";
    if (kind == "author") {
      method = "/xrpc/app.bsky.feed.getAuthorFeed";
      query = {{"actor", std::string(name)}, {"filter", "posts_with_replies"}};
    } else if (kind == "notifications") {
      method = "/xrpc/app.bsky.notification.listNotifications";
      query = {{"reasons", "mention"}, {"reasons", "reply"}, {"reasons", "quote"}};
    } else {
      query = {{"q", std::string(name)}, {"sort", "latest"}, {"since", format_rfc3339(*walk.since)}};
      if (walk.until) query.emplace_back("until", format_rfc3339(*walk.until));
    }
    query.emplace_back("limit", std::to_string(settings_.limits.page_size));
    if (!walk.next.empty())
      query.emplace_back("cursor", walk.next);
    else if (kind != "search" && walk.until)  // theirs is the time of the page's last item
      query.emplace_back("cursor", format_rfc3339(*walk.until));
    return json_request(with_query(settings_.base + method, query), settings_.credential);
  }

  Result<Page> finish(Walk walk, const net::HttpReply& reply, Timestamp now) const {
    if (auto failure = trouble_in(reply, now)) {
      if (failure->kind == ErrorKind::bad_request && walk.resume_by_time()) {
        Page page;
        page.more = true;
        page.cursor = walk.write();
        return page;
      }
      return unexpected(std::move(*failure));
    }
    const auto json = parse_json(reply.body);
    if (!json) return unexpected(json.error());
    auto posts = read_posts(json->root(), now);
    if (!posts) return unexpected(posts.error());
    return walk.advance(std::move(*posts), settings_.limits);
  }

  BlueskySettings settings_;
  Jetstream jetstream_;
};

/// The public hosts of Jetstream; each carries the whole network.
constexpr const char* public_hosts[] = {
    "https://jetstream1.us-east.bsky.network", "https://jetstream2.us-east.bsky.network",
    "https://jetstream1.us-west.bsky.network", "https://jetstream2.us-west.bsky.network"};

void read_live(SettingsReader& reader, BlueskySettings& settings) {
  settings.live = reader.flag("live", false);
  settings.jetstream.hosts = reader.list("live_hosts");
  settings.jetstream.dids = reader.list("live_dids");
  if (settings.jetstream.hosts.empty())
    settings.jetstream.hosts.assign(std::begin(public_hosts), std::end(public_hosts));
  for (const auto& host : settings.jetstream.hosts) {
    const auto url = parse_url(host);
    if (!url || (url->scheme != "https" && url->scheme != "http") || host != url->origin())
      reader.mistake("live_hosts", "must be addresses like `https://jetstream1.us-east.bsky.network`");
  }
  for (const auto& did : settings.jetstream.dids)
    if (!did.starts_with("did:")) reader.mistake("live_dids", "must be DIDs like `did:plc:…`, not handles");
  if (settings.jetstream.dids.size() > 10'000) reader.mistake("live_dids", "may be at most 10000");
}

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  SettingsReader reader(input.settings);
  BlueskySettings settings;
  settings.base = base_url(reader, "base", "https://public.api.bsky.app");
  settings.queries = reader.list("queries");
  settings.authors = reader.list("authors");
  settings.notifications = reader.flag("notifications", false);
  settings.credential = reader.text("credential", "");
  if (settings.notifications && settings.credential.empty())
    reader.mistake("notifications", "needs `credential`: they are a session's own");
  settings.limits.history_days = reader.integer("history_days", 7, 0, 3650);
  settings.limits.pages_max = reader.integer("pages_max", 100, 1, 10'000);
  read_live(reader, settings);
  const bool searches = !reader.flag("live_only", false);
  if (!searches && !settings.live) reader.mistake("live_only", "needs `live = true`");
  const bool named = !settings.queries.empty() || !settings.authors.empty() || settings.notifications;
  if (searches && !named)
    for (const auto& term : brand_terms(input.brands))  // a brand of two words is a phrase
      settings.queries.push_back(term.find(' ') != std::string::npos ? "\"" + term + "\"" : term);
  if (searches && !named && settings.queries.empty())
    reader.mistake("queries", "is missing: name `queries`, `authors` or `notifications`");
  if (auto error = mistakes_in(input, reader.finish())) return unexpected(std::move(*error));
  return std::unique_ptr<Connector>(std::make_unique<BlueskyConnector>(std::move(settings)));
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "bluesky",
    .summary =
        "searches, author feeds and notifications of Bluesky and other AT Protocol AppViews, and all posts "
        "live",
    .access = "free; public posts without an account, some AppViews ask for a session to search",
    .make = make,
    .parse = parse,
    .history = {.days = "history_days", .pages = "pages_max", .pages_max = 10'000},
};

}  // namespace earshot::connectors::bluesky
