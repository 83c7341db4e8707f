#include "connectors/feed/feed_document.hpp"
#include "connectors/json_fields.hpp"
#include "core/base/html_text.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::feed {
namespace {

Person person_from(JsonValue value) {
  return {std::string(value["name"].text()), {}, std::string(value["url"].text())};
}

Person author_of(JsonValue value) {
  const auto authors = value["authors"];
  if (authors.is_array() && authors.size() > 0) return person_from(*authors.begin());
  return person_from(value["author"]);
}

}  // namespace

Result<Document> read_json_feed(std::string_view bytes, std::string_view url) {
  const auto json = parse_json(bytes);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  if (!root.is_object()) return unexpected(ErrorKind::malformed, "not a JSON Feed: an object was expected");
  if (!root["items"].is_array() && root["version"].text().find("jsonfeed") == std::string_view::npos)
    return unexpected(ErrorKind::malformed, "not a JSON Feed: no items");
  Document document;
  document.format = "json";
  document.title = squeeze_space(root["title"].text());
  document.link = resolve_url(url, root["home_page_url"].text());
  document.lang = root["language"].text();
  document.author = author_of(root);
  if (const auto next = root["next_url"].text(); !next.empty()) document.next_page = resolve_url(url, next);
  document.self = resolve_url(url, root["feed_url"].text());
  for (const auto hub : root["hubs"])
    if (document.hub.empty() && ascii_iequals(hub["type"].text(), "WebSub"))
      document.hub = resolve_url(url, hub["url"].text());
  std::size_t position = 0;
  for (const auto item : root["items"]) {
    if (!item.is_object()) {
      document.bad_entries.emplace_back(position++, "an item is not an object");
      continue;
    }
    ++position;
    Entry entry;
    entry.id = item["id"].id();
    entry.title = squeeze_space(item["title"].text());
    const auto link = item["url"].text().empty() ? item["external_url"].text() : item["url"].text();
    if (!link.empty()) entry.link = resolve_url(url, link);
    entry.content_is_html = !item["content_html"].text().empty();
    entry.content = entry.content_is_html ? item["content_html"].text() : item["content_text"].text();
    entry.summary = escape_html(item["summary"].text());
    entry.published = item["date_published"].time();
    entry.updated = item["date_modified"].time();
    entry.author = author_of(item);
    if (entry.author.name.empty() && entry.author.url.empty()) entry.author = document.author;
    entry.lang = item["language"].text().empty() ? document.lang : std::string(item["language"].text());
    for (const auto tag : item["tags"]) entry.categories.emplace_back(tag.text());
    for (const auto attachment : item["attachments"])
      if (entry.enclosures.size() < 16)
        entry.enclosures.push_back(resolve_url(url, attachment["url"].text()));
    document.entries.push_back(std::move(entry));
  }
  return document;
}

}  // namespace earshot::connectors::feed
