#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "net/live_client.hpp"

namespace earshot::connectors {

/// How much of a live stream makes a page.
struct LivePage {
  std::size_t messages_max = 1'000;  ///< what is queued in one read may go beyond it
  std::size_t bytes_max = 4 << 20;
  std::chrono::milliseconds wait = std::chrono::seconds(15);          ///< for the first message
  std::chrono::milliseconds gather = std::chrono::milliseconds(250);  ///< for more after the first
};

/// The connection of one live stream between two fetches. Lives as long as its connector.
class LiveSession {
 public:
  /// True when the last page given is the one that was committed, so that reading may go on where it stopped.
  bool follows(const std::optional<Cursor>& cursor) const { return connection_ && cursor == given_; }
  /// Opens anew; what was open ends first. Fails with what the answer stands for.
  async::Awaitable<Status> connect(Context& context, net::LiveRequest request);
  /// What arrived, at least one message or `wait` later; the page after connecting waits for `gather` only.
  /// After a failure there is no connection.
  async::Awaitable<Result<std::vector<std::string>>> gather(const Clock& clock, LivePage limits);
  /// This cursor goes out with the page.
  void give(const std::optional<Cursor>& cursor) { given_ = cursor; }
  void close() { connection_.reset(); }

 private:
  std::unique_ptr<net::LiveConnection> connection_;
  std::optional<Cursor> given_;
  bool fresh_ = false;
};

}  // namespace earshot::connectors
