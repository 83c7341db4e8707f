#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "core/base/toml.hpp"
#include "delivery/routing.hpp"
#include "delivery/sink.hpp"

namespace earshot::daemon {

/// One [[destination]].
struct DestinationConfig {
  std::string name = {};
  std::string kind = {};
  bool enabled = true;
  std::chrono::milliseconds backlog = std::chrono::hours(24);  ///< how far back a new destination begins
  std::chrono::milliseconds give_up_after = std::chrono::hours(7 * 24);
  std::chrono::milliseconds interval = std::chrono::seconds(1);  ///< at least so long between two messages
  delivery::SinkPlan plan = {};
  std::string where = {};  ///< "file:line:column"
};

struct DeliveryConfig {
  std::vector<DestinationConfig> destinations = {};
  std::vector<delivery::Route> routes = {};
  std::vector<std::string> route_places = {};  ///< of each route
};

/// Read one [[destination]] and one [[route]]; mistakes go to the reader's list.
void read_destination(TomlReader& reader, DeliveryConfig& out);
void read_route(TomlReader& reader, DeliveryConfig& out);

/// What only the whole shows, one placed line per mistake: routes to nowhere, destinations without a route,
/// brands and issue types that are not there.
std::vector<std::string> check_delivery(const DeliveryConfig& config, const std::vector<std::string>& brands,
                                        const std::vector<std::string>& issues);

}  // namespace earshot::daemon
