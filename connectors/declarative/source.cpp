#include "connectors/declarative/source.hpp"

#include <algorithm>

#include "connectors/declarative/declarative.hpp"
#include "connectors/declarative/exchange.hpp"
#include "connectors/declarative/hydrate.hpp"
#include "connectors/declarative/recorded.hpp"
#include "connectors/declarative/steps.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::declarative {
namespace {

bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool is_label(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

class SettingsCheck {
 public:
  SettingsCheck(const Platform& platform, const ConnectorInput& input)
      : platform_(platform), input_(input), reader_(input.settings) {}

  Result<SourceSettings> run() {
    (void)reader_.text("file", "");  // names the platform itself, which was read already
    for (const auto& setting : platform_.settings) read(setting);
    out_.limits.history_days = reader_.integer("history_days", 7, 0, 10'000);
    out_.limits.pages_max = reader_.integer("pages_max", 50, 1, 10'000);
    if (platform_.hydrate.paid) out_.hydrate_paid = reader_.flag("hydrate_paid", false);
    if (platform_.has_credential) read_credential();
    read_base();
    check_streams();
    if (auto error = mistakes_in(input_, reader_.finish())) return unexpected(std::move(*error));
    return std::move(out_);
  }

 private:
  void read(const SettingSpec& setting) {
    const auto& name = setting.name;
    const bool given = input_.settings.find(name) != nullptr;
    if (setting.required && !given) reader_.mistake(name, "is missing");
    switch (setting.kind) {
      case SettingSpec::Kind::list: {
        auto values = reader_.list(name);
        if (values.empty() && setting.brands && !given) {
          values = brand_terms(input_.brands);
          for (auto& value : values)
            if (setting.phrases && value.find(' ') != std::string::npos) value = "\"" + value + "\"";
        }
        if (std::ranges::any_of(values, has_controls)) reader_.mistake(name, "must not hold line breaks");
        out_.lists[name] = std::move(values);
        return;
      }
      case SettingSpec::Kind::address: {
        const auto text = given || !setting.fallback.empty() ? base_url(reader_, name, setting.fallback)
                                                             : reader_.text(name, "");
        if (!text.empty()) out_.variables[name] = text;
        return;
      }
      case SettingSpec::Kind::integer: {
        if (!given && setting.fallback.empty()) {
          (void)reader_.integer(name, 0, 0, 0);
          return;
        }
        const auto fallback = setting.fallback.empty() ? 0 : std::stoll(setting.fallback);
        out_.variables[name] = std::to_string(reader_.integer(name, fallback, INT64_MIN, INT64_MAX));
        return;
      }
      case SettingSpec::Kind::flag:
        out_.variables[name] = reader_.flag(name, setting.fallback == "true") ? "true" : "false";
        return;
      case SettingSpec::Kind::text: {
        auto text = reader_.text(name, setting.fallback);
        if (has_controls(text)) reader_.mistake(name, "must not hold line breaks");
        if (given && text.empty() && setting.required) reader_.mistake(name, "must not be empty");
        if (!text.empty()) out_.variables[name] = std::move(text);
      }
    }
  }

  void read_credential() {
    out_.credential = reader_.text("credential", "");
    if (out_.credential.empty() && platform_.credential_required)
      reader_.mistake("credential",
                      "is missing: it names the stored secret that " + platform_.name + " asks for");
    out_.form = platform_.credential;
    Scope scope;
    scope.variables = &out_.variables;
    if (platform_.credential_before.empty()) return;
    if (const auto before = fill(platform_.credential_before, scope))
      out_.form.before = *before;
    else if (!out_.credential.empty())
      reader_.mistake("credential", "needs the settings in `" + platform_.credential_before.written + "`");
  }

  void read_base() {
    Scope scope;
    scope.variables = &out_.variables;
    const auto shipped = platform_.base.empty() ? std::nullopt : fill(platform_.base, scope);
    if (!shipped && input_.settings.find("base") == nullptr) {
      const bool unnamed = platform_.base.empty();
      (void)reader_.text("base", "");
      reader_.mistake("base", unnamed
                                  ? "is missing: the address of the site, such as `https://forum.example.org`"
                                  : "cannot be made: give the settings in `" + platform_.base.written + "`");
      return;
    }
    // A part of an address must not become more of it than its place is.
    for (const auto& piece : platform_.base.pieces)
      if (piece.kind == Template::Piece::Kind::variable && !is_label(out_.variables[piece.text]))
        reader_.mistake(piece.text, "must be made of letters, digits, '-' and '.'");
    out_.base = base_url(reader_, "base", shipped.value_or(""));
    set_base(out_.variables, out_.base);
  }

  void check_streams() {
    std::string names;
    for (const auto& stream : platform_.streams) {
      if (stream.each.empty() && stream.flag.empty()) return;
      if (!stream.each.empty() && !out_.lists[stream.each].empty()) return;
      if (!stream.flag.empty() && out_.variables[stream.flag] == "true") return;
      const auto& needed = stream.each.empty() ? stream.flag : stream.each;
      if (names.find("`" + needed + "`") == std::string::npos)
        names += (names.empty() ? "`" : " or `") + needed + "`";
    }
    const auto first = platform_.streams.front().each.empty() ? platform_.streams.front().flag
                                                              : platform_.streams.front().each;
    reader_.mistake(first, "is missing: name " + names);
  }

  const Platform& platform_;
  const ConnectorInput& input_;
  SettingsReader reader_;
  SourceSettings out_;
};

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
      if (!variables) co_return unexpected(variables.error());
      auto request =
          follow != nullptr ? follow_request(*follow, *variables) : request_for(*spec, *walk, *variables);
      if (!request) co_return unexpected(request.error());
      auto reply = co_await context.http.send(std::move(*request));
      if (!reply) co_return unexpected(reply.error());
      const Asked asked{.stream = *spec, .follow = follow, .variables = *variables};
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
    if (!variables) co_return unexpected(variables.error());
    auto request = make_request(spec, settings_.base, *variables);
    if (!request) co_return unexpected(request.error());
    add_credential(*request);
    auto reply = co_await context.http.send(std::move(*request));
    if (!reply) co_return unexpected(reply.error());
    auto hydrated = read_hydrated(*platform_, asked, *variables, *reply, context.clock.now());
    if (!hydrated && hydrated.error().kind == ErrorKind::unauthorized) steps_.forget(spec, *variables);
    co_return hydrated;
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

  Result<Page> finish(Walk walk, const Asked& asked, const net::HttpReply& reply, Timestamp now) const {
    if (reply.status == 304 && asked.follow == nullptr) return walk.unchanged(asked.stream, now);
    const auto json = parse_json(reply.body);
    const auto root = json ? json->root() : JsonValue();
    auto judged = judge(*platform_, reply, root, now);
    if (judged.trouble && asked.follow != nullptr && is_final(judged.trouble->kind))
      return walk.give_up_follow(judged.trouble->kind, asked.stream, now);
    if (judged.trouble) return unexpected(std::move(*judged.trouble));
    if (!json && !judged.empty) return unexpected(json.error());
    auto read = judged.empty ? Result<ReadPage>(ReadPage{})
                             : read_page(*platform_, asked.spec(), root, asked.variables, now);
    if (!read) return unexpected(read.error());
    const Scope scope{.page = root, .parent = root, .item = root, .joins = {}, .variables = &asked.variables};
    auto page = asked.follow != nullptr ? walk.advance_follow(std::move(*read), *asked.follow, asked.stream,
                                                              scope, reply, settings_.base, now)
                                        : walk.advance(std::move(*read), asked.stream, settings_.limits,
                                                       scope, reply, settings_.base, now);
    if (const auto wait = wait_in(platform_->backoff, scope)) page.not_before = now + *wait;
    return page;
  }

  std::shared_ptr<const Platform> platform_;
  SourceSettings settings_;
  Steps steps_;
  std::vector<Stream> streams_;
};

}  // namespace

void set_base(Variables& variables, const std::string& base) {
  variables["base"] = base;
  if (const auto url = parse_url(base)) variables["host"] = url->host;
}

Result<std::unique_ptr<Connector>> make_source(std::shared_ptr<const Platform> platform,
                                               const ConnectorInput& input) {
  auto settings = SettingsCheck(*platform, input).run();
  if (!settings) return unexpected(settings.error());
  return std::unique_ptr<Connector>(std::make_unique<Source>(std::move(platform), std::move(*settings)));
}

}  // namespace earshot::connectors::declarative
