#pragma once
#include "connectors/connector.hpp"
#include "connectors/declarative/page_reader.hpp"

namespace earshot::connectors::declarative {

/// A recorded reply read with a source's settings, and what was found where. Values of the request are taken
/// from its address.
Reading explain_recorded(const Platform& platform, const Variables& settings, std::string_view url,
                         std::string_view body, Timestamp now);

}  // namespace earshot::connectors::declarative
