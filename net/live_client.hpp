#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "net/http_types.hpp"

/// Connections that stay open and bring what happens as it happens.
namespace earshot::net {

enum class LiveTransport {
  response,    ///< the body of one HTTP reply that does not end
  web_socket,  ///< RFC 6455; the URL is http(s) all the same
};

struct LiveRequest {
  HttpRequest http = {};
  LiveTransport transport = LiveTransport::response;
  /// Heard nothing for this long (of a WebSocket: no message and no answer to a ping): the connection is
  /// dead.
  std::chrono::milliseconds silence_max = std::chrono::seconds(60);
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::size_t message_bytes_max = 1 << 20;  ///< of one WebSocket message
  /// So much is held for a slow reader; beyond it nothing is taken from the socket.
  std::size_t queue_bytes_max = 256 << 10;
};

/// An open connection; ends when it goes. Lives on the io executor.
class LiveConnection {
 public:
  virtual ~LiveConnection() = default;
  /// Everything that has arrived, waiting at most `wait` for the first of it; empty when nothing came in
  /// time, which harms nothing. Of a WebSocket whole messages, of a response pieces cut anywhere. What
  /// arrived before the end is given first; then fails with unreachable (closed), timed_out, too_large,
  /// malformed or cancelled, again and again. Calls do not overlap.
  virtual async::Awaitable<Result<std::vector<std::string>>> read(std::chrono::milliseconds wait) = 0;
};

/// `connection` is absent when the server answered with something else than a stream.
struct LiveReply {
  HttpReply reply = {};
  std::unique_ptr<LiveConnection> connection = {};
};

/// Opens live connections; redirects are not followed. Fails as HttpClient does. Lives on the io executor.
class LiveClient {
 public:
  virtual ~LiveClient() = default;
  virtual async::Awaitable<Result<LiveReply>> open(LiveRequest request) = 0;
};

}  // namespace earshot::net
