#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"

/// The end of an authorization in a browser (RFC 8252): the provider redirects to this machine.
namespace earshot::net::auth {

/// What one request to the listener amounts to.
struct Redirect {
  enum class Kind {
    granted,  ///< with `code`
    denied,   ///< the person or the provider said no
    forged,   ///< no such state: not the answer to what we asked
    other,    ///< a favicon, a scanner, a request that is none
  };
  Kind kind = Kind::other;
  std::string code = {};
};

/// Reads the head of a request. Only GET /callback counts, addressed to 127.0.0.1:`port` (a name that
/// resolves here is somebody else's page) and with the state that we made.
Redirect read_redirect(std::string_view head, std::string_view state, int port);

/// Listens on 127.0.0.1 alone until the browser comes back. Answers every request with a page that says what
/// became of it; forged ones are refused and waited past, so that they cannot end the wait.
class RedirectListener {
 public:
  /// `port` 0 takes a free one. `busy` when the port is taken.
  static Result<RedirectListener> open(async::Executor executor, int port);

  std::string uri() const { return "http://127.0.0.1:" + std::to_string(port_) + "/callback"; }
  int port() const { return port_; }

  /// The code, or `timed_out`, or `unauthorized` when access was denied.
  async::Awaitable<Result<std::string>> wait(std::string state, std::chrono::milliseconds limit);

 private:
  RedirectListener(boost::asio::ip::tcp::acceptor acceptor, int port)
      : acceptor_(std::move(acceptor)), port_(port) {}
  boost::asio::ip::tcp::acceptor acceptor_;
  int port_;
};

}  // namespace earshot::net::auth
