#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "net/auth/token_minter.hpp"

namespace earshot::net::auth {

/// A token as requests use it; shared, because many requests may be under way with it.
struct AccessToken {
  std::shared_ptr<const Secret> text = {};
  std::uint64_t generation = 0;
};

/// One credential's access token, shared by every stream that uses it. However many ask at once, one request
/// goes out for a new one (single flight), and all get what it brought. Renewed ahead of its end; while it
/// cannot be, the old one serves as long as it lasts. A failure is kept for a while and given to whoever
/// asks, so that fifty streams do not knock fifty times. Lives on the io executor.
class TokenKeeper {
 public:
  TokenKeeper(const CredentialSpec& spec, const AuthServices& services);

  async::Awaitable<Result<AccessToken>> token();
  /// A server refused this token; true when another is worth asking for. Only the token in use counts, so the
  /// late answers to an earlier one change nothing.
  bool refuse(const AccessToken& token, const HttpReply& reply);
  /// A new token was refused as well: for a while no refusal leads to another.
  void in_vain();
  void stop();

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Current {
    AccessToken token;
    Steady fresh_until;
    Steady good_until;
  };

  std::optional<AccessToken> usable(Steady now) const;
  Error held(Steady now) const;
  void land(Result<Minted> minted, Steady asked_at);

  const Clock& clock_;
  std::string name_;
  TokenMinter minter_;
  Random random_;
  boost::asio::steady_timer landed_;
  std::optional<Current> current_;
  std::string refused_digest_;
  std::uint64_t generation_ = 0;
  std::uint64_t flights_ = 0;  ///< that have ended
  /// Outlives us in a coroutine that the executor drops at the end.
  std::shared_ptr<bool> flying_ = std::make_shared<bool>(false);
  std::optional<Error> failure_;
  int failures_ = 0;
  Steady hold_until_ = {};
  Steady settled_until_ = {};
  bool stopping_ = false;
};

}  // namespace earshot::net::auth
