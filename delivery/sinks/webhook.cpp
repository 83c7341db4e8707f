// Any HTTP receiver, signed as Standard Webhooks are, so that it can tell that we wrote and when.
#include "core/base/text.hpp"
#include "delivery/http_delivery.hpp"
#include "delivery/template.hpp"
#include "net/auth/webhook_signature.hpp"
#include "net/credentials.hpp"

namespace earshot::delivery::webhook {
namespace {

struct Settings {
  std::string url;
  std::string method = "POST";
  std::vector<std::string> signing;  ///< names of secrets; each adds a signature, so that keys can change
  std::string credential;            ///< bearer token, or a [[credential]]
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  Template body;
};

bool is_json_type(std::string_view type) { return type.find("json") != std::string_view::npos; }

class Webhook final : public Sink {
 public:
  Webhook(Settings settings, SinkServices services) : settings_(std::move(settings)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    net::HttpRequest request{.url = settings_.url, .method = settings_.method};
    request.headers.add("Content-Type", settings_.content_type);
    for (const auto& [name, value] : settings_.headers) request.headers.add(name, value);
    request.credential = settings_.credential;
    const auto escape = is_json_type(settings_.content_type) ? Template::Escape::json
                        : settings_.content_type == "application/x-www-form-urlencoded"
                            ? Template::Escape::url
                            : Template::Escape::none;
    request.body = settings_.body.empty() ? to_json(item) : settings_.body.fill(item, escape);
    const auto now = services_.clock.now();
    request.headers.add("webhook-id", item.id);
    request.headers.add(
        "webhook-timestamp",
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()));
    std::string signatures;
    for (const auto& name : settings_.signing) {
      auto secret = co_await services_.secrets.secret(name);
      if (!secret) co_return unexpected(secret.error());
      const auto key = net::auth::signing_key(*secret);
      if (!key)
        co_return unexpected(
            ErrorKind::unauthorized,
            "the credential '" + name + "' is no signing secret: 16 bytes or more, as whsec_ and base64");
      signatures += (signatures.empty() ? "" : " ") + net::auth::sign(*key, item.id, now, request.body);
    }
    if (!signatures.empty()) request.headers.add("webhook-signature", signatures);
    auto reply = co_await send(services_, std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return Receipt{};
  }

 private:
  Settings settings_;
  SinkServices services_;
};

bool is_token(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
             std::string_view::npos;
}

SinkPlan read(TomlReader& reader) {
  SinkPlan plan;
  Settings settings;
  settings.credential = read_credential(reader, plan);
  settings.url = read_url(reader, "url", !settings.credential.empty());
  settings.method = reader.word("method", {"POST", "PUT", "PATCH"});
  settings.signing = reader.list("signing");
  for (const auto& name : settings.signing) {
    if (!net::is_credential_name(name))
      reader.mistake("signing", "must name credentials, not hold the secrets themselves");
    else
      plan.credentials.push_back(name);
  }
  settings.content_type = reader.text("content_type", settings.content_type);
  if (!is_printable_ascii(settings.content_type)) reader.mistake("content_type", "must be a media type");
  for (const auto& line : reader.list("headers")) {
    const auto colon = line.find(':');
    const auto name = line.substr(0, std::min(colon, line.size()));
    if (colon == std::string::npos || !is_token(name) || !is_printable_ascii(line)) {
      reader.mistake("headers", "must be lines such as \"X-Team: care\"");
      continue;
    }
    settings.headers.emplace_back(name, std::string(trim(std::string_view(line).substr(colon + 1))));
  }
  if (const auto text = reader.text("template"); !text.empty()) {
    auto parsed = Template::parse(text);
    if (!parsed)
      reader.mistake("template", parsed.error().message);
    else if (is_json_type(settings.content_type) &&
             !is_json(parsed->fill(example_item({}), Template::Escape::json)))
      reader.mistake("template", "is no JSON once filled in; texts go between quotes: \"{{title}}\"");
    else
      settings.body = std::move(*parsed);
  }
  plan.make = [settings](const SinkServices& services) {
    return std::make_unique<Webhook>(settings, services);
  };
  return plan;
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{
    .name = "webhook", .summary = "any HTTP receiver, signed as Standard Webhooks are", .read = read};

}  // namespace earshot::delivery::webhook
