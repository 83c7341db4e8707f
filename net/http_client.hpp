#pragma once
#include <chrono>
#include <string>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "net/http_types.hpp"

namespace earshot::net {

/// Sends one request at a time per call; many calls may be in flight. Lives on the io executor.
/// Fails with unreachable, timed_out, blocked, too_large or cancelled when there was no complete reply.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual async::Awaitable<Result<HttpReply>> send(HttpRequest request) = 0;
  /// Nobody asks the host of this address for so long: a reply said so in its body, which only who asked can
  /// read. Does nothing where hosts are not held back.
  virtual void hold(const std::string& url, std::chrono::milliseconds wait) {
    (void)url;
    (void)wait;
  }
};

}  // namespace earshot::net
