#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/live_session.hpp"
#include "core/model/page.hpp"
#include "net/live_client.hpp"

/// Jetstream: every post of the network as it is written, by WebSocket, one JSON event a message.
namespace earshot::connectors::bluesky {

/// What some messages brought. Times are the server's, in microseconds; zero when no event came.
struct JetstreamEvents {
  Page page;  ///< mentions, withdrawals and bad items
  std::int64_t first_us = 0;
  std::int64_t last_us = 0;
};

/// Posts that were created or changed become mentions; deleted ones, and accounts that were deleted or taken
/// down, withdrawals. Other collections and
/// identity events only move the position.
JetstreamEvents read_events(const std::vector<std::string>& messages, Timestamp now);

/// Where the stream stands: the time of the last event heard.
struct JetstreamPosition {
  static constexpr std::uint32_t schema = 1;
  std::int64_t time_us = 0;

  static Result<JetstreamPosition> read(const Cursor& cursor);
  Cursor write() const;
};

struct JetstreamSettings {
  std::vector<std::string> hosts;  ///< http(s) origins, asked in turn
  std::vector<std::string> dids;   ///< whose posts alone are wanted; empty: everybody's
};

/// The stream over its connections. After a failure the next host is asked, from a few seconds before the
/// last event, since the hosts' clocks differ; what comes twice is known by its id.
class Jetstream {
 public:
  explicit Jetstream(JetstreamSettings settings) : settings_(std::move(settings)) {}
  /// One page; see Stream::live.
  async::Awaitable<Result<Page>> fetch(Context& context, std::optional<Cursor> cursor);

 private:
  net::LiveRequest make_request(std::int64_t from_us) const;
  JetstreamSettings settings_;
  LiveSession session_;
  std::size_t host_ = 0;
  std::int64_t resumed_us_ = 0;  ///< where the connection was taken up, until its first event; else zero
};

}  // namespace earshot::connectors::bluesky
