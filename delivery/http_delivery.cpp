#include "delivery/http_delivery.hpp"

#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "delivery/escape.hpp"
#include "net/auth/credential_spec.hpp"
#include "net/classify.hpp"
#include "net/credentials.hpp"

namespace earshot::delivery {

async::Awaitable<Result<net::HttpReply>> send(const SinkServices& services, net::HttpRequest request) {
  auto reply = co_await services.http.send(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  auto wrong = net::classify(*reply, services.clock.now());
  if (!wrong && reply->status == 304) wrong = Error{.kind = ErrorKind::bad_request, .message = "HTTP 304"};
  if (!wrong) co_return std::move(*reply);
  const auto said = one_line(reply->body.substr(0, 2'000), 200);
  if (!said.empty()) wrong->message += ", and says: " + said;
  co_return unexpected(std::move(*wrong));
}

net::HttpRequest json_request(std::string url, std::string body) {
  net::HttpRequest request{.url = std::move(url), .method = "POST"};
  request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

async::Awaitable<Result<std::string>> secret_url(const SinkServices& services, std::string credential) {
  const auto name = credential;
  auto secret = co_await services.secrets.secret(std::move(credential));
  if (!secret) co_return unexpected(secret.error());
  const auto url = parse_url(secret->reveal());
  if (!url || !net::auth::keeps_secrets(secret->reveal()))
    co_return unexpected(ErrorKind::unauthorized,
                         "the credential '" + name + "' must hold the https address of an incoming webhook");
  co_return secret->reveal();
}

std::string read_credential(TomlReader& reader, SinkPlan& plan, std::string_view key) {
  auto name = reader.text(key);
  if (name.empty()) return name;
  if (!net::is_credential_name(name)) {
    // Not repeated: it may be the secret itself.
    reader.mistake(key, "must be the name of a credential, not the secret itself: see docs/credentials.md");
    return {};
  }
  plan.credentials.push_back(name);
  return name;
}

std::string read_url(TomlReader& reader, std::string_view key, bool with_secret) {
  auto url = reader.required_text(key);
  if (url.empty()) return url;
  const auto parsed = parse_url(url);
  if (!parsed || (parsed->scheme != "http" && parsed->scheme != "https") || !parsed->userinfo.empty())
    reader.mistake(key, "must be an http(s) address, without a user in it");
  else if (with_secret && !net::auth::keeps_secrets(url))
    reader.mistake(key, "must begin with https://, since a secret goes there");
  return url;
}

}  // namespace earshot::delivery
