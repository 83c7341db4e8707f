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
#include <map>

#include "core/base/log.hpp"
#include "core/base/text.hpp"

namespace earshot::api {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using local = asio::local::stream_protocol;
namespace {

using Parser = http::request_parser<http::string_body>;
using Reply = http::response<http::string_body>;

// Nothing but our own files runs or is loaded, nobody frames us, and nothing of a post can become a type of
// its own. Charts set their styles through the DOM, which this permits.
constexpr std::pair<const char*, const char*> security_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
     "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"}};

std::string field(const Parser& parser, http::field name) { return std::string(parser.get()[name]); }

Request request_of(const Parser& parser) {
  const auto& message = parser.get();
  Request out{.method = std::string(message.method_string())};
  if (out.method == "HEAD") out.method = "GET";
  const std::string_view target(message.target().data(), message.target().size());
  const auto mark = target.find('?');
  out.path = percent_decode(target.substr(0, mark));
  if (mark != std::string_view::npos) out.query = parse_query(target.substr(mark + 1));
  out.host = field(parser, http::field::host);
  out.origin = field(parser, http::field::origin);
  out.fetch_site = std::string(message["Sec-Fetch-Site"]);
  out.content_type = field(parser, http::field::content_type);
  out.authorization = field(parser, http::field::authorization);
  out.cookie = field(parser, http::field::cookie);
  out.if_none_match = field(parser, http::field::if_none_match);
  out.accept_encoding = field(parser, http::field::accept_encoding);
  if (out.path.starts_with("/hooks/"))
    for (const auto& header : message)
      out.headers.emplace_back(std::string(header.name_string()), std::string(header.value()));
  return out;
}

Reply reply_of(Response response, unsigned version) {
  Reply out(static_cast<http::status>(response.status), version);
  out.reason(std::string(reason_phrase(response.status)));
  for (const auto& [name, value] : response.headers) out.insert(name, value);
  // A route may bring a policy of its own; two of them would both hold.
  for (const auto& [name, value] : security_headers)
    if (out.find(name) == out.end()) out.insert(name, value);
  if (response.status != 304) out.set(http::field::content_type, response.content_type);
  if (out.find(http::field::cache_control) == out.end())
    out.set(http::field::cache_control,
            response.lasting ? "public, max-age=31536000, immutable" : "private, no-cache");
  out.body() = std::move(response.body);
  return out;
}

/// What a connection that cannot be understood is told before it ends.
Response complaint_of(error_code ec) {
  if (ec == http::error::body_limit) return problem(413, "the body is larger than 1 MB");
  if (ec == http::error::header_limit) return problem(431, "the request's head is larger than 16 KB");
  return problem(400, "this is no HTTP request");
}

bool is_http_mistake(error_code ec) {
  return ec.category() == make_error_code(http::error::bad_method).category() &&
         ec != http::error::end_of_stream && ec != http::error::partial_message;
}

}  // namespace

struct Server::State : std::enable_shared_from_this<State> {
  State(async::Executor where, Dispatch& whom, std::shared_ptr<EventHub> hub, ServerLimits given)
      : home(std::move(where)), dispatch(whom), events(std::move(hub)), limits(given) {}

  async::Executor home;
  Dispatch& dispatch;
  std::shared_ptr<EventHub> events;
  ServerLimits limits;
  std::list<tcp::acceptor> doors;
  std::list<local::acceptor> local_doors;
  std::vector<std::string> files;
  std::size_t connections = 0;
  std::map<std::string, std::size_t> strangers;
  /// Ends what waits for a next request; by connection.
  std::map<const void*, std::function<void()>> idlers;
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

  bool admit(const std::string& peer, bool stranger) {
    if (connections >= limits.connections_max) return false;
    if (stranger && strangers[peer] >= limits.stranger_connections_max) return false;
    if (stranger) ++strangers[peer];
    ++connections;
    return true;
  }
  void leave(const std::string& peer) {
    --connections;
    const auto found = strangers.find(peer);
    if (found != strangers.end() && --found->second == 0) strangers.erase(found);
  }
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
    const void* key = &stream;
    idlers[key] = [&stream] { stream.cancel(); };
    const auto space = buffer.prepare(1024);
    const auto bytes = co_await stream.async_read_some(space, asio::redirect_error(asio::use_awaitable, ec));
    idlers.erase(key);
    if (ec || stopping) co_return false;
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
  if (ec) {
    if (!is_http_mistake(ec)) co_return false;
    auto complaint = reply_of(complaint_of(ec), 11);
    complaint.keep_alive(false);
    complaint.prepare_payload();
    co_await write(stream, complaint, false);
    co_return false;
  }
  auto request = request_of(parser);
  request.body = std::move(parser.get().body());
  request.peer = peer;
  request.unix_socket = peer.empty();
  const bool head = parser.get().method() == http::verb::head;
  const bool keep = parser.get().keep_alive() && !stopping;
  const auto version = parser.get().version();
  stream.expires_never();
  auto response = co_await dispatch.answer(std::move(request));
  if (response.events && !head) {
    co_await stream_events(stream, version);
    co_return false;
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
  leave(peer);
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
    if (!admit(peer, stranger)) continue;
    beast::basic_stream<Protocol> stream(std::move(socket));
    asio::co_spawn(home, serve<Protocol>(self, std::move(stream), std::move(peer)),
                   [](std::exception_ptr failure) {
                     if (!failure) return;
                     try {
                       std::rethrow_exception(failure);
                     } catch (const std::exception& error) {
                       log::error("a connection failed", {{"error", error.what()}});
                     }
                   });
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

std::size_t Server::connections() const { return state_->connections; }

void Server::stop() {
  auto& s = *state_;
  if (std::exchange(s.stopping, true)) return;
  error_code ignored;
  for (auto& door : s.doors) door.close(ignored);
  for (auto& door : s.local_doors) door.close(ignored);
  for (const auto& file : s.files) ::unlink(file.c_str());
  s.events->close();
  for (const auto& [key, end] : std::exchange(s.idlers, {})) end();
}

}  // namespace earshot::api
