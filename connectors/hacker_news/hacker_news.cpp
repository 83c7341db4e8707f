#include <algorithm>

#include "connectors/fetch_json.hpp"
#include "connectors/hacker_news/hacker_news_walk.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::hacker_news {
namespace {

constexpr const char* official_items = "https://hacker-news.firebaseio.com/v0";
constexpr const char* official_search = "https://hn.algolia.com/api/v1";

struct HackerNewsSettings {
  std::string base;
  std::string items;  ///< where single items are asked for; empty: nowhere
  std::vector<std::string> queries;
  bool firebase = false;
  std::int64_t history_days = 7;
  std::int64_t slices_max = 100;
  std::int64_t items_per_page = 20;
};

/// What became of one item, whichever way it was found.
async::Awaitable<Result<Hydrated>> ask_again(Context& context, std::string base, KeptMention kept) {
  const bool number = !kept.native_id.empty() &&
                      std::ranges::all_of(kept.native_id, [](char c) { return c >= '0' && c <= '9'; });
  if (!number) co_return Hydrated{};
  auto request = json_request(base + "/item/" + kept.native_id + ".json");
  auto reply = co_await fetch_json(context.http, context.clock, std::move(request));
  if (!reply) co_return unexpected(reply.error());
  const auto json = parse_json(reply->body);
  if (!json) co_return unexpected(json.error());
  Page page;
  // An item that is not there is `null`.
  if (auto item = read_item(json->root(), context.clock.now())) add_item(page, 0, std::move(*item));
  std::vector<KeptMention> asked;
  asked.push_back(std::move(kept));
  co_return sort_out(asked, std::move(page));
}

Result<Page> parse(std::string_view, std::string_view body, Timestamp now) {
  const auto json = parse_json(body);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  if (root.is_object() && root["id"] && !root["hits"]) {
    Page page;
    if (auto item = read_item(root, now)) add_item(page, 0, std::move(*item));
    return page;
  }
  if (root.type() == JsonValue::Type::null) return Page{};
  auto hits = read_hits(root, now);
  if (!hits) return unexpected(hits.error());
  return std::move(hits->page);
}

/// A hit of the search, or an item of the official API.
Result<Page> reread_item(std::string_view raw, Timestamp fetched_at) {
  const auto json = parse_json(raw);
  if (!json) return unexpected(json.error());
  if (!json->root()["objectID"]) return parse({}, raw, fetched_at);
  return parse({}, R"({"hits":[)" + std::string(raw) + "]}", fetched_at);
}

class SearchConnector final : public Connector {
 public:
  explicit SearchConnector(HackerNewsSettings settings) : settings_(std::move(settings)) {}

  std::vector<Stream> streams() const override {
    std::vector<Stream> out;
    for (const auto& query : settings_.queries) out.push_back({"search:" + query});
    return out;
  }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    auto walk = cursor ? SearchWalk::read(*cursor) : Result<SearchWalk>(SearchWalk{});
    if (!walk) co_return unexpected(walk.error());
    walk->begin(settings_.history_days, context.clock.now());
    auto request = make_request(stream, *walk);
    auto reply = co_await fetch_json(context.http, context.clock, std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return finish(std::move(*walk), *reply, context.clock.now());
  }

  Result<Page> reread(std::string_view raw, Timestamp fetched_at) const override {
    return reread_item(raw, fetched_at);
  }

  std::size_t hydrate_batch() const override { return settings_.items.empty() ? 0 : 1; }

  async::Awaitable<Result<Hydrated>> hydrate(Context& context, std::vector<KeptMention> asked) override {
    if (asked.empty()) co_return Hydrated{};
    auto out = co_await ask_again(context, settings_.items, std::move(asked.front()));
    co_return out;
  }

 private:
  net::HttpRequest make_request(const Stream& stream, const SearchWalk& walk) const {
    auto filters = "created_at_i>=" + std::to_string(*walk.from);
    if (walk.until) filters += ",created_at_i<=" + std::to_string(*walk.until);
    // Typing mistakes of ours would find others' words; a brand's name is meant as written.
    return json_request(with_query(settings_.base + "/search_by_date",
                                   {{"query", std::string(split_stream(stream.name).second)},
                                    {"tags", "(story,comment)"},
                                    {"numericFilters", filters},
                                    {"typoTolerance", "false"},
                                    {"hitsPerPage", "1000"}}));
  }

  Result<Page> finish(SearchWalk walk, const net::HttpReply& reply, Timestamp now) const {
    const auto json = parse_json(reply.body);
    if (!json) return unexpected(json.error());
    auto hits = read_hits(json->root(), now);
    if (!hits) return unexpected(hits.error());
    return walk.advance(std::move(*hits), settings_.slices_max);
  }

  HackerNewsSettings settings_;
};

class FirebaseConnector final : public Connector {
 public:
  explicit FirebaseConnector(HackerNewsSettings settings) : settings_(std::move(settings)) {}

  std::vector<Stream> streams() const override { return {{"items"}}; }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream&,
                                       std::optional<Cursor> cursor) override {
    auto walk = cursor ? ItemWalk::read(*cursor) : Result<ItemWalk>(ItemWalk{});
    if (!walk) co_return unexpected(walk.error());
    Page page;
    if (!walk->current()) {
      auto request = json_request(settings_.base + (walk->ask_updates ? "/updates.json" : "/maxitem.json"));
      auto reply = co_await fetch_json(context.http, context.clock, std::move(request));
      if (!reply) co_return unexpected(reply.error());
      co_return take_list(std::move(*walk), *reply);
    }
    for (std::int64_t taken = 0; taken < settings_.items_per_page && walk->current(); ++taken) {
      auto request = json_request(settings_.base + "/item/" + std::to_string(*walk->current()) + ".json");
      auto reply = co_await fetch_json(context.http, context.clock, std::move(request));
      const auto problem = reply
                               ? take_item(*reply, context.clock.now(), static_cast<std::size_t>(taken), page)
                               : std::optional(reply.error());
      if (problem && taken == 0) co_return unexpected(*problem);
      if (problem) break;  // what came before it stands; the next call meets the trouble again
      walk->step();
    }
    page.more = !walk->done();
    page.cursor = walk->write();
    co_return page;
  }

  Result<Page> reread(std::string_view raw, Timestamp fetched_at) const override {
    return reread_item(raw, fetched_at);
  }

  std::size_t hydrate_batch() const override { return settings_.items.empty() ? 0 : 1; }

  async::Awaitable<Result<Hydrated>> hydrate(Context& context, std::vector<KeptMention> asked) override {
    if (asked.empty()) co_return Hydrated{};
    auto out = co_await ask_again(context, settings_.items, std::move(asked.front()));
    co_return out;
  }

 private:
  static Result<Page> take_list(ItemWalk walk, const net::HttpReply& reply) {
    const auto json = parse_json(reply.body);
    if (!json) return unexpected(json.error());
    if (walk.ask_updates) {
      if (!json->root()["items"].is_array())
        return unexpected(ErrorKind::malformed, "no items in the list of updates");
      for (const auto id : (*json)["items"])
        if (const auto number = id.count(); number && walk.updates.size() < ItemWalk::updates_max)
          walk.updates.push_back(*number);
      walk.ask_updates = false;
    } else {
      const auto newest = json->root().count();
      if (!newest) return unexpected(ErrorKind::malformed, "the newest item's number is not a number");
      walk.last = *newest;
      if (walk.next == 0) walk.next = std::max<std::int64_t>(1, *newest - 100);
      walk.ask_updates = true;
    }
    Page page;
    page.more = !walk.done();
    page.cursor = walk.write();
    return page;
  }

  static std::optional<Error> take_item(const net::HttpReply& reply, Timestamp now, std::size_t index,
                                        Page& page) {
    const auto json = parse_json(reply.body);
    if (!json) return json.error();
    if (auto item = read_item(json->root(), now)) add_item(page, index, std::move(*item));
    return std::nullopt;
  }

  HackerNewsSettings settings_;
};

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  SettingsReader reader(input.settings);
  HackerNewsSettings settings;
  const auto mode = reader.text("mode", "search");
  if (mode != "search" && mode != "firebase") reader.mistake("mode", "must be `search` or `firebase`");
  settings.firebase = mode == "firebase";
  settings.base = base_url(reader, "base", settings.firebase ? official_items : official_search);
  // A search elsewhere is of other items than the official ones.
  const bool official = settings.base == official_search;
  if (reader.text("items_base", "").empty())
    settings.items = settings.firebase ? settings.base : official ? official_items : "";
  else
    settings.items = base_url(reader, "items_base", "");
  settings.queries = reader.list("queries");
  if (settings.queries.empty()) settings.queries = brand_terms(input.brands);
  settings.history_days = reader.integer("history_days", 7, 0, 10'000);
  if (settings.queries.empty() && !settings.firebase) reader.mistake("queries", "is missing");
  if (auto error = mistakes_in(input, reader.finish())) return unexpected(std::move(*error));
  if (settings.firebase)
    return std::unique_ptr<Connector>(std::make_unique<FirebaseConnector>(std::move(settings)));
  return std::unique_ptr<Connector>(std::make_unique<SearchConnector>(std::move(settings)));
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "hacker_news",
    .summary = "stories and comments of Hacker News, by search or all of them",
    .access = "free, no account",
    .make = make,
    .parse = parse,
    .history = {.days = "history_days"},
};

}  // namespace earshot::connectors::hacker_news
