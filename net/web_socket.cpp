#include "net/web_socket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "net/live_queue.hpp"

namespace earshot::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using boost::system::error_code;
namespace {

using PlainStream = websocket::stream<beast::tcp_stream>;
using TlsStream = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

/// What an end of the connection means to who listens.
Error error_of(error_code ec, const websocket::close_reason& reason) {
  // A server that closes the socket with its last word may keep us from answering it.
  if (ec == websocket::error::closed || reason.code != websocket::close_code::none) {
    std::string message = "the server closed the connection";
    if (reason.code != websocket::close_code::none) message += ", code " + std::to_string(reason.code);
    if (!reason.reason.empty())
      message += " (" + printable(std::string_view(reason.reason.data(), reason.reason.size())) + ")";
    return Error{.kind = ErrorKind::unreachable, .message = std::move(message)};
  }
  auto kind = ErrorKind::unreachable;
  if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
    kind = ErrorKind::too_large;
  else if (ec == beast::error::timeout)
    kind = ErrorKind::timed_out;
  else if (ec == asio::error::operation_aborted)
    kind = ErrorKind::cancelled;
  return Error{.kind = kind, .message = ec.message()};
}

/// One connection from the first look-up to its end. Its coroutine keeps it alive; closing the socket ends
/// it.
struct Session : std::enable_shared_from_this<Session> {
  Session(async::Executor where, asio::ssl::context& context, LiveRequest wanted, std::string agent)
      : executor(where),
        tls_context(context),
        request(std::move(wanted)),
        user_agent(std::move(agent)),
        queue(where, request.queue_bytes_max),
        opened(where),
        drained(where),
        silence(where) {}

  void fail(Error reason) {
    queue.end(std::move(reason));
    done_opening = true;
    opened.cancel();
    drained.cancel();
    silence.cancel();
    error_code ignored;
    if (tls) beast::get_lowest_layer(*tls).socket().close(ignored);
    if (plain) beast::get_lowest_layer(*plain).socket().close(ignored);
    if (resolver) resolver->cancel();
  }

  void settle(int status) {
    reply.status = status;
    done_opening = true;
    opened.cancel();
  }

  /// While a read is under way: a ping when half the time has passed in silence, the end when all has.
  void watch_silence() {
    silence.expires_after(request.silence_max / 2);
    silence.async_wait([self = shared_from_this()](error_code ec) {
      if (ec || self->queue.ended()) return;
      if (self->heard) {
        self->heard = false;
        self->pinged = false;
      } else if (self->pinged) {
        return self->fail(Error{.kind = ErrorKind::timed_out, .message = "nothing was heard any more"});
      }
      if (!self->pinged) self->ping();
      self->watch_silence();
    });
  }
  void ping() {
    pinged = true;
    const auto sent = [self = shared_from_this()](error_code) {};
    if (tls) tls->async_ping({}, sent);
    if (plain) plain->async_ping({}, sent);
  }

  async::Executor executor;
  asio::ssl::context& tls_context;
  LiveRequest request;
  std::string user_agent;
  HttpReply reply;
  LiveQueue queue;
  bool done_opening = false;
  bool heard = true;
  bool pinged = false;
  asio::steady_timer opened;   ///< waited for by who opens
  asio::steady_timer drained;  ///< waited for by the reading while the queue is full
  asio::steady_timer silence;
  std::unique_ptr<tcp::resolver> resolver;
  std::unique_ptr<PlainStream> plain;
  std::unique_ptr<TlsStream> tls;
};

using SessionPtr = std::shared_ptr<Session>;

async::Awaitable<Result<std::vector<tcp::endpoint>>> look_up(SessionPtr session, Url url,
                                                             const AddressGuard& guard) {
  auto host = url.host;
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  const std::string port = !url.port.empty() ? url.port : url.scheme == "https" ? "443" : "80";
  session->resolver = std::make_unique<tcp::resolver>(session->executor);
  error_code ec;
  const auto found =
      co_await session->resolver->async_resolve(host, port, asio::redirect_error(asio::use_awaitable, ec));
  if (session->queue.ended()) co_return unexpected(ErrorKind::cancelled, "shutting down");
  if (ec) co_return unexpected(ErrorKind::unreachable, "the host's name stands for nothing: " + ec.message());
  std::vector<tcp::endpoint> permitted;
  for (const auto& entry : found)
    if (guard.permits(entry.endpoint().data())) permitted.push_back(entry.endpoint());
  if (permitted.empty())
    co_return unexpected(ErrorKind::blocked,
                         "the host resolves to a private address; see net.allow in the configuration");
  co_return permitted;
}

/// The handshake, then message by message into the queue, until the connection or the session ends.
template <typename Stream>
async::Awaitable<void> converse(SessionPtr session, Stream& stream, Url url) {
  auto& lowest = beast::get_lowest_layer(stream);
  // Copies: the stream keeps the decorator, and the session keeps the stream.
  const auto decorate = [agent = session->user_agent,
                         headers = session->request.http.headers](websocket::request_type& head) {
    head.set(beast::http::field::user_agent, agent);
    for (const auto& [name, value] : headers.items()) head.set(name, value);
  };
  stream.set_option(websocket::stream_base::decorator(decorate));
  stream.read_message_max(session->request.message_bytes_max);
  stream.control_callback([weak = std::weak_ptr(session)](websocket::frame_type, beast::string_view) {
    if (const auto alive = weak.lock()) alive->heard = true;
  });
  const auto host = url.host + (url.port.empty() ? "" : ":" + url.port);
  const auto target = (url.path.empty() ? "/" : url.path) + (url.query ? "?" + *url.query : "");
  websocket::response_type response;
  error_code ec;
  co_await stream.async_handshake(response, host, target, asio::redirect_error(asio::use_awaitable, ec));
  for (const auto& field : response)
    session->reply.headers.add(
        ascii_lower(std::string_view(field.name_string().data(), field.name_string().size())),
        std::string(field.value()));
  if (ec == websocket::error::upgrade_declined) {
    session->reply.body = response.body();
    session->reply.body.reserve(session->reply.body.size() + HttpReply::body_padding);
    session->settle(static_cast<int>(response.result_int()));
    session->fail(Error{.kind = ErrorKind::unreachable, .message = "not a stream"});
    co_return;
  }
  if (ec) co_return session->fail(error_of(ec, {}));
  lowest.expires_never();
  session->settle(static_cast<int>(response.result_int()));
  session->watch_silence();
  beast::flat_buffer buffer;
  while (!session->queue.ended()) {
    co_await stream.async_read(buffer, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) break;
    session->heard = true;
    session->queue.push(beast::buffers_to_string(buffer.data()));
    buffer.consume(buffer.size());
    if (!session->queue.full()) continue;
    // Nobody listens: what is in the socket stays there, and the silence is ours.
    session->silence.cancel();
    while (session->queue.full() && !session->queue.ended()) {
      session->drained.expires_at(std::chrono::steady_clock::time_point::max());
      error_code ignored;
      co_await session->drained.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    session->heard = true;
    if (!session->queue.ended()) session->watch_silence();
  }
  session->fail(error_of(ec, stream.reason()));
}

async::Awaitable<void> run(SessionPtr session, Url url, const AddressGuard& guard) {
  auto endpoints = co_await look_up(session, url, guard);
  if (!endpoints) co_return session->fail(endpoints.error());
  error_code ec;
  if (url.scheme == "http") {
    session->plain = std::make_unique<PlainStream>(session->executor);
    auto& lowest = beast::get_lowest_layer(*session->plain);
    lowest.expires_after(session->request.connect_timeout);
    co_await lowest.async_connect(*endpoints, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return session->fail(error_of(ec, {}));
    co_await converse(session, *session->plain, url);
    co_return;
  }
  session->tls = std::make_unique<TlsStream>(session->executor, session->tls_context);
  auto& lowest = beast::get_lowest_layer(*session->tls);
  lowest.expires_after(session->request.connect_timeout);
  co_await lowest.async_connect(*endpoints, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return session->fail(error_of(ec, {}));
  auto& secure = session->tls->next_layer();
  SSL_set_tlsext_host_name(secure.native_handle(), url.host.c_str());
  secure.set_verify_callback(asio::ssl::host_name_verification(url.host));
  co_await secure.async_handshake(asio::ssl::stream_base::client,
                                  asio::redirect_error(asio::use_awaitable, ec));
  if (ec)
    co_return session->fail(
        Error{.kind = ec == beast::error::timeout ? ErrorKind::timed_out : ErrorKind::unreachable,
              .message = "no secure connection: " + ec.message()});
  co_await converse(session, *session->tls, url);
}

class WebSocketConnection final : public LiveConnection {
 public:
  explicit WebSocketConnection(SessionPtr session) : session_(std::move(session)) {}
  ~WebSocketConnection() override {
    session_->fail(Error{.kind = ErrorKind::cancelled, .message = "the connection was given up"});
  }
  async::Awaitable<Result<std::vector<std::string>>> read(std::chrono::milliseconds wait) override {
    const auto session = session_;
    auto messages = co_await session->queue.take(wait);
    session->drained.cancel();
    co_return messages;
  }

 private:
  SessionPtr session_;
};

}  // namespace

struct WebSockets::State {
  explicit State(async::Executor where) : executor(where), context(asio::ssl::context::tls_client) {
    context.set_default_verify_paths();
    context.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  }
  async::Executor executor;
  asio::ssl::context context;
  std::vector<std::weak_ptr<Session>> sessions;
  bool stopping = false;
};

WebSockets::WebSockets(async::Executor executor) : state_(std::make_shared<State>(executor)) {}
WebSockets::~WebSockets() { stop(); }

void WebSockets::stop() {
  state_->stopping = true;
  for (auto& weak : state_->sessions)
    if (const auto session = weak.lock())
      session->fail(Error{.kind = ErrorKind::cancelled, .message = "shutting down"});
  state_->sessions.clear();
}

async::Awaitable<Result<LiveReply>> WebSockets::open(LiveRequest request, std::string user_agent,
                                                     const AddressGuard& guard) {
  if (state_->stopping) co_return unexpected(ErrorKind::cancelled, "shutting down");
  const auto url = parse_url(request.http.url);
  const auto limit = request.connect_timeout * 2;
  auto session =
      std::make_shared<Session>(state_->executor, state_->context, std::move(request), std::move(user_agent));
  std::erase_if(state_->sessions, [](const auto& weak) { return weak.expired(); });
  state_->sessions.push_back(session);
  session->opened.expires_after(limit);
  asio::co_spawn(state_->executor, run(session, *url, guard),
                 [session, keep = state_](std::exception_ptr failure) {
                   if (failure)
                     session->fail(Error{.kind = ErrorKind::internal, .message = "the reading failed"});
                 });
  error_code cancelled;
  co_await session->opened.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (!session->done_opening)
    session->fail(Error{.kind = ErrorKind::timed_out, .message = "no answer in time"});
  if (session->reply.status == 0) {
    auto nothing = co_await session->queue.take(std::chrono::milliseconds(0));
    co_return unexpected(nothing.error());
  }
  LiveReply out;
  out.reply = session->reply;
  out.reply.url = session->request.http.url;
  if (out.reply.status == 101) out.connection = std::make_unique<WebSocketConnection>(session);
  co_return out;
}

}  // namespace earshot::net
