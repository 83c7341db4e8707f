#pragma once
#include "connectors/connector.hpp"
#include "connectors/declarative/page_reader.hpp"

namespace earshot::connectors::declarative {

/// A recorded reply read with a source's settings, and what was found where. Values of the request are taken
/// from its address.
Reading explain_recorded(const Platform& platform, const Variables& settings, std::string_view url,
                         std::string_view body, Timestamp now);

/// One record that was kept as it was received. Which stream it came from is not known: those that can read
/// it all do, and the first that finds words is believed.
Result<Page> reread_record(const Platform& platform, const Variables& settings, std::string_view raw,
                           Timestamp fetched_at);

}  // namespace earshot::connectors::declarative
