#include "delivery/evidence.hpp"

#include <simdjson.h>

namespace earshot::delivery {

std::string text_of(const std::string& details, std::string_view key) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view text;
  if (parser.parse(details).get(root) != simdjson::SUCCESS || root[key].get(text) != simdjson::SUCCESS)
    return {};
  return std::string(text);
}

std::vector<Evidence> evidence_of(const std::string& details, std::string_view key) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::array list;
  if (parser.parse(details).get(root) != simdjson::SUCCESS || root[key].get(list) != simdjson::SUCCESS)
    return {};
  std::vector<Evidence> out;
  for (const simdjson::dom::element item : list) {
    Evidence evidence;
    for (const auto& [name, text] : {std::pair("text", &evidence.text), std::pair("source", &evidence.source),
                                     std::pair("url", &evidence.url), std::pair("mention", &evidence.mention),
                                     std::pair("at", &evidence.at), std::pair("author", &evidence.author)})
      if (std::string_view value; item[name].get(value) == simdjson::SUCCESS) *text = value;
    out.push_back(std::move(evidence));
  }
  return out;
}

}  // namespace earshot::delivery
