#include <algorithm>

#include "connectors/fetch_json.hpp"
#include "connectors/live_session.hpp"
#include "connectors/page_builder.hpp"
#include "connectors/x_stream/x_line.hpp"
#include "connectors/x_stream/x_rules.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/url.hpp"
#include "net/event_stream.hpp"

namespace earshot::connectors::x_stream {
namespace {

constexpr std::uint32_t cursor_schema = 1;
constexpr std::size_t rule_bytes_max = 1'024;
constexpr const char* live_name = "live:filtered";

struct XStreamSettings {
  std::string base;
  std::string credential;
  std::string tag;  ///< ours among the rules of the app
  std::vector<std::string> queries;
  std::int64_t backfill_minutes = 0;
};

/// The filtered stream, and beside it the searches of the connector `x` with the same queries: the stream has
/// no replay beyond `backfill_minutes`, so they bring what it missed.
class XStreamConnector final : public Connector {
 public:
  XStreamConnector(XStreamSettings settings, std::unique_ptr<Connector> search)
      : settings_(std::move(settings)), search_(std::move(search)) {}

  std::vector<Stream> streams() const override {
    auto out = search_->streams();
    out.push_back({.name = live_name, .live = true});
    return out;
  }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    if (!stream.live) {
      auto page = co_await search_->fetch(context, stream, std::move(cursor));
      co_return page;
    }
    auto page = co_await hear(context, std::move(cursor));
    if (page) {
      attempts_ = 0;
      co_return page;
    }
    auto failure = page.error();
    if (failure.kind != ErrorKind::cancelled) {
      const auto least = reconnect_delay(failure.kind, answered_, ++attempts_);
      failure.retry_after = std::max(failure.retry_after.value_or(least), least);
    }
    co_return unexpected(std::move(failure));
  }

 private:
  async::Awaitable<Result<Page>> hear(Context& context, std::optional<Cursor> cursor) {
    std::int64_t number = 0;
    if (cursor) {
      auto json = read_cursor(*cursor, cursor_schema);
      if (!json) co_return unexpected(json.error());
      number = json->root()["page"].integer().value_or(0);
    }
    if (!session_.follows(cursor)) {
      answered_ = false;
      auto kept = co_await keep_rules(context);
      if (!kept) co_return unexpected(kept.error());
      auto request = stream_request();
      auto connected = co_await session_.connect(context, std::move(request));
      if (!connected) {
        answered_ = connected.error().message.find("HTTP ") != std::string::npos;
        co_return unexpected(connected.error());
      }
      answered_ = false;
      lines_ = net::LineSplitter();
    }
    LivePage limits;
    auto pieces = co_await session_.gather(context.clock, limits);
    if (!pieces) co_return unexpected(pieces.error());
    Page page;
    std::size_t index = 0;
    std::optional<Error> end;
    for (const auto& piece : *pieces) {
      auto added = lines_.add(piece);
      if (!added) end = added.error();
      while (auto line = lines_.next()) {
        auto taken = take_line(*line, index++, context.clock.now(), page);
        if (!taken) end = taken.error();
      }
    }
    if (end) session_.close();
    if (end && page.mentions.empty()) {
      answered_ = true;
      co_return unexpected(std::move(*end));
    }
    collapse_echoes(page.mentions);
    // There is no position in the stream: pages are counted, so that a lost one is noticed.
    page.cursor = Cursor{.schema = cursor_schema,
                         .json = JsonWriter().begin_object().field("page", number + 1).end_object().str()};
    session_.give(page.cursor);
    co_return page;
  }

  /// Makes the app's rules with our tag those of the settings.
  async::Awaitable<Status> keep_rules(Context& context) {
    const auto url = settings_.base + "/tweets/search/stream/rules";
    auto asked = json_request(url, settings_.credential);
    auto reply = co_await fetch_json(context.http, context.clock, std::move(asked));
    if (!reply) {
      answered_ = reply.error().message.starts_with("HTTP ");
      co_return unexpected(reply.error());
    }
    answered_ = true;
    const auto json = parse_json(reply->body);
    if (!json) co_return unexpected(json.error());
    const auto present = read_rules(json->root());
    if (!present) co_return unexpected(present.error());
    const auto change = change_rules(*present, settings_.queries, settings_.tag);
    // What goes makes room for what comes: an app has a limit of rules.
    std::vector<std::string> bodies;
    if (!change.remove.empty()) bodies.push_back(remove_body(change.remove));
    if (!change.add.empty()) bodies.push_back(add_body(change.add, settings_.tag));
    for (auto& body : bodies) {
      auto request = json_request(url, settings_.credential);
      request.method = "POST";
      request.headers.add("Content-Type", "application/json");
      request.body = std::move(body);
      auto changed = co_await fetch_json(context.http, context.clock, std::move(request));
      if (!changed) co_return unexpected(changed.error());
      const auto answer = parse_json(changed->body);
      if (!answer) co_return unexpected(answer.error());
      if (auto refusal = refusal_in(answer->root())) co_return unexpected(std::move(*refusal));
    }
    co_return Done{};
  }

  net::LiveRequest stream_request() const {
    QueryPairs query = {{"tweet.fields",
                         "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,lang,"
                         "public_metrics,entities,note_tweet,edit_history_tweet_ids"},
                        {"expansions", "author_id"},
                        {"user.fields", "username,name,public_metrics"}};
    if (settings_.backfill_minutes > 0)
      query.emplace_back("backfill_minutes", std::to_string(settings_.backfill_minutes));
    // A blank line comes every 20 seconds at the latest.
    net::LiveRequest request{.silence_max = std::chrono::seconds(25)};
    request.http =
        json_request(with_query(settings_.base + "/tweets/search/stream", query), settings_.credential);
    return request;
  }

  XStreamSettings settings_;
  std::unique_ptr<Connector> search_;
  LiveSession session_;
  net::LineSplitter lines_;
  int attempts_ = 0;
  bool answered_ = false;  ///< the last failure was X's answer, not the network's
};

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  SettingsReader reader(input.settings);
  XStreamSettings settings;
  settings.base = base_url(reader, "base", "https://api.x.com/2");
  settings.credential = reader.required_text("credential");
  settings.queries = reader.list("queries");
  settings.backfill_minutes = reader.integer("backfill_minutes", 0, 0, 5);
  settings.tag = "earshot:" + input.source;
  if (settings.queries.empty())
    for (const auto& term : brand_terms(input.brands))
      settings.queries.push_back(term.find(' ') != std::string::npos ? "\"" + term + "\"" : term);
  if (settings.queries.empty()) reader.mistake("queries", "is missing");
  if (settings.queries.size() > 1'000)
    reader.mistake("queries", "may be at most 1000: so many rules an app has");
  for (const auto& query : settings.queries)
    if (query.size() > rule_bytes_max) reader.mistake("queries", "must be at most 1024 characters each");
  // The rest is the search's.
  ConnectorInput below = input;
  below.settings = Settings();
  for (const auto& [key, setting] : input.settings.items())
    if (key != "backfill_minutes") below.settings.set(key, setting);
  for (const auto* key : {"users", "history_days", "pages_max", "credential_form"}) reader.leave(key);
  auto mistakes = reader.finish();
  auto search = find_connector("x")->make(below);
  if (!search) return unexpected(search.error());
  if (auto error = mistakes_in(input, std::move(mistakes))) return unexpected(std::move(*error));
  return std::unique_ptr<Connector>(
      std::make_unique<XStreamConnector>(std::move(settings), std::move(*search)));
}

Result<Page> parse(std::string_view, std::string_view body, Timestamp now) {
  net::LineSplitter lines(16 << 20);
  Page page;
  if (auto status = lines.add(std::string(body) + "\n"); !status) return unexpected(status.error());
  std::size_t index = 0;
  while (const auto line = lines.next())
    if (auto taken = take_line(*line, index++, now, page); !taken) return unexpected(taken.error());
  collapse_echoes(page.mentions);
  return page;
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "x_stream",
    .summary = "posts of X as they are written (filtered stream), with its search for what was missed",
    .access = "paid per post read (0.005 USD), one stream per app; any developer account",
    .make = make,
    .parse = parse,
    .history = {.days = "history_days", .pages = "pages_max", .pages_max = 10'000},
    .legal = {.text = Permission::allowed,
              .author = Permission::allowed,
              .deletion_hours = 24,
              .no_inference = {"health", "finances", "politics", "religion", "ethnicity", "sexuality",
                               "union membership", "crime"},
              .documents = {{"text", "X Developer Policy"},
                            {"author", "X Developer Policy"},
                            {"deletion_hours", "X Developer Policy"},
                            {"no_inference", "X Restricted Use Cases"}}},
};

}  // namespace earshot::connectors::x_stream
