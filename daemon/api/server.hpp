#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "daemon/api/dispatch.hpp"
#include "daemon/api/events.hpp"
#include "daemon/api/places.hpp"
#include "daemon/http_config.hpp"

namespace earshot::api {

/// HTTP/1.1 on TCP and on a Unix socket: limits and deadlines, so that a slow or hostile client costs one
/// connection for a while and nobody else anything. What is asked goes to Dispatch. Lives on the io thread.
class Server {
 public:
  Server(async::Executor home, Dispatch& dispatch, std::shared_ptr<EventHub> events,
         ServerLimits limits = {});
  ~Server();

  /// `busy` when the address is taken, `forbidden` when it may not be had.
  Status listen(const daemon::HttpAddress& address);
  /// Takes the place of a socket file that nobody listens on any more; readable by owner and group.
  Status listen_unix(const std::string& path);
  /// A listening socket that the service manager opened for us.
  Status adopt(int descriptor);
  std::uint16_t port() const;  ///< of the first TCP address
  std::size_t connections() const;
  /// No further connections; those there are end with the answer under way. Afterwards nothing refers to us
  /// once the executor has run its handlers.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace earshot::api
