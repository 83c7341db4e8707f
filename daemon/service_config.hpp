#pragma once
#include <string>
#include <vector>

#include "core/base/toml.hpp"
#include "insight/job.hpp"

namespace earshot::daemon {

/// One [[service]] table: when a brand's people are there, and how soon they mean to answer.
struct ServiceConfig {
  std::string brand = {};  ///< empty: every brand
  insight::ServiceTerms terms = {};
};

/// Mistakes go to the reader's list.
ServiceConfig read_service(TomlReader& reader);

/// Those of the brand itself before those of every brand; always open in UTC, without targets, where there
/// are none.
insight::ServiceTerms terms_of(const std::vector<ServiceConfig>& all, const std::string& brand);

}  // namespace earshot::daemon
