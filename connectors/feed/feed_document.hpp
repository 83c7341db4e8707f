#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

/// What RSS, RDF, Atom, JSON Feed and CDF documents have in common. No identity rules and no plain-text
/// conversion of content here: that is the connector's.
namespace earshot::connectors::feed {

struct Person {
  std::string name;
  std::string email;
  std::string url;
};

struct Entry {
  std::string id;  ///< guid, atom:id, rdf:about, JSON id; empty when there is none
  bool id_is_link = false;
  std::string title;    ///< plain text
  std::string link;     ///< absolute where a base is known
  std::string content;  ///< HTML when `content_is_html`
  bool content_is_html = true;
  std::string summary;  ///< HTML
  Person author;
  std::optional<Timestamp> published;
  std::optional<Timestamp> updated;
  std::vector<std::string> categories;
  std::vector<std::string> enclosures;
  std::string in_reply_to;
  std::optional<std::int64_t> comments;
  std::string lang;
  std::string raw_dates;  ///< dates as written when none could be read
};

struct Document {
  std::string format;  ///< "rss", "rdf", "atom", "json", "cdf"
  std::string title;
  std::string link;
  std::string lang;
  Person author;
  std::string next_page;  ///< rel="next" or "prev-archive", absolute
  std::string hub;        ///< WebSub: rel="hub", absolute
  std::string self;       ///< rel="self", absolute: how the hub knows this feed
  std::optional<std::chrono::minutes> ttl;
  std::vector<Entry> entries;
  std::vector<std::pair<std::size_t, std::string>> bad_entries;  ///< position and reason
  bool well_formed = true;
};

/// Reads any of the formats; `url` is where the bytes came from and the base of relative links. A web page is
/// `unreachable` (a challenge or an error page in the feed's place), other bytes are `malformed`.
Result<Document> read_document(std::string_view bytes, std::string_view content_type, std::string_view url);

Result<Document> read_json_feed(std::string_view bytes, std::string_view url);

}  // namespace earshot::connectors::feed
