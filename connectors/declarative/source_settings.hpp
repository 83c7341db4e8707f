#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/declarative/walk.hpp"

namespace earshot::connectors::declarative {

/// A user's settings for one source, checked.
struct SourceSettings {
  std::string base;
  Variables variables;  ///< settings of one value, and base and host
  std::map<std::string, std::vector<std::string>> lists;
  std::string credential;
  net::CredentialForm form;
  WalkLimits limits;
  bool hydrate_paid = false;  ///< the user wants readings that are paid for
};

/// Line breaks and their like, which nothing may hold that goes into an address or a header.
bool has_controls(std::string_view text);

/// Adds `base` and `host` of an address without its trailing slash.
void set_base(Variables& variables, const std::string& base);

/// `invalid`, with every mistake on a line, when what the user wrote is not what the platform's file
/// declares.
Result<SourceSettings> read_settings(const Platform& platform, const ConnectorInput& input);

}  // namespace earshot::connectors::declarative
