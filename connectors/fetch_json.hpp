#pragma once
#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "net/http_client.hpp"

namespace earshot::connectors {

/// Sends a request and hands back the reply only when its body may be read as JSON; every other outcome is its error.
/// The client and clock must outlive the call.
async::Awaitable<Result<net::HttpReply>> fetch_json(net::HttpClient& http, const Clock& clock, net::HttpRequest request);

/// A GET request that asks for JSON.
net::HttpRequest json_request(std::string url, std::string credential = {});

}  // namespace earshot::connectors
