#include "daemon/api/server.hpp"

#include <sys/stat.h>
#include <sys/un.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <list>

#include "core/base/log.hpp"
#include "daemon/api/watch.hpp"
#include "daemon/api/wire.hpp"

namespace earshot::api {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using wire::no_room;
using wire::Parser;
using wire::Reply;
using wire::reply_of;
using local = asio::local::stream_protocol;
namespace {

constexpr std::size_t refusals_max = 50;  ///< at once; who comes beyond them hears nothing
constexpr std::chrono::seconds refusal_time{1};

void told_of_failure(std::exception_ptr failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error("a connection failed", {{"error", error.what()}});
  }
}

}  // namespace

struct Server::State : std::enable_shared_from_this<State> {
  State(async::Executor where, Dispatch& whom, std::shared_ptr<EventHub> hub, ServerLimits given)
      : home(std::move(where)), dispatch(whom), events(std::move(hub)), limits(given), places(given) {}

  async::Executor home;
  Dispatch& dispatch;
  std::shared_ptr<EventHub> events;
  ServerLimits limits;
  std::list<tcp::acceptor> doors;
  std::list<local::acceptor> local_doors;
  std::vector<std::string> files;
  Places places;
  std::size_t refusals = 0;  ///< being told that there is no place
  bool stopping = false;

  template <typename Acceptor>
  async::Awaitable<void> accept(std::shared_ptr<State> self, Acceptor& door);
  template <typename Protocol>
  async::Awaitable<void> serve(std::shared_ptr<State> self, beast::basic_stream<Protocol> stream,
                               std::string peer);
  template <typename Stream>
  async::Awaitable<bool> one_request(Stream& stream, beast::flat_buffer& buffer, const std::string& peer);
  template <typename Stream>
  async::Awaitable<bool> write(Stream& stream, Reply& reply, bool head);
  template <typename Stream>
  async::Awaitable<void> stream_events(Stream& stream, unsigned version);
  template <typename Protocol>
  async::Awaitable<void> turn_away(std::shared_ptr<State> self, beast::basic_stream<Protocol> stream);
};

template <typename Stream>
async::Awaitable<bool> Server::State::write(Stream& stream, Reply& reply, bool head) {
  stream.expires_after(limits.answer);
  error_code ec;
  if (head) {
    http::response<http::empty_body> bare(std::move(reply.base()));
    http::response_serializer<http::empty_body> serializer(bare);
    co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, ec));
  } else {
    co_await http::async_write(stream, reply, asio::redirect_error(asio::use_awaitable, ec));
  }
  co_return !ec;
}

/// Sends events until the client has gone or we stop. One that does not take them in time has gone.
template <typename Stream>
async::Awaitable<void> Server::State::stream_events(Stream& stream, unsigned version) {
  auto reply = reply_of(Response{.content_type = "text/event-stream"}, version);
  reply.set(http::field::cache_control, "no-store");
  reply.keep_alive(false);
  EventHub::Listener listener(events, home);
  error_code ec;
  stream.expires_after(limits.answer);
  http::response<http::empty_body> head(std::move(reply.base()));
  http::response_serializer<http::empty_body> serializer(head);
  co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, ec));
  std::string text = "retry: 3000\n\n";
  while (!ec && !text.empty()) {
    stream.expires_after(limits.answer);
    co_await asio::async_write(stream, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
    if (ec) break;
    stream.expires_never();
    text = co_await listener.next();
  }
}

/// Reads one request and answers it; false when the connection is at its end.
template <typename Stream>
async::Awaitable<bool> Server::State::one_request(Stream& stream, beast::flat_buffer& buffer,
                                                  const std::string& peer) {
  Parser parser;
  parser.header_limit(limits.head_bytes_max);
  parser.body_limit(limits.body_bytes_max);
  error_code ec;
  if (buffer.size() == 0) {
    stream.expires_after(limits.idle);
    const auto mark = places.begin_idle({.peer = peer, .end = [&stream] { stream.cancel(); }});
    const auto space = buffer.prepare(1024);
    const auto bytes = co_await stream.async_read_some(space, asio::redirect_error(asio::use_awaitable, ec));
    const bool ended = !mark->end;
    places.end_idle(mark);
    if (ec || ended || stopping) co_return false;
    buffer.commit(bytes);
  }
  // One deadline for the whole of a request, so that one byte a second does not hold a place for ever.
  stream.expires_after(limits.request);
  co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
  if (!ec && parser.get()[http::field::expect] == "100-continue" && !parser.is_done()) {
    Reply go_on(http::status::continue_, parser.get().version());
    co_await http::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, ec));
  }
  if (!ec) {
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
  }
  if (ec && !wire::is_http_mistake(ec)) co_return false;
  auto mistake = ec ? std::optional(wire::complaint_of(ec)) : wire::mistake_of(parser);
  if (mistake) {
    auto complaint = reply_of(std::move(*mistake), 11);
    complaint.keep_alive(false);
    complaint.prepare_payload();
    co_await write(stream, complaint, false);
    co_return false;
  }
  auto request = wire::request_of(parser);
  request.body = std::move(parser.get().body());
  request.peer = peer;
  request.unix_socket = peer.empty();
  const bool head = parser.get().method() == http::verb::head;
  const bool keep = parser.get().keep_alive() && !stopping;
  const auto version = parser.get().version();
  stream.expires_never();
  Watch watch(stream);
  request.gone = watch.gone();
  auto response = co_await dispatch.answer(std::move(request));
  watch.end(stream);
  if (response.events && !head) {
    if (places.begin_stream()) {
      co_await stream_events(stream, version);
      places.end_stream();
      co_return false;
    }
    response = no_room("too many listen to events already; come again later");
  }
  auto reply = reply_of(std::move(response), version);
  reply.keep_alive(keep);
  reply.prepare_payload();
  const bool written = co_await write(stream, reply, head);
  co_return written&& keep;
}

template <typename Protocol>
async::Awaitable<void> Server::State::serve([[maybe_unused]] std::shared_ptr<State> self,
                                            beast::basic_stream<Protocol> stream, std::string peer) {
  {
    beast::flat_buffer buffer(limits.head_bytes_max + limits.body_bytes_max);
    bool more = true;
    while (more && !stopping) {
      more = co_await one_request(stream, buffer, peer);
      if (buffer.size() == 0) buffer.shrink_to_fit();
    }
  }
  error_code ignored;
  stream.socket().shutdown(Protocol::socket::shutdown_both, ignored);
  places.leave(peer);
}

/// Tells a client that there is no place, and waits for it to go: an answer is lost when the connection ends
/// while there is something to read.
template <typename Protocol>
async::Awaitable<void> Server::State::turn_away([[maybe_unused]] std::shared_ptr<State> self,
                                                beast::basic_stream<Protocol> stream) {
  auto reply = reply_of(no_room("too many connections; come again in a moment"), 11);
  reply.keep_alive(false);
  reply.prepare_payload();
  error_code ec;
  stream.expires_after(refusal_time);
  co_await http::async_write(stream, reply, asio::redirect_error(asio::use_awaitable, ec));
  stream.socket().shutdown(Protocol::socket::shutdown_send, ec);
  char rest[1024];
  while (!ec) {
    const auto space = asio::buffer(rest);
    co_await stream.async_read_some(space, asio::redirect_error(asio::use_awaitable, ec));
  }
  --refusals;
}

template <typename Acceptor>
async::Awaitable<void> Server::State::accept(std::shared_ptr<State> self, Acceptor& door) {
  using Protocol = typename Acceptor::protocol_type;
  asio::steady_timer pause(home);
  while (!stopping) {
    error_code ec;
    auto socket = co_await door.async_accept(asio::redirect_error(asio::use_awaitable, ec));
    if (stopping || ec == asio::error::operation_aborted) co_return;
    if (ec) {
      // Out of descriptors, most likely: those who are served go on, the rest waits in the backlog.
      log::warn("a connection could not be taken", {{"error", ec.message()}});
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
      continue;
    }
    std::string peer;
    bool stranger = false;
    if constexpr (std::is_same_v<Protocol, tcp>) {
      const auto end = socket.remote_endpoint(ec);
      if (ec) continue;
      peer = end.address().to_string();
      stranger = !end.address().is_loopback();
      socket.set_option(tcp::no_delay(true), ec);
    }
    const bool room = places.take(peer, stranger);
    if (!room && refusals >= refusals_max) continue;
    beast::basic_stream<Protocol> stream(std::move(socket));
    if (room) {
      asio::co_spawn(home, serve<Protocol>(self, std::move(stream), std::move(peer)), told_of_failure);
    } else {
      ++refusals;
      asio::co_spawn(home, turn_away<Protocol>(self, std::move(stream)), told_of_failure);
    }
  }
}

Server::Server(async::Executor home, Dispatch& dispatch, std::shared_ptr<EventHub> events,
               ServerLimits limits)
    : state_(std::make_shared<State>(std::move(home), dispatch, std::move(events), limits)) {}

Server::~Server() { stop(); }

namespace {

Status opened(error_code ec, const std::string& where) {
  if (!ec) return Done{};
  const bool taken = ec == asio::error::address_in_use;
  return unexpected(taken ? ErrorKind::busy : ErrorKind::forbidden,
                    "cannot listen on " + where + ": " + ec.message() +
                        (taken ? "; choose another [http] listen, or \"off\"" : ""));
}

}  // namespace

Status Server::listen(const daemon::HttpAddress& address) {
  error_code ec;
  const tcp::endpoint end(asio::ip::make_address(address.host, ec), address.port);
  tcp::acceptor door(state_->home);
  if (!ec) door.open(end.protocol(), ec);
  if (!ec) door.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) door.bind(end, ec);
  if (!ec) door.listen(1024, ec);
  if (auto status = opened(ec, address.host + ":" + std::to_string(address.port)); !status) return status;
  auto& kept = state_->doors.emplace_back(std::move(door));
  asio::co_spawn(state_->home, state_->accept(state_, kept), asio::detached);
  return Done{};
}

Status Server::listen_unix(const std::string& path) {
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    return unexpected(ErrorKind::invalid, "the path of [http] socket is longer than 107 bytes: " + path);
  error_code ec;
  const local::endpoint end(path);
  {
    // A file of a daemon that died is in the way; one of a daemon that lives must stay.
    local::socket probe(state_->home);
    probe.connect(end, ec);
    if (!ec) return opened(asio::error::address_in_use, path);
    if (ec == asio::error::connection_refused) ::unlink(path.c_str());
    ec = {};
  }
  local::acceptor door(state_->home);
  const auto mask = ::umask(0117);
  door.open(end.protocol(), ec);
  if (!ec) door.bind(end, ec);
  ::umask(mask);
  if (!ec) door.listen(1024, ec);
  if (auto status = opened(ec, path); !status) return status;
  state_->files.push_back(path);
  auto& kept = state_->local_doors.emplace_back(std::move(door));
  asio::co_spawn(state_->home, state_->accept(state_, kept), asio::detached);
  return Done{};
}

Status Server::adopt(int descriptor) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0)
    return unexpected(ErrorKind::invalid, "the socket passed to us is none");
  error_code ec;
  if (name.ss_family == AF_UNIX) {
    local::acceptor door(state_->home);
    door.assign(local(), descriptor, ec);
    if (ec) return opened(ec, "the socket passed to us");
    auto& kept = state_->local_doors.emplace_back(std::move(door));
    asio::co_spawn(state_->home, state_->accept(state_, kept), asio::detached);
    return Done{};
  }
  tcp::acceptor door(state_->home);
  door.assign(name.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, ec);
  if (ec) return opened(ec, "the socket passed to us");
  auto& kept = state_->doors.emplace_back(std::move(door));
  asio::co_spawn(state_->home, state_->accept(state_, kept), asio::detached);
  return Done{};
}

std::uint16_t Server::port() const {
  if (state_->doors.empty()) return 0;
  error_code ec;
  return state_->doors.front().local_endpoint(ec).port();
}

std::size_t Server::connections() const { return state_->places.taken(); }

void Server::stop() {
  auto& s = *state_;
  if (std::exchange(s.stopping, true)) return;
  error_code ignored;
  for (auto& door : s.doors) door.close(ignored);
  for (auto& door : s.local_doors) door.close(ignored);
  for (const auto& file : s.files) ::unlink(file.c_str());
  s.events->close();
  s.places.end_all_idle();
}

}  // namespace earshot::api
