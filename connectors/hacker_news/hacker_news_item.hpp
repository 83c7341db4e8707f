#pragma once
#include <optional>
#include <string_view>

#include "connectors/json_fields.hpp"
#include "core/model/page.hpp"

/// Stories and comments of Hacker News, from the Algolia search and from the official (Firebase) API.
namespace earshot::connectors::hacker_news {

struct HitPage {
  Page page;
  std::size_t hits = 0;
  std::int64_t total = 0;      ///< hits the search knows of
  std::int64_t page_size = 0;  ///< as the server granted it
  std::optional<std::int64_t> newest;  ///< created_at_i
  std::optional<std::int64_t> oldest;
};

/// A search_by_date reply.
Result<HitPage> read_hits(JsonValue root, Timestamp now);

/// One item of the official API. Deleted and dead ones become tombstones; jobs, polls' options and null are nothing.
std::optional<Result<Mention>> read_item(JsonValue item, Timestamp now);

}  // namespace earshot::connectors::hacker_news
