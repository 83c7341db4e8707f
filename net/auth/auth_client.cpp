#include "net/auth/auth_client.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "net/auth/credential_form.hpp"
#include "net/auth/digest.hpp"

namespace earshot::net::auth {
namespace {

bool has_fixed_secret(CredentialKind kind) {
  return kind == CredentialKind::bearer || kind == CredentialKind::basic || kind == CredentialKind::header ||
         kind == CredentialKind::meta_token;
}

/// A line break in a secret (a key file given as a token) would write header lines of its own.
bool is_one_line(const Secret& secret) {
  return std::ranges::none_of(secret.reveal(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

void blacken(std::string& text, std::string_view secret) {
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + secret.size()))
    text.replace(at, secret.size(), secret.size(), '*');
}

}  // namespace

void blacken(HttpReply& reply, const Secret& secret) {
  // Shorter ones are no tokens, and would be found by chance.
  if (secret.reveal().size() < 8) return;
  blacken(reply.body, secret.reveal());
  Headers headers;
  for (auto [name, value] : reply.headers.items()) {
    blacken(value, secret.reveal());
    headers.add(std::move(name), std::move(value));
  }
  reply.headers = std::move(headers);
}

AuthClient::AuthClient(std::vector<CredentialSpec> specs, AuthServices services)
    : services_(std::move(services)) {
  for (auto& spec : specs) {
    if (!has_fixed_secret(spec.kind))
      keepers_.emplace(spec.name, std::make_unique<TokenKeeper>(spec, services_));
    specs_.emplace(spec.name, std::move(spec));
  }
}

void AuthClient::stop() {
  for (auto& [name, keeper] : keepers_) keeper->stop();
}

std::optional<Error> AuthClient::refusal_of(const HttpRequest& request) const {
  if (!keeps_secrets(request.url))
    return Error{.kind = ErrorKind::blocked,
                 .message = "a credential goes out by https only, or to this machine"};
  const auto known = specs_.find(request.credential);
  // A session is its server's alone, and every other server could use it as its owner does.
  if (known != specs_.end() && known->second.kind == CredentialKind::atproto_session &&
      !same_origin(known->second.token_url, request.url))
    return Error{.kind = ErrorKind::blocked,
                 .message = "credential '" + known->first + "' is a session of " + known->second.token_url +
                            " and goes nowhere else: set the source's base to that"};
  return std::nullopt;
}

CredentialSpec AuthClient::spec_of(const std::string& name) const {
  const auto known = specs_.find(name);
  return known != specs_.end() ? known->second : CredentialSpec{.name = name, .secret = name};
}

async::Awaitable<Result<HttpReply>> AuthClient::send(HttpRequest request) {
  if (request.credential.empty()) {
    auto reply = co_await services_.http.send(std::move(request));
    co_return reply;
  }
  if (auto refusal = refusal_of(request)) co_return unexpected(std::move(*refusal));
  const auto name = std::exchange(request.credential, {});
  request.carries_secret = true;
  if (const auto keeper = keepers_.find(name); keeper != keepers_.end()) {
    auto reply = co_await send_kept(std::move(request), *keeper->second);
    co_return reply;
  }
  auto reply = co_await send_fixed(std::move(request), spec_of(name));
  co_return reply;
}

async::Awaitable<Result<LiveReply>> AuthClient::open(LiveRequest request) {
  if (!services_.live) co_return unexpected(ErrorKind::invalid, "there are no live connections here");
  if (request.http.credential.empty()) {
    auto reply = co_await services_.live->open(std::move(request));
    co_return reply;
  }
  if (auto refusal = refusal_of(request.http)) co_return unexpected(std::move(*refusal));
  const auto name = std::exchange(request.http.credential, {});
  request.http.carries_secret = true;
  if (const auto keeper = keepers_.find(name); keeper != keepers_.end()) {
    auto reply = co_await open_kept(std::move(request), *keeper->second);
    co_return reply;
  }
  const auto asked_url = request.http.url;
  auto secrets = apply_fixed(request.http, spec_of(name));
  if (!secrets) co_return unexpected(secrets.error());
  auto reply = co_await services_.live->open(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  for (const auto& secret : *secrets) blacken(reply->reply, secret);
  reply->reply.url = asked_url;
  co_return reply;
}

async::Awaitable<Result<LiveReply>> AuthClient::open_kept(LiveRequest request, TokenKeeper& keeper) {
  for (int attempt = 0;; ++attempt) {
    auto token = co_await keeper.token();
    if (!token) co_return unexpected(token.error());
    auto outgoing = request;
    auto applied = apply_credential(outgoing.http, *token->text);
    if (!applied) co_return unexpected(applied.error());
    auto reply = co_await services_.live->open(std::move(outgoing));
    if (!reply) co_return unexpected(reply.error());
    blacken(reply->reply, *token->text);
    reply->reply.url = request.http.url;
    if (!refuses_token(reply->reply)) co_return reply;
    if (attempt > 0) {
      keeper.in_vain();
      co_return reply;
    }
    if (!keeper.refuse(*token, reply->reply)) co_return reply;
  }
}

async::Awaitable<Result<Secret>> AuthClient::secret(std::string name) {
  if (const auto keeper = keepers_.find(name); keeper != keepers_.end()) {
    auto token = co_await keeper->second->token();
    if (!token) co_return unexpected(token.error());
    co_return Secret(token->text->reveal());
  }
  const auto known = specs_.find(name);
  co_return load_credential(services_.places, known == specs_.end() ? name : known->second.secret);
}

/// Puts the secret where it belongs; gives everything that must not come back to light.
Result<std::vector<Secret>> AuthClient::apply_fixed(HttpRequest& request, const CredentialSpec& spec) const {
  auto secret = load_credential(services_.places, spec.secret);
  if (!secret) return unexpected(secret.error());
  if (!is_one_line(*secret))
    return unexpected(ErrorKind::unauthorized,
                      "credential '" + spec.name + "' has several lines, so it is no token");
  std::vector<Secret> secrets;
  if (spec.kind == CredentialKind::basic) {
    secrets.emplace_back(base64(spec.user + ":" + secret->reveal()));
    request.headers.add("Authorization", "Basic " + secrets.back().reveal());
  } else if (spec.kind == CredentialKind::header) {
    request.headers.add(spec.header, secret->reveal());
  } else {
    if (auto applied = apply_credential(request, *secret); !applied) return unexpected(applied.error());
  }
  if (spec.kind == CredentialKind::meta_token) {
    auto loaded = load_credential(services_.places, spec.app_secret);
    if (!loaded) return unexpected(loaded.error());
    const auto proof = hmac_sha256_hex(loaded->reveal(), secret->reveal());
    request.url = with_query(request.url, {{"appsecret_proof", proof}});
    secrets.push_back(std::move(*loaded));
  }
  secrets.push_back(std::move(*secret));
  return secrets;
}

async::Awaitable<Result<HttpReply>> AuthClient::send_fixed(HttpRequest request, CredentialSpec spec) {
  const auto asked_url = request.url;
  auto secrets = apply_fixed(request, spec);
  if (!secrets) co_return unexpected(secrets.error());
  const auto sent_url = request.url;
  auto reply = co_await services_.http.send(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  for (const auto& secret : *secrets) blacken(*reply, secret);
  if (reply->url == sent_url) reply->url = asked_url;
  co_return reply;
}

async::Awaitable<Result<HttpReply>> AuthClient::send_kept(HttpRequest request, TokenKeeper& keeper) {
  for (int attempt = 0;; ++attempt) {
    auto token = co_await keeper.token();
    if (!token) co_return unexpected(token.error());
    auto outgoing = request;
    auto applied = apply_credential(outgoing, *token->text);
    if (!applied) co_return unexpected(applied.error());
    auto reply = co_await services_.http.send(std::move(outgoing));
    if (!reply) co_return unexpected(reply.error());
    blacken(*reply, *token->text);
    if (!refuses_token(*reply)) co_return reply;
    if (attempt > 0) {
      keeper.in_vain();
      co_return reply;
    }
    if (!keeper.refuse(*token, *reply)) co_return reply;
  }
}

}  // namespace earshot::net::auth
