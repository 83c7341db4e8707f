#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/config.hpp"

/// History older than a source's first run read, by the path of every page: the source's own connector, told
/// to begin earlier, on cursors of its own ("backfill/STREAM").
namespace earshot::daemon {

/// The source with settings that let a first run read everything since then. Whole days are read: a little
/// more than asked for.
SourceConfig reaching_back_to(SourceConfig source, const connectors::HistoryKeys& keys, Timestamp since,
                              Timestamp now);

/// What every brand is found by, as one number: history that was read for others must be read again.
std::uint64_t listening_for(const std::vector<Brand>& brands);

/// Reads history with the connector given, to its end or to `since`, whichever comes first. Its cursors hold
/// those of the connector, so that a backfill that was broken off goes on; one that reached as far back for
/// the same brands is done and asks for nothing.
std::unique_ptr<connectors::Connector> backfilling(std::unique_ptr<connectors::Connector> connector,
                                                   Timestamp since, std::uint64_t listening);

/// What reading one stream's history will take, from its first page.
struct StreamPlan {
  std::string stream;
  std::optional<std::int64_t> requests = {};  ///< nothing: unknown, see `why`
  std::int64_t posts = 0;                     ///< on the first page
  std::optional<Timestamp> reaches = {};      ///< how far back it will be read, where that is known
  std::string why = {};                       ///< what is unknown, or how it was reckoned
};

/// Reckons from a first page that holds so many requests' worth of posts, in any order: pages are as dense
/// throughout. `requests_max`: where a walk ends anyway.
StreamPlan plan_of(const std::string& stream, const Page& page, Timestamp since, Timestamp now,
                   std::int64_t requests_max);

}  // namespace earshot::daemon
