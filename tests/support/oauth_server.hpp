#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/base/url.hpp"
#include "tests/support/local_server.hpp"

namespace earshot::test {

/// An authorization server with the API it guards, on loopback: client credentials, refresh tokens that
/// rotate (one used twice revokes the grant, RFC 9700 §4.14), codes with PKCE, JWT bearer, installations'
/// tokens of GitHub and sessions of the AT Protocol. Strict where real servers are.
class OAuthServer {
 public:
  explicit OAuthServer(std::chrono::milliseconds lifetime = std::chrono::seconds(5));

  std::string url(const std::string& path) const { return server_.url(path); }
  int port() const { return server_.port(); }

  /// Issues a refresh token, as a person's grant would.
  std::string grant();
  /// Issues a code for a PKCE challenge and a redirect address.
  std::string issue_code(const std::string& challenge, const std::string& redirect_uri);
  void revoke_all();
  /// The next answers of the token endpoints, in order, whole.
  void answer_tokens_with(std::vector<std::string> replies);
  void expect_assertions_of(const std::string& public_key_pem, const std::string& algorithm);
  void set_clock_offset(std::chrono::seconds offset);
  /// No API request is let through, whatever its token.
  void refuse_all();
  /// How long the token endpoint thinks.
  void think(std::chrono::milliseconds time);

  int token_requests() const { return count(token_requests_); }
  int api_requests() const { return count(api_requests_); }
  int refused() const { return count(refused_); }
  std::string last_scope() const;
  std::vector<std::string> requests() const { return server_.requests(); }

  static constexpr const char* client_id = "listener";
  static constexpr const char* client_secret = "cl1ent:s3cret/with+signs";
  static constexpr const char* password = "abcd-efgh-ijkl-mnop";

 private:
  using Clock = std::chrono::steady_clock;
  std::string answer(const std::string& request);
  std::string answer_token(const std::string& request, const std::string& path);
  std::string answer_form(const std::string& request);
  std::string answer_session(const std::string& request, const std::string& path);
  std::string answer_assertion(const std::string& assertion, const std::string& name);
  std::string answer_api(const std::string& request);
  std::string tokens(const std::string& refresh);
  std::string new_token(const std::string& kind);
  std::string new_session_token(const std::string& kind);
  bool client_is_right(const std::string& request, const QueryPairs& form) const;
  int count(const int& counter) const;

  struct Code {
    std::string challenge, redirect_uri;
  };
  mutable std::mutex mutex_;
  std::chrono::milliseconds lifetime_, thinking_{0};
  std::chrono::seconds clock_offset_{0};
  int next_ = 0, token_requests_ = 0, api_requests_ = 0, refused_ = 0;
  bool refusing_ = false;
  std::map<std::string, Clock::time_point> access_;
  std::set<std::string> refresh_, used_;
  std::map<std::string, Code> codes_;
  std::vector<std::string> scripted_;
  std::string key_, algorithm_, scope_;
  LocalServer server_;  ///< last: its threads use all of the above
};

}  // namespace earshot::test
