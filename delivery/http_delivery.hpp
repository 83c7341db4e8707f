#pragma once
#include "delivery/sink.hpp"

/// What the sinks that speak HTTP share.
namespace earshot::delivery {

/// Sends and judges the answer: anything but 2xx is an error, with a little of what the receiver said.
async::Awaitable<Result<net::HttpReply>> send(const SinkServices& services, net::HttpRequest request);

/// A JSON body for this address.
net::HttpRequest json_request(std::string url, std::string body);

/// The secret of this name as an address to send to: chat systems give incoming webhooks as addresses that
/// whoever knows them may write to. `invalid` when it is none, or not https.
async::Awaitable<Result<std::string>> secret_url(const SinkServices& services, std::string credential);

/// Reads `credential`, the name of a secret.
std::string read_credential(TomlReader& reader, SinkPlan& plan, std::string_view key = "credential");
/// Reads an http(s) address; with `with_secret`, secrets go there, which need https or this machine.
std::string read_url(TomlReader& reader, std::string_view key, bool with_secret);

}  // namespace earshot::delivery
