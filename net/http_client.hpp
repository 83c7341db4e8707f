#pragma once
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
};

}  // namespace earshot::net
