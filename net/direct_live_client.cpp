#include "net/direct_live_client.hpp"

#include "core/base/assert.hpp"
#include "core/base/url.hpp"

namespace earshot::net {

DirectLiveClient::DirectLiveClient(async::Executor executor, std::string user_agent, AddressGuard guard)
    : user_agent_(std::move(user_agent)),
      guard_(std::move(guard)),
      // Open streams are not requests that wait for each other.
      pump_(executor, 0),
      sockets_(executor) {}

void DirectLiveClient::stop() {
  pump_.stop();
  sockets_.stop();
}

async::Awaitable<Result<LiveReply>> DirectLiveClient::open(LiveRequest request) {
  EARSHOT_ASSERT(request.http.credential.empty());
  const auto url = parse_url(request.http.url);
  if (!url || (url->scheme != "http" && url->scheme != "https"))
    co_return unexpected(ErrorKind::bad_request, "not an http(s) URL");
  if (!guard_.permits_literal(url->host))
    co_return unexpected(ErrorKind::blocked,
                         url->host + " is a private address; see net.allow in the configuration");
  Result<LiveReply> opened;
  if (request.transport == LiveTransport::web_socket) {
    opened = co_await sockets_.open(std::move(request), user_agent_, guard_);
  } else {
    opened = co_await pump_.open(std::move(request), user_agent_, guard_);
  }
  if (!opened) {
    auto failure = opened.error();
    failure.message = url->origin() + ": " + failure.message;
    co_return unexpected(std::move(failure));
  }
  co_return opened;
}

}  // namespace earshot::net
