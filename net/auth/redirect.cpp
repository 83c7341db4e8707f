#include "net/auth/redirect.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "net/auth/digest.hpp"

namespace earshot::net::auth {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

constexpr std::size_t head_max = 16 << 10;
/// A browser that connects and says nothing must not keep the one that has something to say waiting.
constexpr std::chrono::seconds head_wait{5};

std::string_view header_of(std::string_view head, std::string_view name) {
  for (const auto line : split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && ascii_iequals(line.substr(0, colon), name))
      return trim(line.substr(colon + 1));
  }
  return {};
}

std::string value_of(const QueryPairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return {};
}

std::string page(const Redirect& redirect) {
  std::string status = "404 Not Found", text = "There is nothing here.";
  switch (redirect.kind) {
    case Redirect::Kind::granted:
      status = "200 OK";
      text = "Access was granted. You can close this window and go back to the terminal.";
      break;
    case Redirect::Kind::denied:
      status = "200 OK";
      text = "Access was not granted. You can close this window.";
      break;
    case Redirect::Kind::forged:
      status = "403 Forbidden";
      text = "This is not the answer to a question of ours. Nothing was changed.";
      break;
    case Redirect::Kind::other: break;
  }
  // The address holds the code: it must not go on to anybody in a Referer, nor stay in a cache.
  return "HTTP/1.1 " + status +
         "\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n"
         "Referrer-Policy: no-referrer\r\nConnection: close\r\nContent-Length: " +
         std::to_string(text.size()) + "\r\n\r\n" + text;
}

/// Closes whatever is being waited for when its time is over.
template <typename Closable>
void close_later(asio::steady_timer& timer, std::shared_ptr<Closable> target,
                 std::chrono::milliseconds time) {
  timer.expires_after(time);
  timer.async_wait([target](boost::system::error_code cancelled) {
    boost::system::error_code ignored;
    if (!cancelled) target->close(ignored);
  });
}

async::Awaitable<Redirect> answer(std::shared_ptr<tcp::socket> socket, std::string state, int port) {
  asio::steady_timer timer(socket->get_executor());
  close_later(timer, socket, head_wait);
  std::string head;
  boost::system::error_code failed;
  auto buffer = asio::dynamic_buffer(head, head_max);
  auto token = asio::redirect_error(asio::use_awaitable, failed);
  co_await asio::async_read_until(*socket, buffer, "\r\n\r\n", token);
  Redirect redirect;
  if (!failed) redirect = read_redirect(head, state, port);
  const auto text = page(redirect);
  auto bytes = asio::buffer(text);
  co_await asio::async_write(*socket, bytes, token);
  timer.cancel();
  boost::system::error_code ignored;
  socket->shutdown(tcp::socket::shutdown_both, ignored);
  co_return redirect;
}

}  // namespace

Redirect read_redirect(std::string_view head, std::string_view state, int port) {
  const auto line = head.substr(0, head.find("\r\n"));
  const auto words = split(line, ' ');
  if (words.size() != 3 || words[0] != "GET" || !words[2].starts_with("HTTP/1.")) return {};
  const auto question = words[1].find('?');
  if (words[1].substr(0, question) != "/callback") return {};
  const auto host = header_of(head, "Host");
  if (host != "127.0.0.1:" + std::to_string(port) && host != "localhost:" + std::to_string(port))
    return {.kind = Redirect::Kind::forged};
  if (question == std::string_view::npos) return {.kind = Redirect::Kind::forged};
  const auto pairs = parse_query(words[1].substr(question + 1));
  if (!equal_secrets(value_of(pairs, "state"), state)) return {.kind = Redirect::Kind::forged};
  auto code = value_of(pairs, "code");
  if (!value_of(pairs, "error").empty() || code.empty()) return {.kind = Redirect::Kind::denied};
  return {.kind = Redirect::Kind::granted, .code = std::move(code)};
}

Result<RedirectListener> RedirectListener::open(async::Executor executor, int port) {
  tcp::acceptor acceptor(executor);
  boost::system::error_code failed;
  const tcp::endpoint here(asio::ip::address_v4::loopback(), static_cast<unsigned short>(port));
  acceptor.open(tcp::v4(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(here, failed);
  if (!failed) acceptor.listen(16, failed);
  if (failed)
    return unexpected(ErrorKind::busy,
                      "cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + failed.message());
  const int bound = acceptor.local_endpoint().port();
  return RedirectListener(std::move(acceptor), bound);
}

async::Awaitable<Result<std::string>> RedirectListener::wait(std::string state,
                                                             std::chrono::milliseconds limit) {
  auto acceptor = std::make_shared<tcp::acceptor>(std::move(acceptor_));
  asio::steady_timer timer(acceptor->get_executor());
  close_later(timer, acceptor, limit);
  for (;;) {
    boost::system::error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    auto peer = co_await acceptor->async_accept(token);
    if (!acceptor->is_open())
      co_return unexpected(ErrorKind::timed_out, "nobody came back from the browser in time");
    if (failed) continue;
    auto socket = std::make_shared<tcp::socket>(std::move(peer));
    auto redirect = co_await answer(std::move(socket), state, port_);
    if (redirect.kind == Redirect::Kind::granted) co_return std::move(redirect.code);
    if (redirect.kind == Redirect::Kind::denied)
      co_return unexpected(ErrorKind::unauthorized, "access was denied in the browser");
  }
}

}  // namespace earshot::net::auth
