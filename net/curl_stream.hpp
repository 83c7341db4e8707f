#pragma once
#include <chrono>
#include <memory>
#include <string_view>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"

namespace earshot::net {

/// A connection that libcurl opened (names looked up, address checked, TLS agreed and certificate verified),
/// on which its owner speaks a protocol that libcurl does not. Made by CurlPump::connect, closed when it goes
/// or the pump stops. Lives on the pump's executor; one call at a time.
class CurlStream {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  struct State;
  explicit CurlStream(std::shared_ptr<State> state);
  ~CurlStream();
  CurlStream(const CurlStream&) = delete;
  CurlStream& operator=(const CurlStream&) = delete;

  /// What has come, at least one byte and at most `size`; 0 when the peer has closed. `timed_out`,
  /// `unreachable`, `cancelled`.
  async::Awaitable<Result<std::size_t>> read(char* into, std::size_t size, Steady until);
  /// All of it.
  async::Awaitable<Status> write(std::string_view bytes, Steady until);

 private:
  std::shared_ptr<State> state_;
};

}  // namespace earshot::net
