#include "daemon/link_config.hpp"

#include "core/base/url.hpp"

namespace earshot::daemon {

LinkConfig read_link(TomlReader& reader) {
  LinkConfig out{.brand = reader.text("brand")};
  const auto url = reader.required_text("url");
  out.page.url = canonical_url(url);
  if (!url.empty() && out.page.url.empty()) reader.mistake("url", "must begin with https:// or http://");
  out.page.title = reader.required_text("title");
  out.page.words = reader.list("words");
  return out;
}

std::vector<insight::KnownPage> links_of(const std::vector<LinkConfig>& links, const std::string& brand) {
  std::vector<insight::KnownPage> out;
  for (const auto& link : links)
    if (link.brand == brand) out.push_back(link.page);
  for (const auto& link : links)
    if (link.brand.empty()) out.push_back(link.page);
  return out;
}

}  // namespace earshot::daemon
