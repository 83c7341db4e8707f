#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "connectors/json_fields.hpp"
#include "core/model/page.hpp"

/// Post views of the AT Protocol's app.bsky lexicons.
namespace earshot::connectors::bluesky {

struct PostPage {
  Page page;
  std::string cursor;               ///< the server's, only good for the walk it belongs to
  std::size_t items = 0;            ///< as served, before filtering
  std::optional<Timestamp> newest;  ///< of sortAt = min(createdAt, indexedAt)
  std::optional<Timestamp> oldest;
};

/// Reads searchPosts, getAuthorFeed, getTimeline and their like, getPostThread, getPosts and
/// listNotifications. Reposts in feeds are other people's posts of another time and are left out; an error
/// object is an error.
Result<PostPage> read_posts(JsonValue root, Timestamp now);

/// The post that a record of app.bsky.feed.post is, without what only an AppView knows (handle, counters).
/// `seen_at` is when a server saw it.
Result<Mention> read_record(JsonValue record, std::string_view uri, Timestamp seen_at, Timestamp now);

/// What an error body stands for: {"error":"ExpiredToken","message":"…"}; nothing when it is none.
std::optional<Error> error_in(JsonValue root, int status);

}  // namespace earshot::connectors::bluesky
