#pragma once
#include <string>
#include <vector>

#include "daemon/config.hpp"

namespace earshot::daemon {

/// A secret that the configuration names, and where it was found; never what it is.
struct SecretPlace {
  std::string credential = {}, kind = {}, secret = {};
  std::string where = {};  ///< or why it was not found
  bool found = false;
};

/// Every secret of every [[credential]], source and destination. Reads their files.
std::vector<SecretPlace> find_secrets(const Config& config);

}  // namespace earshot::daemon
