#pragma once
#include "core/base/toml.hpp"
#include "insight/link_job.hpp"

namespace earshot::daemon {

/// A page that answers what people ask.
struct LinkConfig {
  std::string brand = {};  ///< empty: every brand
  insight::KnownPage page = {};
};

/// Reads one [[link]] table; mistakes go to the reader's list.
LinkConfig read_link(TomlReader& reader);

/// The pages of one brand, its own before those of every brand.
std::vector<insight::KnownPage> links_of(const std::vector<LinkConfig>& links, const std::string& brand);

}  // namespace earshot::daemon
