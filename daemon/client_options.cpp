#include "daemon/client_options.hpp"

namespace earshot::daemon {

net::ClientOptions client_options(const Config& config) {
  net::ClientOptions options;
  options.user_agent = config.user_agent.empty() ? "earshot/0.1 (social listening" : config.user_agent;
  if (config.user_agent.empty())
    options.user_agent += config.contact.empty() ? ")" : "; +" + config.contact + ")";
  return options;
}

}  // namespace earshot::daemon
