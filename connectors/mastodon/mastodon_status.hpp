#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json_fields.hpp"
#include "core/model/page.hpp"

/// The statuses of the Mastodon API and its relatives (Pleroma, Akkoma, GoToSocial, Misskey forks, snac, Pixelfed).
namespace earshot::connectors::mastodon {

/// One page of statuses as read, with what paging needs. Ids are strings in the server's order.
struct StatusPage {
  Page page;
  std::vector<std::string> ids;  ///< of the timeline's items (a boost's own id, not the boosted post's), newest first
  std::map<std::string, std::string> uris;  ///< local id (scoped) → global URI, of the posts on this page
  std::optional<Timestamp> newest;  ///< latest creation time on the page
  std::optional<Timestamp> oldest;
};

/// Reads a timeline (an array), a search result ({"statuses": […]}), notifications, a single status or a context.
/// `host` completes handles of local accounts. An error object is `bad_request` with the server's words.
Result<StatusPage> read_statuses(JsonValue root, std::string_view host, Timestamp now);

/// Negative, zero or positive as `a` is older than, equal to or newer than `b`: by length, then by digits, when both
/// are numbers; nothing when the order of such ids is not known.
std::optional<int> compare_ids(std::string_view a, std::string_view b);

}  // namespace earshot::connectors::mastodon
