#include "connectors/fetch_json.hpp"

#include "net/classify.hpp"

namespace earshot::connectors {

async::Awaitable<Result<net::HttpReply>> fetch_json(net::HttpClient& http, const Clock& clock, net::HttpRequest request) {
  auto reply = co_await http.send(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  const auto failure = net::classify_json(*reply, clock.now());
  if (failure) co_return unexpected(*failure);
  co_return std::move(*reply);
}

net::HttpRequest json_request(std::string url, std::string credential) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.credential = std::move(credential);
  request.headers.add("Accept", "application/json");
  return request;
}

}  // namespace earshot::connectors
