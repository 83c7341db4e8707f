#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "core/async/awaitable.hpp"
#include "core/base/random.hpp"
#include "net/auth/credential_spec.hpp"
#include "net/auth/token_file.hpp"
#include "net/auth/token_reply.hpp"
#include "net/credentials.hpp"
#include "net/http_client.hpp"
#include "net/live_client.hpp"

namespace earshot::net::auth {

/// What getting tokens takes. `blocking` runs the few calls that wait for a disk.
struct AuthServices {
  HttpClient& http;  ///< without credentials of its own
  const Clock& clock;
  CredentialPlaces places;
  std::string tokens_folder;
  async::Executor home;
  async::Executor blocking;
  std::uint64_t seed = 0;
  LiveClient* live = nullptr;  ///< without credentials of its own; nothing: there are no live connections
};

/// An access token that was got; durations count from when it was asked for, nothing means until refused.
struct Minted {
  Secret token = {};
  std::optional<std::chrono::milliseconds> fresh_for = {};  ///< afterwards it is renewed while it still works
  std::optional<std::chrono::milliseconds> good_for = {};
};

/// Digest by which tokens that rotate are known to be this credential's.
std::string owner_of(const CredentialSpec& spec);

/// Gets access tokens for one credential: each kind's own way. Keeps no token but the one that could not be
/// saved; who asks when is the TokenKeeper's business. Lives on `home`; calls do not overlap.
class TokenMinter {
 public:
  TokenMinter(CredentialSpec spec, AuthServices services);

  /// A new access token. One whose digest is `refused` is not given again. What the server refused for good
  /// (a revoked grant, a wrong password) is refused here without asking, until the secret is another.
  async::Awaitable<Result<Minted>> mint(std::string refused);
  /// Corrects our clock by the server's when it is off by more than half a minute; true when that changed it.
  bool learn_time(const HttpReply& reply);
  void stop();

 private:
  async::Awaitable<Result<HttpReply>> ask(HttpRequest request);
  async::Awaitable<Result<Minted>> mint_client();
  async::Awaitable<Result<Minted>> mint_signed();
  async::Awaitable<Result<Minted>> mint_rotating(std::string refused);
  async::Awaitable<Result<Minted>> renew(TokenFile::Change& change, const StoredTokens& held);
  async::Awaitable<Result<Minted>> renew_session(TokenFile::Change& change, const StoredTokens& held);
  async::Awaitable<Result<TokenFile::Change>> begin_change();
  async::Awaitable<Status> save_late();
  async::Awaitable<Result<Minted>> keep(TokenFile::Change& change, const StoredTokens& held,
                                        TokenReply reply);

  Result<Secret> secret(const std::string& name) const;
  Result<Secret> signed_assertion();
  Minted minted(const TokenReply& reply);
  Error refuse_for_good(std::string fingerprint, std::string message);

  CredentialSpec spec_;
  AuthServices services_;
  TokenFile file_;
  Random random_;
  boost::asio::steady_timer pause_;
  std::chrono::milliseconds offset_{0};  ///< the server's clock less ours
  std::optional<StoredTokens> unsaved_;  ///< rotated by the server while our disk failed
  std::string unsaved_over_;             ///< digest of the refresh token that they replace
  std::string refused_fingerprint_;      ///< of what was refused for good
  std::optional<Error> refusal_;
  bool stopping_ = false;
};

}  // namespace earshot::net::auth
