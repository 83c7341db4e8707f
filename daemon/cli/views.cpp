#include "daemon/cli/views.hpp"

#include <simdjson.h>

#include "core/model/names.hpp"

namespace earshot::cli {
namespace {

std::string issue_name(std::uint8_t bit) {
  return bit < issue_type_count ? std::string(to_string(static_cast<IssueType>(bit)))
                                : "own_" + std::to_string(bit);
}

template <typename Name>
std::string names_of(std::uint64_t mask, Name name) {
  std::string out;
  for (unsigned bit = 0; bit < 64; ++bit)
    if (mask >> bit & 1U) out += (out.empty() ? "" : ", ") + name(bit);
  return out;
}

}  // namespace

std::string issue_list(std::uint64_t mask) {
  return names_of(mask, [](unsigned bit) { return issue_name(static_cast<std::uint8_t>(bit)); });
}

std::string intent_list(std::uint32_t mask) {
  return names_of(mask, [](unsigned bit) { return std::string(to_string(static_cast<Intent>(bit))); });
}

std::vector<std::string> quotes_of(const store::IdeaRow& row) {
  std::vector<std::string> out;
  simdjson::dom::parser parser;
  simdjson::dom::array quotes;
  if (parser.parse(row.details)["quotes"].get(quotes) != simdjson::SUCCESS) return out;
  for (const auto quote : quotes) {
    std::string_view text;
    if (quote["text"].get(text) == simdjson::SUCCESS) out.emplace_back(text);
  }
  return out;
}

}  // namespace earshot::cli
