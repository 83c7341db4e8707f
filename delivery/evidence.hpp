#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace earshot::delivery {

/// One post behind a finding, as its `details` quote it.
struct Evidence {
  std::string text, source, url;
  std::string mention = {}, at = {}, author = {};  ///< id; RFC 3339; handle
};

/// The text `key` of a finding's details; empty when it is not there.
std::string text_of(const std::string& details, std::string_view key);

/// The array `key` of a finding's details (docs/insight.md); empty when it is not there or does not parse.
std::vector<Evidence> evidence_of(const std::string& details, std::string_view key);

}  // namespace earshot::delivery
