#include "net/auth/token_minter.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "net/auth/digest.hpp"
#include "net/auth/json_object.hpp"
#include "net/auth/token_request.hpp"

namespace earshot::net::auth {
namespace {

using std::chrono::milliseconds;

/// A clock this far off is corrected; servers allow about a minute themselves.
constexpr milliseconds skew_max = std::chrono::seconds(30);
/// GitHub and Apple refuse tokens issued in their future, so ours are a little old when they are made.
constexpr std::chrono::seconds backdated{30};
constexpr milliseconds lock_wait_max = std::chrono::seconds(30);
constexpr milliseconds lock_poll{50};

/// Of JWTs: GitHub takes ten minutes at most, Apple twenty.
constexpr std::chrono::seconds lifetime_of(CredentialKind kind) {
  return kind == CredentialKind::jwt ? std::chrono::minutes(15) : std::chrono::minutes(9);
}

std::string digest_of(const StoredTokens& held, const Secret& more) {
  return sha256_hex(held.belongs_to + "\n" + held.seed + "\n" + held.refresh_token.reveal() + "\n" +
                    more.reveal());
}

/// The file that Google gives out for a service account brings its own issuer, key id and endpoint.
Status read_key_file(const Secret& secret, CredentialSpec& spec, Secret& pem) {
  const auto object = JsonObject::parse(secret.reveal());
  if (!object) return unexpected(ErrorKind::unauthorized, "the key file is no JSON object");
  pem = Secret(object->text("private_key"));
  if (spec.issuer.empty()) spec.issuer = object->text("client_email");
  if (spec.key_id.empty()) spec.key_id = object->text("private_key_id");
  if (spec.token_url.empty()) spec.token_url = object->text("token_uri");
  return Done{};
}

}  // namespace

std::string owner_of(const CredentialSpec& spec) {
  return sha256_hex(std::string(to_string(spec.kind)) + "\n" + spec.token_url + "\n" + spec.client_id + "\n" +
                    spec.user);
}

TokenMinter::TokenMinter(CredentialSpec spec, AuthServices services)
    : spec_(std::move(spec)),
      services_(std::move(services)),
      file_(services_.tokens_folder, spec_.name),
      random_(services_.seed),
      pause_(services_.home) {}

void TokenMinter::stop() {
  stopping_ = true;
  pause_.cancel();
}

Result<Secret> TokenMinter::secret(const std::string& name) const {
  return load_credential(services_.places, name);
}

Minted TokenMinter::minted(const TokenReply& reply) {
  Minted out{.token = Secret(reply.access_token.reveal()), .fresh_for = {}, .good_for = {}};
  if (!reply.lifetime) return out;
  const milliseconds whole = *reply.lifetime;
  // Renewed at four fifths of its life, so that neither a slow request nor a clock that runs differently lets
  // it die on the way; with jitter, since many daemons may have started in the same minute.
  out.fresh_for = milliseconds(whole.count() * 4 / 5 - random_.between(0, whole.count() / 20));
  out.good_for = whole - std::min(whole / 10, milliseconds(std::chrono::seconds(10)));
  return out;
}

bool TokenMinter::learn_time(const HttpReply& reply) {
  const auto date = reply.headers.find("Date");
  const auto server = date ? parse_time(*date) : std::nullopt;
  if (!server) return false;
  const auto seen = *server - services_.clock.now();
  if (std::chrono::abs(seen - offset_) <= skew_max) return false;
  offset_ = seen;
  return true;
}

async::Awaitable<Result<HttpReply>> TokenMinter::ask(HttpRequest request) {
  // Taken from the configuration or a key file; a mistake must not send a secret through the clear.
  if (!keeps_secrets(request.url))
    co_return unexpected(ErrorKind::blocked, "the token endpoint is not reached by https");
  auto reply = co_await services_.http.send(std::move(request));
  co_return reply;
}

Error TokenMinter::refuse_for_good(std::string fingerprint, std::string message) {
  refused_fingerprint_ = std::move(fingerprint);
  refusal_ = Error{.kind = ErrorKind::unauthorized, .message = std::move(message)};
  log::error("a credential was refused for good; its sources are silent until it is renewed",
             {{"credential", spec_.name}, {"kind", to_string(spec_.kind)}, {"error", refusal_->message}});
  return *refusal_;
}

async::Awaitable<Result<Minted>> TokenMinter::mint(std::string refused) {
  switch (spec_.kind) {
    case CredentialKind::oauth2_client: {
      auto made = co_await mint_client();
      co_return made;
    }
    case CredentialKind::oauth2_refresh:
    case CredentialKind::atproto_session: {
      auto made = co_await mint_rotating(std::move(refused));
      co_return made;
    }
    default: {
      auto made = co_await mint_signed();
      co_return made;
    }
  }
}

async::Awaitable<Result<Minted>> TokenMinter::mint_client() {
  auto client_secret = secret(spec_.secret);
  if (!client_secret) co_return unexpected(client_secret.error());
  auto request = client_credentials_request(spec_, *client_secret);
  auto reply = co_await ask(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  auto tokens = parse_token_reply(*reply, services_.clock.now());
  if (!tokens) co_return unexpected(tokens.error());
  co_return minted(*tokens);
}

Result<Secret> TokenMinter::signed_assertion() {
  auto text = secret(spec_.secret);
  if (!text) return unexpected(text.error());
  Secret pem;
  auto spec = spec_;
  if (trim(text->reveal()).starts_with('{')) {
    if (auto read = read_key_file(*text, spec, pem); !read) return unexpected(read.error());
  } else {
    pem = std::move(*text);
  }
  auto key = SigningKey::from_pem(pem, spec.algorithm);
  if (!key) return unexpected(ErrorKind::unauthorized, key.error().message);
  if (spec_.token_url.empty()) spec_.token_url = spec.token_url;
  JwtClaims claims{.key_id = spec.key_id,
                   .issuer = spec.issuer,
                   .subject = spec.subject,
                   .audience = spec.audience,
                   .scope = {},
                   .issued_at = services_.clock.now() + offset_ - backdated,
                   .lifetime = lifetime_of(spec.kind)};
  if (spec.kind == CredentialKind::jwt_bearer) {
    if (claims.audience.empty()) claims.audience = spec.token_url;
    for (const auto& scope : spec.scopes) claims.scope += (claims.scope.empty() ? "" : " ") + scope;
  }
  return key->sign(claims);
}

async::Awaitable<Result<Minted>> TokenMinter::mint_signed() {
  for (int attempt = 0;; ++attempt) {
    auto assertion = signed_assertion();
    if (!assertion) co_return unexpected(assertion.error());
    if (spec_.kind == CredentialKind::jwt) {
      const TokenReply own{.access_token = std::move(*assertion),
                           .refresh_token = {},
                           .lifetime = lifetime_of(spec_.kind) - backdated};
      co_return minted(own);
    }
    const bool github = spec_.kind == CredentialKind::github_app;
    auto request = github ? installation_request(spec_, *assertion) : assertion_request(spec_, *assertion);
    auto reply = co_await ask(std::move(request));
    if (!reply) co_return unexpected(reply.error());
    auto tokens = github ? parse_installation_reply(*reply, services_.clock.now())
                         : parse_token_reply(*reply, services_.clock.now());
    if (tokens) co_return minted(*tokens);
    // A wrong clock makes a JWT that is not valid yet, or not any more: once more by the server's.
    if (attempt > 0 || is_transient(tokens.error().kind) || !learn_time(*reply))
      co_return unexpected(tokens.error());
  }
}

async::Awaitable<Result<TokenFile::Change>> TokenMinter::begin_change() {
  for (milliseconds waited{0}; waited <= lock_wait_max; waited += lock_poll) {
    auto begin = [this] { return file_.try_begin(); };
    auto begun = co_await async::run_on(services_.blocking, begin);
    if (!begun) co_return unexpected(begun.error());
    if (*begun) co_return std::move(**begun);
    if (stopping_) co_return unexpected(ErrorKind::cancelled, "shutting down");
    pause_.expires_after(lock_poll);
    boost::system::error_code cancelled;
    co_await pause_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
  co_return unexpected(ErrorKind::busy, "another process holds " + file_.path());
}

/// Tokens that a failing disk did not take are the only ones that still work, unless somebody granted anew.
async::Awaitable<Status> TokenMinter::save_late() {
  auto change = co_await begin_change();
  if (!change) co_return unexpected(change.error());
  auto save = [this, &change]() -> Status {
    auto stored = change->read();
    if (!stored) return unexpected(stored.error());
    if (*stored && sha256_hex((*stored)->refresh_token.reveal()) != unsaved_over_) return Done{};
    return change->commit(*unsaved_);
  };
  auto saved = co_await async::run_on(services_.blocking, save);
  if (saved) unsaved_.reset();
  co_return saved;
}

async::Awaitable<Result<Minted>> TokenMinter::mint_rotating(std::string refused) {
  if (unsaved_) {
    auto saved = co_await save_late();
    if (!saved) co_return unexpected(saved.error());
  }
  auto change = co_await begin_change();
  if (!change) co_return unexpected(change.error());
  auto read = [&change] { return change->read(); };
  auto stored = co_await async::run_on(services_.blocking, read);
  if (!stored) co_return unexpected(stored.error());

  // What the first token was got with: a refresh token given by hand, or the app password.
  const bool session = spec_.kind == CredentialKind::atproto_session;
  auto first = secret(session ? spec_.secret : spec_.refresh_secret);
  if (!first && (session || first.error().kind != ErrorKind::unauthorized))
    co_return unexpected(first.error());
  StoredTokens held;
  held.belongs_to = owner_of(spec_);
  held.seed = first ? sha256_hex(first->reveal()) : std::string();
  if (*stored && (*stored)->belongs_to == held.belongs_to && (!first || (*stored)->seed == held.seed)) {
    held = std::move(**stored);
  } else if (first && !session) {
    held.refresh_token = std::move(*first);
  }
  const auto now = services_.clock.now();
  const bool usable = !held.access_token.empty() && sha256_hex(held.access_token.reveal()) != refused;
  // Another process, or this one before a restart, was here already.
  if (usable && (held.refresh_at == Timestamp{} || now < held.refresh_at)) {
    Minted out{.token = Secret(held.access_token.reveal()), .fresh_for = {}, .good_for = {}};
    if (held.refresh_at != Timestamp{}) out.fresh_for = held.refresh_at - now;
    if (held.refresh_at != Timestamp{}) out.good_for = held.expires_at - now;
    co_return out;
  }
  if (session) {
    auto made = co_await renew_session(*change, held);
    co_return made;
  }
  auto made = co_await renew(*change, held);
  co_return made;
}

async::Awaitable<Result<Minted>> TokenMinter::renew(TokenFile::Change& change, const StoredTokens& held) {
  if (held.refresh_token.empty())
    co_return unexpected(ErrorKind::unauthorized, "there is no refresh token yet: run `earshot auth " +
                                                      spec_.name + "`, or add a credential '" +
                                                      spec_.refresh_secret + "'");
  Secret client_secret;
  if (spec_.client_auth != ClientAuth::none) {
    auto loaded = secret(spec_.secret);
    if (!loaded) co_return unexpected(loaded.error());
    client_secret = std::move(*loaded);
  }
  auto fingerprint = digest_of(held, client_secret);
  if (refusal_ && fingerprint == refused_fingerprint_) co_return unexpected(*refusal_);
  auto request = refresh_request(spec_, client_secret, held.refresh_token);
  auto reply = co_await ask(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  auto tokens = parse_token_reply(*reply, services_.clock.now());
  if (tokens) {
    auto made = co_await keep(change, held, std::move(*tokens));
    co_return made;
  }
  if (is_transient(tokens.error().kind) || token_error_code(*reply) != "invalid_grant")
    co_return unexpected(tokens.error());
  const auto what =
      "the grant was revoked or has expired (invalid_grant): run `earshot auth " + spec_.name + "`";
  co_return unexpected(refuse_for_good(std::move(fingerprint), what));
}

async::Awaitable<Result<Minted>> TokenMinter::renew_session(TokenFile::Change& change,
                                                            const StoredTokens& held) {
  if (!held.refresh_token.empty()) {
    auto request = refresh_session_request(spec_, held.refresh_token);
    auto reply = co_await ask(std::move(request));
    if (!reply) co_return unexpected(reply.error());
    auto tokens = parse_session_reply(*reply, services_.clock.now());
    if (tokens) {
      auto made = co_await keep(change, held, std::move(*tokens));
      co_return made;
    }
    if (!refuses_token(*reply)) co_return unexpected(tokens.error());
  }
  // The session is over (or there was none): the app password opens another. Servers count these, thirty in
  // five minutes, which is why sessions are kept.
  auto password = secret(spec_.secret);
  if (!password) co_return unexpected(password.error());
  auto fingerprint = sha256_hex(held.belongs_to + "\n" + password->reveal());
  if (refusal_ && fingerprint == refused_fingerprint_) co_return unexpected(*refusal_);
  auto request = create_session_request(spec_, *password);
  auto reply = co_await ask(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  auto tokens = parse_session_reply(*reply, services_.clock.now());
  if (tokens) {
    auto made = co_await keep(change, held, std::move(*tokens));
    co_return made;
  }
  if (reply->status != 401) co_return unexpected(tokens.error());
  const auto what = "the server does not take this identifier and app password (" +
                    (token_error_code(*reply).empty() ? "HTTP 401" : token_error_code(*reply)) +
                    "): make a new app password";
  co_return unexpected(refuse_for_good(std::move(fingerprint), what));
}

/// Durable first, used second: the server may have forgotten the old refresh token already.
async::Awaitable<Result<Minted>> TokenMinter::keep(TokenFile::Change& change, const StoredTokens& held,
                                                   TokenReply reply) {
  auto out = minted(reply);
  auto next = held.copy();
  if (!reply.refresh_token.empty()) next.refresh_token = std::move(reply.refresh_token);
  next.access_token = std::move(reply.access_token);
  const auto now = services_.clock.now();
  next.refresh_at = out.fresh_for ? now + *out.fresh_for : Timestamp{};
  next.expires_at = out.good_for ? now + *out.good_for : Timestamp{};
  auto save = [&change, &next] { return change.commit(next); };
  auto saved = co_await async::run_on(services_.blocking, save);
  if (!saved) {
    unsaved_ = std::move(next);
    unsaved_over_ = sha256_hex(held.refresh_token.reveal());
    co_return unexpected(saved.error());
  }
  co_return out;
}

}  // namespace earshot::net::auth
