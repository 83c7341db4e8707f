#include "daemon/mentions_query.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "core/model/names.hpp"

namespace earshot::daemon {
namespace {

/// Name and value of what narrows the query, in one order for both spellings.
std::vector<std::pair<const char*, std::string>> parts_of(const MentionsQuery& query) {
  std::vector<std::pair<const char*, std::string>> out;
  for (const auto& [name, value] : {std::pair("brand", &query.brand), std::pair("polarity", &query.polarity),
                                    std::pair("issue", &query.issue), std::pair("intent", &query.intent),
                                    std::pair("source", &query.source), std::pair("lang", &query.lang),
                                    std::pair("product", &query.product)})
    if (!value->empty()) out.emplace_back(name, *value);
  if (query.since != Timestamp{}) out.emplace_back("since", format_rfc3339(query.since));
  if (query.until != Timestamp{}) out.emplace_back("until", format_rfc3339(query.until));
  return out;
}

}  // namespace

Status filter_issue(store::Reader& reader, const std::string& name, store::MentionFilter& filter) {
  if (name.empty()) return Done{};
  if (name == "none") {
    filter.no_issue = true;
    return Done{};
  }
  filter.issue = issue_type_from(name);
  if (filter.issue) return Done{};
  const auto names = reader.issue_names();
  if (!names) return unexpected(names.error());
  for (const auto& [bit, known] : *names)
    if (known == name) filter.issue = static_cast<IssueType>(bit);
  if (filter.issue) return Done{};
  return unexpected(ErrorKind::invalid, "there is no issue type '" + printable(name) + "'");
}

Status filter_product(store::Reader& reader, const std::string& name, store::MentionFilter& filter) {
  if (name.empty()) return Done{};
  const auto products = reader.product_names();
  if (!products) return unexpected(products.error());
  for (const auto& product : *products) {
    if (fold_case(product.name) != fold_case(name)) continue;
    if (filter.brand && *filter.brand != product.brand) continue;
    if (filter.product)
      return unexpected(ErrorKind::invalid,
                        "several brands have a product '" + printable(name) + "': say which brand is meant");
    filter.product = product.id;
  }
  if (filter.product) return Done{};
  return unexpected(ErrorKind::invalid,
                    "nothing that is stored names a product '" + printable(name) + "' of that brand");
}

std::string shell_word(const std::string& word) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-_.:/").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string target_of(const MentionsQuery& query) {
  std::string out =
      query.contact ? "/api/v1/mentions?counted=true&contact=true" : "/api/v1/mentions?counted=true";
  for (const auto& [name, value] : parts_of(query))
    out += std::string("&") + name + "=" + percent_encode(value);
  return out;
}

std::string command_of(const MentionsQuery& query) {
  std::string out = query.contact ? "earshot mentions --counted --contact" : "earshot mentions --counted";
  for (const auto& [name, value] : parts_of(query))
    out += std::string(" --") + name + " " + shell_word(value);
  return out;
}

}  // namespace earshot::daemon
