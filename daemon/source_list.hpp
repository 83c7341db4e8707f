#pragma once
#include <vector>

#include "store/store.hpp"

namespace earshot::daemon {

/// Every source there ever was, with what its connector knows of it beyond the store's own columns. Fails
/// like the reader.
Result<std::vector<store::SourceStatus>> read_sources(store::Reader& reader);

}  // namespace earshot::daemon
