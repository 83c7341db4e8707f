#include "net/auth/authorize.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "core/async/run_on.hpp"
#include "net/auth/digest.hpp"
#include "net/auth/redirect.hpp"
#include "net/auth/token_request.hpp"

namespace earshot::net::auth {
namespace {

/// The daemon holds the file for as long as a renewal takes; what a person just granted must not be lost to
/// that.
Result<TokenFile::Change> begin_patiently(const TokenFile& file) {
  for (int tries = 0; tries < 300; ++tries) {
    auto change = file.try_begin();
    if (!change) return unexpected(change.error());
    if (*change) return std::move(**change);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return unexpected(ErrorKind::busy, "another process holds " + file.path());
}

Status store(const CredentialSpec& spec, const AuthServices& services, TokenReply& reply) {
  auto change = begin_patiently(TokenFile(services.tokens_folder, spec.name));
  if (!change) return unexpected(change.error());
  const auto first = load_credential(services.places, spec.refresh_secret);
  StoredTokens tokens;
  tokens.belongs_to = owner_of(spec);
  // What was granted now counts, and not an older token given by hand.
  if (first) tokens.seed = sha256_hex(first->reveal());
  tokens.refresh_token = std::move(reply.refresh_token);
  return change->commit(tokens);
}

}  // namespace

async::Awaitable<Status> authorize(CredentialSpec spec, AuthServices services,
                                   std::chrono::milliseconds limit,
                                   std::function<void(const std::string& url)> show) {
  if (spec.kind != CredentialKind::oauth2_refresh || spec.authorize_url.empty())
    co_return unexpected(ErrorKind::invalid, "credential '" + spec.name +
                                                 "' is not granted in a browser: that takes kind = "
                                                 "\"oauth2_refresh\" and an authorize_url");
  Secret client_secret;
  if (spec.client_auth != ClientAuth::none) {
    auto loaded = load_credential(services.places, spec.secret);
    if (!loaded) co_return unexpected(loaded.error());
    client_secret = std::move(*loaded);
  }
  // Said before anybody grants anything in vain.
  auto writable = TokenFile(services.tokens_folder, spec.name).try_begin();
  if (!writable) co_return unexpected(writable.error());
  writable = std::optional<TokenFile::Change>();
  auto listener = RedirectListener::open(services.home, spec.redirect_port);
  if (!listener) co_return unexpected(listener.error());
  const auto state = random_text(32);
  const auto verifier = random_text(48);
  const auto uri = listener->uri();
  show(authorize_page(spec, uri, state, pkce_challenge(verifier)));
  auto code = co_await listener->wait(state, limit);
  if (!code) co_return unexpected(code.error());
  auto request = authorization_code_request(spec, client_secret, *code, verifier, uri);
  auto reply = co_await services.http.send(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  auto tokens = parse_token_reply(*reply, services.clock.now());
  if (!tokens) co_return unexpected(tokens.error());
  if (tokens->refresh_token.empty())
    co_return unexpected(ErrorKind::bad_request,
                         "the provider gave no refresh token: ask for offline access in scopes or "
                         "authorize_parameters (docs/credentials.md)");
  auto keep = [&spec, &services, &tokens] { return store(spec, services, *tokens); };
  auto kept = co_await async::run_on(services.blocking, keep);
  co_return kept;
}

}  // namespace earshot::net::auth
