// What others push to us, signed: webhooks of GitHub, Slack, Meta, Standard Webhooks and any HMAC.
#include <algorithm>

#include "connectors/page_builder.hpp"
#include "connectors/webhook/receiver.hpp"
#include "core/base/text.hpp"
#include "net/credentials.hpp"
#include "net/secret_source.hpp"

namespace earshot::connectors::webhook {
namespace {

/// After so long the source says that it is well and looks whether its secrets have changed.
constexpr std::chrono::seconds pause{60};
constexpr std::size_t secrets_max = 4;
constexpr std::string_view push_stream = "push";

class SettingsCheck {
 public:
  explicit SettingsCheck(const ConnectorInput& input)
      : input_(input), reader_(input.settings), mistakes_(file_of(input.settings)) {}

  Result<WebhookSettings> run() {
    WebhookSettings out;
    out.platform = reader_.text("platform", input_.source);
    read_signing(out);
    read_credentials(out);
    read_map(out);
    auto all = reader_.finish();
    if (const auto more = mistakes_.text(); !more.empty())
      for (const auto line : split(more, '\n')) all.emplace_back(line);
    if (auto error = mistakes_in(input_, std::move(all))) return unexpected(std::move(*error));
    return out;
  }

 private:
  /// The place of one of the words in their list; the first where it is another.
  std::size_t word(std::string_view key, const std::vector<std::string>& known) {
    const auto given = reader_.text(key, known.front());
    const auto found = std::ranges::find(known, given);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    reader_.mistake(key, "cannot be `" + given + "`;" + suggestion(given, known));
    return 0;
  }

  void read_signing(WebhookSettings& out) {
    if (input_.settings.find("scheme") == nullptr)
      reader_.mistake("scheme", "is missing: standard, github, slack, meta or hmac");
    out.signing.scheme = static_cast<Scheme>(word("scheme", {"standard", "github", "slack", "meta", "hmac"}));
    const bool own = out.signing.scheme == Scheme::hmac;
    for (const auto* key : {"header", "prefix", "encoding", "algorithm"})
      if (!own && input_.settings.find(key) != nullptr)
        reader_.mistake(key, "is said by the scheme; only with scheme = \"hmac\" it is yours to say");
    out.signing.header = own ? reader_.required_text("header") : reader_.text("header", "");
    out.signing.prefix = reader_.text("prefix", "");
    out.signing.encoding = static_cast<Encoding>(word("encoding", {"hex", "base64"}));
    constexpr net::auth::Digest digests[] = {net::auth::Digest::sha256, net::auth::Digest::sha1,
                                             net::auth::Digest::sha512};
    out.signing.digest = digests[word("algorithm", {"sha256", "sha1", "sha512"})];
  }

  void check_name(std::string_view key, const std::string& name) {
    if (!net::is_credential_name(name))
      reader_.mistake(key, "must name a credential (letters, digits, '-', '_', '.'), never hold a secret");
  }

  void read_credentials(WebhookSettings& out) {
    out.secrets = reader_.list("secret");
    if (out.secrets.empty()) reader_.mistake("secret", "is missing: the name of the credential to sign with");
    if (out.secrets.size() > secrets_max) reader_.mistake("secret", "must be at most four names");
    for (const auto& name : out.secrets) check_name("secret", name);
    const bool asks = out.signing.scheme == Scheme::meta;
    out.verify_token = asks ? reader_.required_text("verify_token") : reader_.text("verify_token", "");
    if (!asks && input_.settings.find("verify_token") != nullptr)
      reader_.mistake("verify_token", "is Meta's: it goes with scheme = \"meta\"");
    if (!out.verify_token.empty()) check_name("verify_token", out.verify_token);
  }

  void read_map(WebhookSettings& out) {
    const auto scheme = out.signing.scheme;
    const std::string usual = scheme == Scheme::github  ? "github"
                              : scheme == Scheme::slack ? "slack"
                              : scheme == Scheme::meta  ? "meta"
                                                        : "mentions";
    out.event_header = reader_.text("event_header", scheme == Scheme::github ? "X-GitHub-Event" : "");
    const auto name = reader_.text("format", usual);
    const auto tables = reader_.tables("map");
    if (!tables.empty()) {
      if (input_.settings.find("format") != nullptr)
        reader_.mistake("format", "and [[source.map]] say the same thing: leave one out");
      out.map = BodyMap::read(out.platform, tables, mistakes_);
      return;
    }
    if (name == "mentions") return;
    auto map = shipped_map(name);
    if (map) {
      out.map = std::move(*map);
      return;
    }
    auto known = shipped_maps();
    known.emplace_back("mentions");
    reader_.mistake("format", "cannot be `" + name + "`;" + suggestion(name, known));
  }

  const ConnectorInput& input_;
  SettingsReader reader_;
  TomlMistakes mistakes_;
};

class Webhook final : public Connector {
 public:
  explicit Webhook(WebhookSettings settings)
      : settings_(std::move(settings)), receiver_(std::make_shared<Receiver>(settings_)) {}

  std::vector<Stream> streams() const override { return {{.name = std::string(push_stream), .live = true}}; }
  std::shared_ptr<PushReceiver> receiver() override { return receiver_; }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream&,
                                       std::optional<Cursor> cursor) override {
    auto& inbox = receiver_->inbox();
    // The cursor is that of the last page given: it is durable, and its senders may hear so.
    const bool follows = given_ && cursor == given_;
    inbox.settle(follows);
    if (!follows) {
      auto place = cursor ? Place::read(*cursor) : Result<Place>(Place{});
      if (!place) co_return unexpected(place.error());
      place_ = std::move(*place);
    }
    auto trusted = co_await learn(context);
    if (!trusted) {
      given_.reset();
      co_return unexpected(trusted.error());
    }
    // The first page comes at once, so that the source is known to be well.
    if (given_) {
      co_await inbox.wait(pause);
    }
    if (inbox.closed()) co_return unexpected(ErrorKind::cancelled, "stopped");
    auto page = inbox.take(place_, context.clock.now());
    given_ = page.cursor;
    co_return page;
  }

  std::optional<Reading> read_recorded(std::string_view, std::string_view body,
                                       Timestamp now) const override {
    return Reading{.page = read_body(settings_, "", body, now)};
  }

  void stop() override { receiver_->inbox().close(); }

 private:
  /// Reads the secrets anew, so that a replaced one needs no restart.
  async::Awaitable<Status> learn(Context& context) {
    std::vector<Secret> keys;
    Secret token;
    Status status = Done{};
    if (context.secrets == nullptr)
      status = unexpected(ErrorKind::unauthorized, "there are no credentials here");
    for (const auto& name : settings_.secrets) {
      if (!status) break;
      auto secret = co_await context.secrets->secret(name);
      if (!secret) {
        status = unexpected(secret.error());
        break;
      }
      auto key = key_of(settings_.signing.scheme, *secret);
      if (key)
        keys.push_back(std::move(*key));
      else
        status = unexpected(ErrorKind::unauthorized, "the credential '" + name + "' " + key.error().message);
    }
    if (status && !settings_.verify_token.empty()) {
      auto secret = co_await context.secrets->secret(settings_.verify_token);
      if (secret)
        token = std::move(*secret);
      else
        status = unexpected(secret.error());
    }
    if (!status) keys.clear();
    receiver_->trust(std::move(keys), std::move(token));
    co_return status;
  }

  WebhookSettings settings_;
  std::shared_ptr<Receiver> receiver_;
  Place place_;
  std::optional<Cursor> given_;
};

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  auto settings = SettingsCheck(input).run();
  if (!settings) return unexpected(settings.error());
  return std::unique_ptr<Connector>(std::make_unique<Webhook>(std::move(*settings)));
}

Result<Page> parse(std::string_view, std::string_view body, Timestamp now) {
  WebhookSettings settings;
  settings.platform = "webhook";
  auto page = read_body(settings, "", body, now);
  if (page.mentions.empty() && !page.bad_items.empty())
    return unexpected(ErrorKind::malformed, page.bad_items.front().reason);
  return page;
}

std::optional<Timestamp> last_push(const Cursor& cursor) {
  const auto place = Place::read(cursor);
  return place ? place->last_at : std::nullopt;
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "webhook",
    .summary = "what others push to us, signed: GitHub, Slack, Meta, Standard Webhooks, any HMAC",
    .access = "as the sender says; the daemon must be reachable for it",
    .make = make,
    .parse = parse,
    .pushes = {.stream = push_stream, .last_at = last_push},
};

}  // namespace earshot::connectors::webhook
