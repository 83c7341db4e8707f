#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

namespace earshot {

enum class MentionKind { post, comment, review, article, ticket, survey, message };

struct Author {
  std::string id =
      {};  ///< the platform's stable id (DID, account URI, user name where there is nothing better)
  std::string handle = {};  ///< as written after '@', with domain where the platform is federated
  std::string name = {};    ///< display name
  std::optional<std::int64_t> followers = std::nullopt;
  bool bot = false;

  bool operator==(const Author&) const = default;
};

/// Counters as last seen; absent where the platform does not say.
struct Engagement {
  std::optional<std::int64_t> likes = std::nullopt;
  std::optional<std::int64_t> reposts = std::nullopt;
  std::optional<std::int64_t> replies = std::nullopt;
  std::optional<std::int64_t> views = std::nullopt;

  bool operator==(const Engagement&) const = default;
};

/// One thing somebody said somewhere, in the platform-independent form of the interchange format.
/// (platform, native_id) is its identity. Text is UTF-8 plain text without markup.
struct Mention {
  std::string platform = {};   ///< "mastodon", "bluesky", "hacker_news", "feed", …
  std::string native_id = {};  ///< the platform's id; the global URI where posts are federated
  MentionKind kind = MentionKind::post;
  std::string text = {};
  std::string title = {};
  std::string url = {};   ///< canonical, without trackers
  std::string lang = {};  ///< BCP 47 primary tag as the platform claims it, else empty
  Author author = {};
  Timestamp created_at = {};
  std::optional<Timestamp> edited_at = std::nullopt;
  Timestamp fetched_at = {};
  std::string in_reply_to = {};                 ///< native id of the parent, where known
  std::string conversation = {};                ///< native id of the thread's root, where known
  std::optional<double> rating = std::nullopt;  ///< 1..5
  Engagement engagement = {};
  std::vector<std::string> tags = {};   ///< hashtags and categories, without '#'
  std::vector<std::string> links = {};  ///< canonical URLs in the text
  bool deleted = false;                 ///< a tombstone: only platform, native_id and times count
  std::string extra = {};               ///< JSON object of keys we do not know, or empty
  std::string raw = {};                 ///< the item as received, for re-parsing; may be empty

  bool operator==(const Mention&) const = default;
};

}  // namespace earshot
