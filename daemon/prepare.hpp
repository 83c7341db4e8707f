#pragma once
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/config.hpp"
#include "daemon/pipeline.hpp"
#include "net/address_guard.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

struct PreparedSource {
  SourceConfig config;
  std::unique_ptr<connectors::Connector> connector;
  std::vector<BrandId> brands;
  std::optional<BrandId> about;
};

/// A configuration turned into working objects: everything that can be wrong with it has been found by now.
struct Prepared {
  std::vector<Brand> brands;
  std::shared_ptr<const Pipeline> pipeline;
  std::vector<PreparedSource> sources;
  net::AddressGuard guard;
};

/// Compiles queries and lexicon and builds every enabled connector; no I/O but for files that sources name.
/// `ids` gives the brands' ids in the order of the configuration; when it is empty they are numbered from 1
/// (for checking). `key` makes pseudonyms of names; nothing: names are kept. Fails with `invalid`, one line
/// per mistake.
Result<Prepared> prepare(const Config& config, const std::vector<BrandId>& ids,
                         std::shared_ptr<const store::KeyedHash> key = nullptr);
/// … for a store, which is told the brands' names, and whether those of people are kept. On the store's
/// thread, or before there is one. Fails likewise, or like the store.
Result<Prepared> prepare(const Config& config, store::Store& store);

}  // namespace earshot::daemon
