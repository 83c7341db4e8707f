#pragma once
#include <vector>

#include "connectors/declarative/platform.hpp"
#include "connectors/hydration.hpp"

namespace earshot::connectors::declarative {

/// What an answer to [hydrate] says of the mentions that it was asked for. A platform that is asked for one
/// at a time says by 404, 410 or 451 that it is gone; one that is asked for many leaves out who is.
Result<Hydrated> read_hydrated(const Platform& platform, const std::vector<KeptMention>& asked,
                               const Variables& variables, const net::HttpReply& reply, Timestamp now);

}  // namespace earshot::connectors::declarative
