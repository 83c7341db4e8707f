#pragma once
#include "daemon/config.hpp"
#include "net/curl_client.hpp"

namespace earshot::daemon {

/// What requests say of us: `user_agent`, or our own with `contact` in it.
net::ClientOptions client_options(const Config& config);

}  // namespace earshot::daemon
