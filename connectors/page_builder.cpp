#include "connectors/page_builder.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors {

std::vector<std::string> brand_terms(const std::vector<Brand>& brands) {
  std::vector<std::string> terms;
  const auto add = [&](const std::string& term) {
    const auto known = std::ranges::any_of(terms, [&](const std::string& other) { return fold_case(other) == fold_case(term); });
    if (!trim(term).empty() && !known) terms.push_back(term);
  };
  for (const auto& brand : brands) {
    add(brand.name);
    for (const auto& alias : brand.aliases) add(alias);
    for (const auto& product : brand.products) add(product);
  }
  return terms;
}

std::string base_url(SettingsReader& reader, std::string_view key, std::string fallback) {
  auto text = reader.text(key, std::move(fallback));
  while (text.ends_with('/')) text.pop_back();
  const auto url = parse_url(text);
  if (!url || (url->scheme != "https" && url->scheme != "http") || url->query || url->fragment || !url->userinfo.empty())
    reader.mistake(key, "must be an address like `https://example.org`");
  return text;
}

}  // namespace earshot::connectors
