#pragma once
#include <string>

#include "net/address_guard.hpp"
#include "net/curl_pump.hpp"
#include "net/live_client.hpp"
#include "net/web_socket.hpp"

namespace earshot::net {

/// The LiveClient of the daemon: responses by libcurl, WebSockets by Beast, both behind the address guard.
/// Knows no credentials: a request that names one goes through an AuthClient.
class DirectLiveClient final : public LiveClient {
 public:
  DirectLiveClient(async::Executor executor, std::string user_agent, AddressGuard guard);

  async::Awaitable<Result<LiveReply>> open(LiveRequest request) override;
  /// Ends every connection with `cancelled`.
  void stop();

 private:
  std::string user_agent_;
  AddressGuard guard_;
  CurlPump pump_;
  WebSockets sockets_;
};

}  // namespace earshot::net
