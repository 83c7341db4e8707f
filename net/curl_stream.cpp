#include "net/curl_stream.hpp"

#include <fcntl.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/curl_stream_state.hpp"

namespace earshot::net {
namespace asio = boost::asio;
namespace {

using Descriptor = asio::posix::stream_descriptor;

async::Awaitable<Status> wait(std::shared_ptr<CurlStream::State> state, Descriptor::wait_type type,
                              CurlStream::Steady until) {
  const auto number = ++state->waits;
  state->deadline.expires_at(until);
  state->deadline.async_wait([state, number](boost::system::error_code failure) {
    boost::system::error_code ignored;
    if (!failure && state->waits == number && !state->closed) state->descriptor.cancel(ignored);
  });
  boost::system::error_code failure;
  co_await state->descriptor.async_wait(type, asio::redirect_error(asio::use_awaitable, failure));
  ++state->waits;
  state->deadline.cancel();
  if (state->closed) co_return unexpected(ErrorKind::cancelled, "shutting down");
  if (failure == asio::error::operation_aborted)
    co_return unexpected(ErrorKind::timed_out, "the server said nothing in time");
  if (failure) co_return unexpected(ErrorKind::unreachable, failure.message());
  co_return Done{};
}

}  // namespace

CurlStream::State::State(const async::Executor& executor, CURL* given, std::shared_ptr<void> keeper)
    : easy(given), owner(std::move(keeper)), descriptor(executor), deadline(executor) {
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd);
  const int copy = fd == CURL_SOCKET_BAD ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy >= 0)
    descriptor.assign(copy);
  else
    closed = true;
}

void CurlStream::State::close() {
  closed = true;
  boost::system::error_code ignored;
  descriptor.close(ignored);
  deadline.cancel();
  owner.reset();
}

CurlStream::CurlStream(std::shared_ptr<State> state) : state_(std::move(state)) {}
CurlStream::~CurlStream() { state_->close(); }

async::Awaitable<Result<std::size_t>> CurlStream::read(char* into, std::size_t size, Steady until) {
  const auto state = state_;
  for (;;) {
    if (state->closed) co_return unexpected(ErrorKind::cancelled, "shutting down");
    std::size_t got = 0;
    const auto code = curl_easy_recv(state->easy, into, size, &got);
    if (code == CURLE_OK) co_return got;
    if (code != CURLE_AGAIN) co_return unexpected(ErrorKind::unreachable, curl_easy_strerror(code));
    auto ready = co_await wait(state, Descriptor::wait_read, until);
    if (!ready) co_return unexpected(ready.error());
  }
}

async::Awaitable<Status> CurlStream::write(std::string_view bytes, Steady until) {
  const auto state = state_;
  while (!bytes.empty()) {
    if (state->closed) co_return unexpected(ErrorKind::cancelled, "shutting down");
    std::size_t sent = 0;
    const auto code = curl_easy_send(state->easy, bytes.data(), bytes.size(), &sent);
    if (code != CURLE_OK && code != CURLE_AGAIN)
      co_return unexpected(ErrorKind::unreachable, curl_easy_strerror(code));
    bytes.remove_prefix(sent);
    if (code == CURLE_OK) continue;
    auto ready = co_await wait(state, Descriptor::wait_write, until);
    if (!ready) co_return unexpected(ready.error());
  }
  co_return Done{};
}

}  // namespace earshot::net
