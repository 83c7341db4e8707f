#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/live_session.hpp"
#include "connectors/mastodon/mastodon_status.hpp"
#include "net/event_stream.hpp"

/// The streaming API of Mastodon and its relatives, by WebSocket or as server-sent events.
namespace earshot::connectors::mastodon {

/// Which post a server's own id stands for, of the posts seen lately: deletions name nothing else. Bounded;
/// the oldest go first.
class RecentPosts {
 public:
  explicit RecentPosts(std::size_t posts_max = 50'000) : posts_max_(posts_max) {}
  void remember(const StatusPage& statuses);
  /// What takes the post back, when it is known.
  std::optional<Withdrawal> find(const std::string& scoped_id, Timestamp now) const;

 private:
  struct Post {
    std::string uri;
    Timestamp created_at;
  };
  std::size_t posts_max_;
  std::unordered_map<std::string, Post> posts_;
  std::deque<std::string> order_;
};

/// One event: `update`, `status.update`, `delete`, `notification`, or one that says nothing about posts.
struct LiveEvent {
  std::string type;
  std::string payload;
};

/// Takes a WebSocket message apart: {"event": "update", "payload": "…"}, the payload being JSON in a string.
/// An error object is `bad_request` with the server's words.
Result<LiveEvent> read_envelope(std::string_view message);

/// Adds what the events say to one page; `host` is the server's, as for `read_statuses`. Events that cannot
/// be read are bad items.
Page read_events(const std::vector<LiveEvent>& events, std::string_view host, Timestamp now,
                 RecentPosts& recent);

struct LiveSettings {
  std::string base;
  std::string host;
  std::string credential;
  net::LiveTransport transport = net::LiveTransport::web_socket;
};

/// The live streams of one source: "live:tag:…", "live:public" and "live:user". There is no replay: what is
/// missed between two connections the polled timelines bring, and where there is none ("user") a gap says so.
class LiveTimelines {
 public:
  explicit LiveTimelines(LiveSettings settings) : settings_(std::move(settings)) {}
  /// One page; see Stream::live.
  async::Awaitable<Result<Page>> fetch(Context& context, std::string stream, std::optional<Cursor> cursor,
                                       RecentPosts& recent);

 private:
  struct Timeline {
    LiveSession session;
    net::EventReader reader;
  };
  net::LiveRequest make_request(std::string_view stream) const;
  Result<std::vector<LiveEvent>> take_apart(Timeline& timeline, const std::vector<std::string>& messages,
                                            std::vector<BadItem>& bad) const;
  LiveSettings settings_;
  std::map<std::string, Timeline> timelines_;
};

}  // namespace earshot::connectors::mastodon
