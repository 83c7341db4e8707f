#include "connectors/feed/web_page.hpp"

#include <algorithm>

#include "core/base/html_attribute.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::feed {
namespace {

constexpr std::size_t page_bytes_max = 64 << 10;
constexpr std::string_view feed_types[] = {"application/rss+xml", "application/atom+xml",
                                           "application/feed+json", "application/rdf+xml"};

}  // namespace

std::optional<std::string> feed_of_page(std::string_view html, const std::string& url) {
  html = html.substr(0, page_bytes_max);
  const auto lower = ascii_lower(html);
  for (std::size_t at = 0; (at = lower.find("<link", at)) != std::string::npos;) {
    at += 5;
    const auto end = lower.find('>', at);
    if (end == std::string::npos) break;
    const auto tag = html.substr(at, end - at);
    at = end;
    const auto relations = ascii_lower(html_attribute(tag, "rel"));
    const auto type = ascii_lower(trim(html_attribute(tag, "type")));
    const auto href = html_attribute(tag, "href");
    const bool feed = std::ranges::find(feed_types, type) != std::end(feed_types);
    if (feed && relations.find("alternate") != std::string::npos && !trim(href).empty())
      return resolve_url(url, trim(href));
  }
  return std::nullopt;
}

Error web_page_instead(std::string_view html, const std::string& url) {
  std::string message = "a web page came where a feed was expected";
  if (const auto feed = feed_of_page(html, url)) message += "; it names the feed " + printable(*feed);
  return {.kind = ErrorKind::unreachable, .message = std::move(message)};
}

}  // namespace earshot::connectors::feed
