#include <algorithm>

#include "connectors/declarative/declarative.hpp"
#include "connectors/declarative/exchange.hpp"
#include "connectors/declarative/hydrate.hpp"
#include "connectors/declarative/recorded.hpp"
#include "connectors/declarative/source_settings.hpp"
#include "connectors/declarative/steps.hpp"
#include "connectors/page_builder.hpp"
#include "net/retry_after.hpp"

namespace earshot::connectors::declarative {
namespace {

class Source final : public Connector {
 public:
  Source(std::shared_ptr<const Platform> platform, SourceSettings settings)
      : platform_(std::move(platform)), settings_(std::move(settings)), steps_(*platform_, settings_) {
    for (const auto& spec : platform_->streams) {
      if (!spec.flag.empty() && settings_.variables.find(spec.flag)->second != "true") continue;
      if (spec.each.empty())
        streams_.push_back({spec.name});
      else
        for (const auto& value : settings_.lists.find(spec.each)->second)
          streams_.push_back({spec.name + ":" + value});
    }
  }

  std::vector<Stream> streams() const override { return streams_; }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    auto walk = cursor ? Walk::read(*cursor) : Result<Walk>(Walk{});
    if (!walk) co_return unexpected(walk.error());
    const auto* spec = spec_of(stream);
    if (spec == nullptr) co_return unexpected(ErrorKind::invalid, "there is no stream " + stream.name);
    const auto* follow = walk->follow_ups.due(*spec);
    if (follow == nullptr) walk->begin(spec->cursor, settings_.limits, context.clock.now());
    for (bool again = false;; again = true) {
      auto own = variables_of(*spec, stream, *walk, follow);
      auto variables = co_await steps_.provide(context, *spec, std::move(own));
      if (!variables) co_return unexpected(heeded(context, variables.error()));
      auto request =
          follow != nullptr ? follow_request(*follow, *variables) : request_for(*spec, *walk, *variables);
      if (!request) co_return unexpected(request.error());
      auto reply = co_await context.http.send(std::move(*request));
      if (!reply) co_return unexpected(reply.error());
      const Asked asked{.context = context, .stream = *spec, .follow = follow, .variables = *variables};
      auto page = finish(*walk, asked, *reply, context.clock.now());
      const bool refused = !page && page.error().kind == ErrorKind::unauthorized;
      // Once: what a step made may have ended before its time.
      if (!refused || again || !steps_.forget(*spec, *variables)) co_return page;
    }
  }

  std::size_t hydrate_batch() const override {
    const auto& hydrate = platform_->hydrate;
    return hydrate.paid && !settings_.hydrate_paid ? 0 : static_cast<std::size_t>(hydrate.batch);
  }

  async::Awaitable<Result<Hydrated>> hydrate(Context& context, std::vector<KeptMention> asked) override {
    auto own = settings_.variables;
    if (!settings_.credential.empty()) own["credential"] = "{credential}";
    asked = keep_askable(std::move(asked), own);
    if (asked.empty()) co_return Hydrated{};
    const auto& spec = platform_->hydrate.stream;
    auto variables = co_await steps_.provide(context, spec, std::move(own));
    if (!variables) co_return unexpected(heeded(context, variables.error()));
    auto request = make_request(spec, settings_.base, *variables);
    if (!request) co_return unexpected(request.error());
    add_credential(*request);
    auto reply = co_await context.http.send(std::move(*request));
    if (!reply) co_return unexpected(reply.error());
    auto hydrated = read_hydrated(*platform_, asked, *variables, *reply, context.clock.now());
    if (hydrated) co_return hydrated;
    if (hydrated.error().kind == ErrorKind::unauthorized) steps_.forget(spec, *variables);
    co_return unexpected(heeded(context, hydrated.error()));
  }

  std::optional<RequestBudget> budget() const override {
    if (platform_->budget == 0) return std::nullopt;
    return RequestBudget{.requests = platform_->budget, .per = platform_->budget_per};
  }

  std::optional<Reading> read_recorded(std::string_view url, std::string_view body,
                                       Timestamp now) const override {
    return explain_recorded(*platform_, settings_.variables, url, body, now);
  }

  Result<Page> reread(std::string_view raw, Timestamp fetched_at) const override {
    return reread_record(*platform_, settings_.variables, raw, fetched_at);
  }

 private:
  /// Those whose native ids hold one of the platform's, which become {ids}.
  std::vector<KeptMention> keep_askable(std::vector<KeptMention> asked, Variables& variables) const {
    const auto& hydrate = platform_->hydrate;
    Scope scope;
    scope.variables = &settings_.variables;
    const auto prefix = fill(hydrate.prefix, scope).value_or("");
    std::string ids;
    std::erase_if(asked, [&](const KeptMention& one) {
      if (!one.native_id.starts_with(prefix) || one.native_id.size() == prefix.size()) return true;
      const auto id = std::string_view(one.native_id).substr(prefix.size());
      if (has_controls(id) || (hydrate.batch > 1 && id.find(hydrate.separator) != std::string_view::npos))
        return true;
      if (id.find("..") != std::string_view::npos) return true;  // must not climb out of its place in a path
      ids += (ids.empty() ? "" : hydrate.separator) + std::string(id);
      return false;
    });
    variables["ids"] = ids;
    return asked;
  }

  const StreamSpec* spec_of(const Stream& stream) const {
    const auto kind = split_stream(stream.name).first;
    const auto found = std::ranges::find(platform_->streams, kind, &StreamSpec::name);
    return found == platform_->streams.end() ? nullptr : &*found;
  }

  Variables variables_of(const StreamSpec& spec, const Stream& stream, const Walk& walk,
                         const FollowSpec* follow) const {
    auto variables = settings_.variables;
    if (!spec.each.empty()) variables["each"] = split_stream(stream.name).second;
    if (!settings_.credential.empty()) variables["credential"] = "{credential}";
    if (follow != nullptr)
      walk.follow_ups.provide(*follow, variables);
    else
      walk.provide(spec, variables);
    return variables;
  }

  void add_credential(net::HttpRequest& request) const {
    request.carries_secret = !platform_->steps.empty();
    if (platform_->credential_use == CredentialUse::steps) return;
    request.credential = settings_.credential;
    request.credential_form = settings_.form;
  }

  Result<net::HttpRequest> request_for(const StreamSpec& spec, const Walk& walk,
                                       const Variables& variables) const {
    auto request = make_request(spec, settings_.base, variables);
    if (!request) return request;
    add_credential(*request);
    if (spec.cursor.kind != CursorKind::conditional || walk.paging.pages > 0) return request;
    if (!walk.etag.empty()) request->headers.add("If-None-Match", walk.etag);
    if (!walk.last_modified.empty()) request->headers.add("If-Modified-Since", walk.last_modified);
    return request;
  }

  Result<net::HttpRequest> follow_request(const FollowSpec& follow, const Variables& variables) const {
    auto request = make_request(follow.stream, settings_.base, variables);
    if (request) add_credential(*request);
    return request;
  }

  /// What a reply answers.
  struct Asked {
    Context& context;
    const StreamSpec& stream;
    const FollowSpec* follow;  ///< nothing: the stream itself
    const Variables& variables;

    const StreamSpec& spec() const { return follow != nullptr ? follow->stream : stream; }
  };

  /// What waiting does not cure must not keep a stream from its next pages.
  static bool is_final(ErrorKind kind) {
    return kind == ErrorKind::gone || kind == ErrorKind::forbidden || kind == ErrorKind::bad_request ||
           kind == ErrorKind::cursor_invalid;
  }

  /// Refused for its number, a request speaks for every other to this platform, whoever makes it.
  Error heeded(Context& context, Error error) const {
    if (error.kind == ErrorKind::rate_limited)
      context.http.hold(settings_.base, error.retry_after.value_or(net::unnamed_wait));
    return error;
  }

  /// As late as the platform wants to be polled again, once a walk has arrived.
  static Page not_too_soon(Page page, const net::HttpReply& reply, Timestamp now) {
    const auto interval = net::poll_interval(reply.headers);
    if (interval && !page.more) page.not_before = std::max(page.not_before.value_or(now), now + *interval);
    return page;
  }

  Result<Page> finish(Walk walk, const Asked& asked, const net::HttpReply& reply, Timestamp now) const {
    if (reply.status == 304 && asked.follow == nullptr)
      return not_too_soon(walk.unchanged(asked.stream, now), reply, now);
    const auto json = parse_json(reply.body);
    const auto root = json ? json->root() : JsonValue();
    auto judged = judge(*platform_, reply, root, asked.variables, now);
    if (judged.trouble && asked.follow != nullptr && is_final(judged.trouble->kind))
      return walk.give_up_follow(judged.trouble->kind, asked.stream, now);
    if (judged.trouble) return unexpected(heeded(asked.context, std::move(*judged.trouble)));
    if (!json && !judged.empty) return unexpected(json.error());
    auto read = judged.empty ? Result<ReadPage>(ReadPage{})
                             : read_page(*platform_, asked.spec(), root, asked.variables, now);
    if (!read) return unexpected(read.error());
    const Scope scope{.page = root, .parent = root, .item = root, .joins = {}, .variables = &asked.variables};
    auto page = asked.follow != nullptr ? walk.advance_follow(std::move(*read), *asked.follow, asked.stream,
                                                              scope, reply, settings_.base, now)
                                        : walk.advance(std::move(*read), asked.stream, settings_.limits,
                                                       scope, reply, settings_.base, now);
    if (const auto wait = wait_in(platform_->backoff, scope)) {
      asked.context.http.hold(settings_.base, *wait);
      page.not_before = now + *wait;
    }
    return not_too_soon(std::move(page), reply, now);
  }

  std::shared_ptr<const Platform> platform_;
  SourceSettings settings_;
  Steps steps_;
  std::vector<Stream> streams_;
};

}  // namespace

Result<std::unique_ptr<Connector>> make_source(std::shared_ptr<const Platform> platform,
                                               const ConnectorInput& input) {
  auto settings = read_settings(*platform, input);
  if (!settings) return unexpected(settings.error());
  return std::unique_ptr<Connector>(std::make_unique<Source>(std::move(platform), std::move(*settings)));
}

}  // namespace earshot::connectors::declarative
