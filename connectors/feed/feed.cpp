#include <algorithm>

#include "connectors/feed/feed_document.hpp"
#include "connectors/feed/feed_state.hpp"
#include "connectors/feed/pace.hpp"
#include "connectors/feed/web_sub.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/hash.hpp"
#include "core/base/html_text.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "core/model/names.hpp"
#include "net/classify.hpp"
#include "net/credentials.hpp"
#include "net/link_header.hpp"

namespace earshot::connectors::feed {
namespace {

struct FeedSettings {
  std::vector<std::string> urls;
  MentionKind kind = MentionKind::article;
  std::int64_t history_pages = 5;
  WebSubSettings hubs;  ///< without a secret: hubs are not asked
};

/// An id that means the same in every feed, or one scoped to this feed.
std::string native_id(const Entry& entry, const std::string& scope, const std::string& text) {
  if (!entry.id.empty()) {
    const bool global = parse_url(entry.id).has_value() || starts_with_icase(entry.id, "urn:") ||
                        starts_with_icase(entry.id, "tag:");
    return global ? entry.id : scope + "#" + entry.id;
  }
  if (const auto link = canonical_url(entry.link); !link.empty()) return link;
  const auto date = entry.published ? format_rfc3339(*entry.published) : std::string();
  return scope + "#" +
         std::to_string(
             hash64(entry.title + '\0' + date + '\0' + (entry.title.empty() ? text : std::string())));
}

Mention to_mention(const Entry& entry, const std::string& scope, MentionKind kind, Timestamp now) {
  Mention mention;
  mention.platform = "feed";
  mention.kind = kind;
  mention.fetched_at = now;
  mention.title = entry.title;
  if (!entry.content.empty() && !entry.content_is_html) {
    mention.text = entry.content;
  } else {
    auto read = html_to_text(!trim(entry.content).empty() ? entry.content : entry.summary);
    mention.text = std::move(read.text);
    for (const auto& link : read.links) mention.links.push_back(resolve_url(entry.link, link));
  }
  mention.native_id = native_id(entry, scope, mention.text);
  mention.url = entry.link;
  mention.lang = entry.lang;
  const auto& author = entry.author;
  mention.author.name = !author.name.empty() ? author.name : author.email;
  mention.author.id = !author.url.empty() ? author.url : !author.email.empty() ? author.email : author.name;
  mention.created_at = entry.published ? *entry.published : entry.updated.value_or(now);
  if (entry.updated && entry.published && *entry.updated > *entry.published)
    mention.edited_at = entry.updated;
  mention.in_reply_to = entry.in_reply_to;
  mention.tags = entry.categories;
  mention.engagement.replies = entry.comments;
  if (!entry.enclosures.empty()) {
    JsonWriter extra;
    extra.begin_object().key("enclosures").begin_array();
    for (const auto& url : entry.enclosures) extra.value(url);
    mention.extra = extra.end_array().end_object().str();
  }
  return mention;
}

/// Everything in a document, and a mark per entry that changes when the entry does.
Page to_page(const Document& document, const std::string& scope, MentionKind kind, Timestamp now,
             std::vector<std::string>* marks) {
  Page page;
  std::size_t index = 0;
  for (const auto& entry : document.entries) {
    auto mention = to_mention(entry, scope, kind, now);
    const auto mark =
        entry_mark(mention.native_id, mention.title + '\0' + mention.text + '\0' +
                                          (entry.updated ? format_rfc3339(*entry.updated) : std::string()));
    const bool known = marks != nullptr && std::ranges::find(*marks, mark) != marks->end();
    if (!known) add_item(page, index, std::move(mention));
    if (marks != nullptr && !known) marks->push_back(mark);
    ++index;
  }
  for (const auto& [position, reason] : document.bad_entries) page.bad_items.push_back({position, reason});
  collapse_echoes(page.mentions);
  return page;
}

constexpr std::string_view hub_stream = "websub";

class FeedConnector final : public Connector {
 public:
  explicit FeedConnector(FeedSettings settings) : settings_(std::move(settings)) {
    if (settings_.hubs.secret.empty()) return;
    const auto read = [kind = settings_.kind](std::string_view body, std::string_view content_type,
                                              const std::string& url, Timestamp now) -> Result<Page> {
      const auto document = read_document(body, content_type, url);
      if (!document) return unexpected(document.error());
      return to_page(*document, url, kind, now, nullptr);
    };
    web_sub_ = std::make_shared<WebSub>(settings_.hubs, read);
  }

  std::vector<Stream> streams() const override {
    std::vector<Stream> out;
    for (const auto& url : settings_.urls) out.push_back({"url:" + url});
    if (web_sub_) out.push_back({.name = std::string(hub_stream), .live = true});
    return out;
  }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    if (stream.live) {
      auto page = co_await web_sub_->fetch(context, std::move(cursor));
      co_return page;
    }
    auto state = cursor ? FeedState::read(*cursor) : Result<FeedState>(FeedState{});
    if (!state) co_return unexpected(state.error());
    const std::string configured(split_stream(stream.name).second);
    auto request = state->request(configured);
    auto reply = co_await context.http.send(std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return advance(std::move(*state), configured, *reply, context.clock.now());
  }

  std::shared_ptr<PushReceiver> receiver() override { return web_sub_; }

  void stop() override {
    if (web_sub_) web_sub_->stop();
  }

 private:
  /// The Link header speaks before the document does (WebSub §4).
  void note_hub(const std::string& configured, const net::HttpReply& reply, const Document& document) const {
    if (!web_sub_) return;
    const auto& from = reply.url.empty() ? configured : reply.url;
    const auto linked = [&](const char* relation, const std::string& written) {
      const auto target = net::link_target(reply, relation);
      return target ? resolve_url(from, *target) : written;
    };
    const auto self = linked("self", document.self);
    web_sub_->note(configured, linked("hub", document.hub), self.empty() ? from : self);
  }

  /// An answer without a document can name a hub all the same; when it names none, that says nothing.
  void note_hub_of_unchanged(const std::string& configured, const net::HttpReply& reply) const {
    const auto hub = net::link_target(reply, "hub"), self = net::link_target(reply, "self");
    if (!web_sub_ || !hub || !self) return;
    const auto& from = reply.url.empty() ? configured : reply.url;
    web_sub_->note(configured, resolve_url(from, *hub), resolve_url(from, *self));
  }

  Result<Page> advance(FeedState state, const std::string& configured, const net::HttpReply& reply,
                       Timestamp now) const {
    const auto asked = state.address(configured);
    Page page;
    if (state.follow_move(configured, reply)) {
      page.more = true;
      page.cursor = state.write();
      return page;
    }
    if (const auto failure = net::classify(reply, now)) {
      if (failure->kind != ErrorKind::gone || asked == configured) {
        if (!state.walk_next.empty() && !is_transient(failure->kind))
          return end_walk(std::move(state), now, "unavailable");
        return unexpected(*failure);
      }
      state.forget_move();  // the new address died: back to the configured one
      page.more = true;
      page.cursor = state.write();
      return page;
    }
    if (reply.status == 304) {
      note_hub_of_unchanged(configured, reply);
      page.not_before = not_before(reply.headers, std::nullopt, now);
      page.cursor = state.write();
      return page;
    }
    const auto content_type = reply.headers.find("Content-Type").value_or(std::string_view());
    const auto document = read_document(reply.body, content_type, reply.url.empty() ? asked : reply.url);
    if (!document) return unexpected(document.error());
    if (state.walk_next.empty()) note_hub(configured, reply, *document);
    return state.walk_next.empty() ? newest(std::move(state), configured, reply, *document, now)
                                   : older(std::move(state), configured, *document, now);
  }

  Result<Page> newest(FeedState state, const std::string& configured, const net::HttpReply& reply,
                      const Document& document, Timestamp now) const {
    auto page = to_page(document, configured, settings_.kind, now, &state.marks);
    state.note_validators(reply, document.well_formed);
    page.not_before = not_before(reply.headers, document.ttl, now);
    if (!state.started && settings_.history_pages > 1 && same_origin(document.next_page, reply.url)) {
      state.walk_next = document.next_page;
      state.walk_left = settings_.history_pages - 1;
      page.more = true;
      page.not_before.reset();
    }
    state.started = true;
    state.trim_marks(document.entries.size());
    page.cursor = state.write();
    return page;
  }

  Result<Page> older(FeedState state, const std::string& configured, const Document& document,
                     Timestamp now) const {
    auto page = to_page(document, configured, settings_.kind, now, nullptr);
    // It names as its next page the one that was asked for: the page before once more, perhaps from a cache.
    const bool repeated = document.next_page == state.walk_next;
    if (repeated && ++state.repeats < repeats_max) {
      page.more = true;
      page.cursor = state.write();
      return page;
    }
    state.repeats = 0;
    if (repeated) page.gaps.push_back({{}, oldest(page, now), "repeated"});
    const bool goes_on = !document.next_page.empty() && document.next_page != state.walk_next &&
                         !document.entries.empty() && same_origin(document.next_page, state.walk_next);
    --state.walk_left;
    if (goes_on && state.walk_left > 0) {
      state.walk_next = document.next_page;
      page.more = true;
    } else {
      if (goes_on) page.gaps.push_back({{}, oldest(page, now), "page_cap"});
      state.walk_next.clear();
    }
    page.cursor = state.write();
    return page;
  }

  static Result<Page> end_walk(FeedState state, Timestamp now, std::string reason) {
    Page page;
    page.gaps.push_back({{}, now, std::move(reason)});
    state.walk_next.clear();
    page.cursor = state.write();
    return page;
  }

  static Timestamp oldest(const Page& page, Timestamp now) {
    auto at = now;
    for (const auto& mention : page.mentions) at = std::min(at, mention.created_at);
    return at;
  }

  FeedSettings settings_;
  std::shared_ptr<WebSub> web_sub_;  ///< nothing: hubs are not asked
};

/// A source that is gone, until its hubs know.
class LeavingConnector final : public Connector {
 public:
  explicit LeavingConnector(WebSubSettings settings)
      : web_sub_(std::make_shared<WebSub>(std::move(settings), nobody_reads)) {}

  std::vector<Stream> streams() const override {
    if (done_) return {};
    return {{.name = std::string(hub_stream), .live = true}};
  }
  async::Awaitable<Result<Page>> fetch(Context& context, const Stream&,
                                       std::optional<Cursor> cursor) override {
    auto page = co_await web_sub_->fetch(context, std::move(cursor));
    done_ = page && !web_sub_->has_subscriptions();  // and this page's cursor says so
    co_return page;
  }
  std::shared_ptr<PushReceiver> receiver() override { return web_sub_; }
  void stop() override { web_sub_->stop(); }

 private:
  static Result<Page> nobody_reads(std::string_view, std::string_view, const std::string&, Timestamp) {
    return unexpected(ErrorKind::gone, "this feed is not listened to any more");
  }
  std::shared_ptr<WebSub> web_sub_;
  bool done_ = false;
};

std::unique_ptr<Connector> leave(const ConnectorInput& input, const Cursor& cursor) {
  // Without an address at which hubs could ask whether we mean it, their leases run out.
  if (input.callback.empty() || !WebSub::is_known_to_hubs(cursor)) return nullptr;
  return std::make_unique<LeavingConnector>(
      WebSubSettings{.urls = {}, .callback = input.callback, .secret = {}});
}

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  SettingsReader reader(input.settings);
  FeedSettings settings;
  settings.urls = reader.list("urls");
  if (settings.urls.empty()) reader.mistake("urls", "must name at least one feed");
  for (const auto& url : settings.urls)
    if (const auto parsed = parse_url(url);
        !url.empty() && (!parsed || (parsed->scheme != "http" && parsed->scheme != "https")))
      reader.mistake("urls", "holds `" + printable(url) + "`, which is not an http(s) address");
  const auto kind = reader.text("kind", "article");
  if (const auto known = mention_kind_from(kind))
    settings.kind = *known;
  else
    reader.mistake("kind", "must be one of post, comment, review, article, ticket, survey, message");
  settings.history_pages = reader.integer("history_pages", 5, 1, 1000);
  settings.hubs = {
      .urls = settings.urls, .callback = input.callback, .secret = reader.text("websub_secret", "")};
  if (!settings.hubs.secret.empty()) {
    if (!net::is_credential_name(settings.hubs.secret))
      reader.mistake("websub_secret",
                     "must name a credential (letters, digits, '-', '_', '.'), never hold a secret");
    if (input.callback.empty())
      reader.mistake("websub_secret", "needs `public` in [http]: the address at which hubs reach the daemon");
  }
  if (auto error = mistakes_in(input, reader.finish())) return unexpected(std::move(*error));
  return std::unique_ptr<Connector>(std::make_unique<FeedConnector>(std::move(settings)));
}

Result<Page> parse(std::string_view url, std::string_view body, Timestamp now) {
  const auto document = read_document(body, {}, url);
  if (!document) return unexpected(document.error());
  return to_page(*document, std::string(url), MentionKind::article, now, nullptr);
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "feed",
    .summary = "RSS, RDF, Atom and JSON feeds of blogs, news sites, forums and podcasts",
    .access = "free, no account",
    .make = make,
    .parse = parse,
    .history = {.pages = "history_pages", .pages_max = 1'000},
    .leaving = {.stream = hub_stream, .make = leave},
    .pushes = {.stream = hub_stream, .last_at = WebSub::last_push},
};

}  // namespace earshot::connectors::feed
