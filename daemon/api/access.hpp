#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "daemon/api/http.hpp"
#include "daemon/http_config.hpp"

/// Who may ask what. Lives on the io thread.
namespace earshot::api {

using daemon::HttpConfig;
using daemon::Scope;

struct Caller {
  std::string name = {};  ///< of the token; "local" without one
  std::uint8_t scopes = 0;
  /// Who may read all may read the feeds.
  bool may(Scope scope) const {
    return scope == Scope::none || (scopes & daemon::bit(scope)) != 0 ||
           (scope == Scope::feeds && may(Scope::read));
  }
};

class Access {
 public:
  Access(HttpConfig config, const Clock& clock) : config_(std::move(config)), clock_(clock) {}

  /// Takes over new tokens and names; sessions of tokens that are gone end.
  void replace(HttpConfig config);

  bool tokens_needed() const { return !config_.tokens.empty(); }
  /// A refusal when the request comes by way of somebody else's page or name: a foreign Host (a rebound DNS
  /// name) or Origin, or a change that a plain form could send.
  std::optional<Response> refuse_foreign(const Request& request) const;
  /// Who asks; scopes are empty when a token is needed and none is given. A refusal (401, 429) when the one
  /// given is wrong or has expired. Right ones are never held up: whoever makes a browser or a proxy send
  /// wrong ones must not keep out those who share its address.
  struct Answer {
    Caller caller = {};
    std::optional<Response> refusal = {};
  };
  Answer admit(const Request& request);

  /// The refusal of a request whose signature is wrong: 401, or 429 after too many of them from there. Right
  /// ones are never held up either.
  Response refuse_signature(const std::string& peer, std::string_view detail);

  /// Opens a session for a token: the cookie to set, or the refusal (as `admit`).
  struct Opened {
    std::string cookie = {};
    std::optional<Response> refusal = {};
  };
  Opened open_session(const std::string& token, const std::string& peer);
  /// The cookie that ends it at the browser, too.
  std::string end_session(const Request& request);

 private:
  struct Session {
    std::string token_hash;
    Timestamp expires;
  };
  const daemon::HttpToken* token_of(const std::string& hash) const;
  /// 401, or 429 after too many wrong ones from there.
  Response refuse_token(const std::string& peer);
  bool too_many_failures(const std::string& peer);
  void note_failure(const std::string& peer);

  HttpConfig config_;
  const Clock& clock_;
  std::map<std::string, Session> sessions_;  ///< by the hash of what the cookie holds
  std::map<std::string, std::deque<std::chrono::steady_clock::time_point>> failures_;  ///< by peer
};

}  // namespace earshot::api
