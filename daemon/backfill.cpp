#include "daemon/backfill.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/hash.hpp"
#include "core/base/json_writer.hpp"

namespace earshot::daemon {
namespace {

using connectors::Stream;

/// What every connector's setting takes.
constexpr std::int64_t days_max = 3'650;

/// Where a stream's history stands; the connector's own cursor is inside.
struct Place {
  static constexpr std::uint32_t schema = 1;
  std::int64_t since = 0;
  std::string listening;
  bool done = false;
  std::optional<Cursor> inner;

  static Result<Place> read(const Cursor& cursor) {
    const auto json = connectors::read_cursor(cursor, schema);
    if (!json) return unexpected(json.error());
    const auto root = json->root();
    Place out{.since = root["since"].integer().value_or(0),
              .listening = std::string(root["listening"].text()),
              .done = root["done"].is_true(),
              .inner = std::nullopt};
    if (const auto text = root["cursor"].text(); !text.empty())
      out.inner = Cursor{.schema = static_cast<std::uint32_t>(root["schema"].count().value_or(0)),
                         .json = std::string(text)};
    return out;
  }

  Cursor write() const {
    JsonWriter out;
    out.begin_object().field("since", since).field("listening", listening).field("done", done);
    if (inner) out.field("schema", static_cast<std::int64_t>(inner->schema)).field("cursor", inner->json);
    return Cursor{.schema = schema, .json = out.end_object().str()};
  }
};

class Backfill final : public connectors::Connector {
 public:
  Backfill(std::unique_ptr<connectors::Connector> connector, Timestamp since, std::uint64_t listening)
      : connector_(std::move(connector)), since_(to_ms(since)), listening_(std::to_string(listening)) {
    for (auto& stream : connector_->streams()) {
      if (stream.live) continue;
      own_.push_back({"backfill/" + stream.name});
      theirs_.push_back(std::move(stream));
    }
  }

  std::vector<Stream> streams() const override { return own_; }

  async::Awaitable<Result<Page>> fetch(connectors::Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    auto place = cursor ? Place::read(*cursor) : Result<Place>(Place{});
    if (!place) co_return unexpected(place.error());
    const bool goes_on = cursor && place->since <= since_ && place->listening == listening_;
    if (goes_on && place->done) co_return Page{};
    if (!goes_on) *place = Place{.since = since_, .listening = listening_, .done = false, .inner = {}};
    const auto index = std::ranges::find(own_, stream) - own_.begin();
    auto page = co_await connector_->fetch(context, theirs_[static_cast<std::size_t>(index)], place->inner);
    if (!page) co_return unexpected(page.error());
    if (page->cursor) place->inner = std::move(page->cursor);
    const auto is_older = [&](const Mention& one) { return to_ms(one.created_at) < place->since; };
    if (page->more && !page->mentions.empty() && std::ranges::all_of(page->mentions, is_older))
      page->more = false;
    place->done = !page->more;
    page->cursor = place->write();
    co_return page;
  }

  std::optional<connectors::RequestBudget> budget() const override { return connector_->budget(); }
  void stop() override { connector_->stop(); }

 private:
  std::unique_ptr<connectors::Connector> connector_;
  std::int64_t since_;
  std::string listening_;
  std::vector<Stream> own_, theirs_;
};

std::int64_t pages_between(std::int64_t span, std::int64_t covered) { return (span + covered - 1) / covered; }

}  // namespace

SourceConfig reaching_back_to(SourceConfig source, const connectors::HistoryKeys& keys, Timestamp since,
                              Timestamp now) {
  const auto set = [&](std::string_view key, std::int64_t value) {
    if (!key.empty()) source.settings.set(std::string(key), {.value = value, .where = source.where});
  };
  const auto days = std::chrono::ceil<std::chrono::days>(now - since).count();
  set(keys.days, std::clamp<std::int64_t>(days, 1, days_max));
  set(keys.pages, keys.pages_max);
  source.hydrate = std::chrono::milliseconds(0);
  return source;
}

std::uint64_t listening_for(const std::vector<Brand>& brands) {
  std::uint64_t hash = 1;
  for (const auto& brand : brands) {
    hash = hash64(brand.name + '\0' + brand.query, hash);
    for (const auto* names : {&brand.aliases, &brand.handles, &brand.own_accounts, &brand.products})
      for (const auto& name : *names) hash = hash64(name, hash + 1);
  }
  return hash;
}

std::unique_ptr<connectors::Connector> backfilling(std::unique_ptr<connectors::Connector> connector,
                                                   Timestamp since, std::uint64_t listening) {
  return std::make_unique<Backfill>(std::move(connector), since, listening);
}

StreamPlan plan_of(const std::string& stream, const Page& page, Timestamp since, Timestamp now,
                   std::int64_t requests_max) {
  StreamPlan out{.stream = stream, .posts = static_cast<std::int64_t>(page.mentions.size())};
  std::optional<Timestamp> oldest, newest;
  for (const auto& mention : page.mentions) {
    oldest = std::min(oldest.value_or(mention.created_at), mention.created_at);
    newest = std::max(newest.value_or(mention.created_at), mention.created_at);
  }
  if (!page.more) {
    out.requests = 1;
    out.reaches = oldest;
    out.why = "its first page is all there is";
    return out;
  }
  if (!oldest || *newest - *oldest < std::chrono::seconds(1)) {
    out.why = out.posts == 0
                  ? "its first page is empty, and more follow"
                  : "all posts of its first page are of one moment: nothing says how dense they are";
    return out;
  }
  out.reaches = since;
  if (*oldest <= since && *newest >= now) {
    out.requests = 1;
    return out;
  }
  // Newest first a page lies at the end of the stretch that is read, oldest first at its beginning.
  const bool from_the_past = *oldest - since < now - *newest;
  const auto covered = from_the_past ? to_ms(*newest) - to_ms(since) : to_ms(now) - to_ms(*oldest);
  const auto span = std::max<std::int64_t>(to_ms(now) - to_ms(since), 1);
  const auto wanted = std::max<std::int64_t>(pages_between(span, std::max<std::int64_t>(covered, 1)), 1);
  out.requests = wanted;
  out.why = "if it is as dense throughout as its first page";
  if (requests_max == 0 || wanted <= requests_max) return out;
  out.requests = requests_max;
  out.reaches = from_ms(to_ms(now) - covered * requests_max);
  out.why = "a walk ends after that many pages";
  return out;
}

}  // namespace earshot::daemon
