#pragma once
#include <memory>
#include <string>
#include <vector>

#include "net/address_guard.hpp"
#include "net/live_client.hpp"

namespace earshot::net {

/// WebSocket connections on one Asio executor: TLS 1.2 or later with the system's certificates and a check of
/// the host's name, no compression, pings while it is silent. The address guard decides on every address that
/// the host's name stands for. Messages are read only, and one at a time, while there is room for them.
class WebSockets {
 public:
  explicit WebSockets(async::Executor executor);
  ~WebSockets();
  WebSockets(const WebSockets&) = delete;
  WebSockets& operator=(const WebSockets&) = delete;

  /// `guard` must outlive the opening.
  async::Awaitable<Result<LiveReply>> open(LiveRequest request, std::string user_agent,
                                           const AddressGuard& guard);
  /// Ends every connection, also those half open, with `cancelled` and refuses new ones.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace earshot::net
