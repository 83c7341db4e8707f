#include "net/curl_pump.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <unordered_map>

#include "net/curl_transfer.hpp"

namespace earshot::net {
namespace asio = boost::asio;
namespace {

using Outcome = Result<TransferReply>;
using Connected = std::shared_ptr<CurlStream::State>;

/// One of libcurl's sockets. libcurl owns and closes the descriptor; Asio only waits on it.
struct Socket {
  explicit Socket(const async::Executor& executor, int fd) : descriptor(executor, fd) {}
  ~Socket() { let_go(); }
  /// Before libcurl closes the descriptor: afterwards its number may belong to the next connection already,
  /// and taking it out of the reactor would leave that one without events.
  void let_go() {
    if (descriptor.is_open()) descriptor.release();
  }
  asio::posix::stream_descriptor descriptor;
  int wanted = 0;
  bool reading = false;
  bool writing = false;
};

}  // namespace

struct CurlPump::State : std::enable_shared_from_this<State> {
  State(async::Executor where, long host_connections_max)
      : executor(where), timer(where), multi(curl_multi_init()) {
    curl_multi_setopt(multi.get(), CURLMOPT_SOCKETFUNCTION, &State::on_socket);
    curl_multi_setopt(multi.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi.get(), CURLMOPT_TIMERFUNCTION, &State::on_timer);
    curl_multi_setopt(multi.get(), CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, host_connections_max);
  }
  ~State() { close(); }

  void close() {
    stopping = true;
    for (auto& [easy, transfer] : transfers) curl_multi_remove_handle(multi.get(), easy);
    auto ended = std::move(transfers);
    transfers.clear();
    timer.cancel();
    for (auto& [easy, transfer] : ended) transfer->done(unexpected(ErrorKind::cancelled, "shutting down"));
    ended.clear();
    // libcurl would look for their connections in what goes now.
    for (const auto& stream : streams)
      if (const auto open = stream.lock()) open->close();
    streams.clear();
    multi.reset();
    sockets.clear();
  }

  /// The transfer's handle, or nothing when it is over already.
  CURL* start(std::unique_ptr<CurlTransfer> transfer, const std::string& user_agent) {
    if (stopping) {
      transfer->done(unexpected(ErrorKind::cancelled, "shutting down"));
      return nullptr;
    }
    transfer->easy.reset(curl_easy_init());
    if (!transfer->easy) {
      transfer->done(unexpected(ErrorKind::internal, "libcurl gave no handle"));
      return nullptr;
    }
    set_options(*transfer, user_agent);
    CURL* easy = transfer->easy.get();
    transfers.emplace(easy, std::move(transfer));
    curl_multi_add_handle(multi.get(), easy);
    return easy;
  }

  /// Ends a live transfer that nobody wants any more.
  void drop(CURL* easy, const std::shared_ptr<CurlLive>& live) {
    const auto found = transfers.find(easy);
    // A handle that has gone may have left its address to another.
    if (found == transfers.end() || found->second->live != live) return;
    auto transfer = std::move(found->second);
    transfers.erase(found);
    curl_multi_remove_handle(multi.get(), easy);
  }

  /// The reader has caught up: what libcurl held back comes now, in this call.
  void resume(CURL* easy, const std::shared_ptr<CurlLive>& live) {
    const auto found = transfers.find(easy);
    if (!live->paused || found == transfers.end() || found->second->live != live) return;
    live->paused = false;
    live->heard = true;
    curl_easy_pause(easy, CURLPAUSE_CONT);
    act(CURL_SOCKET_TIMEOUT, 0);
  }

  void watch_silence(CURL* easy, const std::shared_ptr<CurlLive>& live) {
    live->silence.expires_after(live->silence_max);
    live->silence.async_wait([weak = weak_from_this(), easy, live](boost::system::error_code ec) {
      const auto pump = weak.lock();
      if (ec || !pump || live->queue.ended()) return;
      // While it is paused the silence is ours.
      if (live->heard || live->paused) {
        live->heard = false;
        return pump->watch_silence(easy, live);
      }
      pump->drop(easy, live);
      live->end(Error{.kind = ErrorKind::timed_out, .message = "nothing was heard any more"});
    });
  }

  void act(curl_socket_t fd, int mask) {
    if (stopping) return;
    int running = 0;
    curl_multi_socket_action(multi.get(), fd, mask, &running);
    collect();
  }

  void collect() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const auto found = transfers.find(message->easy_handle);
      auto transfer = std::move(found->second);
      transfers.erase(found);
      if (code == CURLE_OK && transfer->stream != nullptr) {
        open_stream(std::move(transfer));
        continue;
      }
      curl_multi_remove_handle(multi.get(), transfer->easy.get());
      finish(*transfer, code);
    }
  }

  /// The handle stays with libcurl's multi handle, which holds its connection.
  void open_stream(std::unique_ptr<CurlTransfer> transfer) {
    CURL* easy = transfer->easy.get();
    auto done = std::move(transfer->done);
    const auto keeps = std::move(transfer->keeps);
    auto& into = *std::exchange(transfer->stream, nullptr);
    into = std::make_shared<CurlStream::State>(executor, easy,
                                               std::shared_ptr<CurlTransfer>(std::move(transfer)));
    std::erase_if(streams, [](const auto& stream) { return stream.expired(); });
    streams.push_back(into);
    done(TransferReply{});
  }

  static void finish(CurlTransfer& transfer, CURLcode code) {
    auto& reply = transfer.out.reply;
    long status = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    const bool whole = code == CURLE_OK || (code == CURLE_WRITE_ERROR && transfer.cut);
    if (!whole || status == 0) return transfer.done(unexpected(error_of(code, transfer)));
    char* redirect = nullptr;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_REDIRECT_URL, &redirect);
    if (redirect) transfer.out.redirect_url = redirect;
    reply.url = transfer.request.url;
    reply.body.reserve(reply.body.size() + HttpReply::body_padding);
    transfer.done(std::move(transfer.out));
  }

  void arm(curl_socket_t fd, const std::shared_ptr<Socket>& socket) {
    using Wait = asio::posix::stream_descriptor;
    const auto wait = [&](Wait::wait_type type, bool Socket::*flag, int mask) {
      (*socket).*flag = true;
      socket->descriptor.async_wait(type, [self = weak_from_this(), weak = std::weak_ptr(socket), flag, fd,
                                           mask](boost::system::error_code ec) {
        const auto alive = weak.lock();
        const auto pump = self.lock();
        if (!alive || !pump) return;
        (*alive).*flag = false;
        if (ec) return;
        pump->act(fd, mask);
        const auto again = pump->sockets.find(fd);
        if (again != pump->sockets.end() && again->second == alive) pump->arm(fd, alive);
      });
    };
    if ((socket->wanted & CURL_POLL_IN) != 0 && !socket->reading)
      wait(Wait::wait_read, &Socket::reading, CURL_CSELECT_IN);
    if ((socket->wanted & CURL_POLL_OUT) != 0 && !socket->writing)
      wait(Wait::wait_write, &Socket::writing, CURL_CSELECT_OUT);
  }

  static int on_socket(CURL*, curl_socket_t fd, int what, void* user, void*) noexcept {
    auto& self = *static_cast<State*>(user);
    if (what == CURL_POLL_REMOVE) {
      // A handler on the stack may own the socket beyond this call.
      if (const auto found = self.sockets.find(fd); found != self.sockets.end()) {
        found->second->let_go();
        self.sockets.erase(found);
      }
      return 0;
    }
    auto& socket = self.sockets[fd];
    if (!socket) socket = std::make_shared<Socket>(self.executor, fd);
    socket->wanted = what;
    self.arm(fd, socket);
    return 0;
  }

  static int on_timer(CURLM*, long timeout_ms, void* user) noexcept {
    auto& self = *static_cast<State*>(user);
    self.timer.cancel();
    if (timeout_ms < 0) return 0;
    self.timer.expires_after(std::chrono::milliseconds(timeout_ms));
    self.timer.async_wait([weak = self.weak_from_this()](boost::system::error_code ec) {
      const auto pump = weak.lock();
      if (pump && !ec) pump->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }

  async::Executor executor;
  asio::steady_timer timer;
  bool stopping = false;
  MultiHandle multi;
  std::map<CURL*, std::unique_ptr<CurlTransfer>> transfers;
  std::unordered_map<curl_socket_t, std::shared_ptr<Socket>> sockets;
  std::vector<std::weak_ptr<CurlStream::State>> streams;
};

/// A live response in its reader's hands.
class CurlPump::Response final : public LiveConnection {
 public:
  Response(std::shared_ptr<State> state, CURL* easy, std::shared_ptr<CurlLive> live)
      : state_(std::move(state)), easy_(easy), live_(std::move(live)) {}
  ~Response() override { close(); }

  void close() {
    if (!live_->queue.ended()) state_->drop(easy_, live_);
    live_->end(Error{.kind = ErrorKind::cancelled, .message = "the connection was given up"});
  }

  async::Awaitable<Result<std::vector<std::string>>> read(std::chrono::milliseconds wait) override {
    const auto live = live_;
    const auto state = state_;
    auto pieces = co_await live->queue.take(wait);
    state->resume(easy_, live);
    co_return pieces;
  }

 private:
  std::shared_ptr<State> state_;
  CURL* easy_;
  std::shared_ptr<CurlLive> live_;
};

CurlPump::CurlPump(async::Executor executor, long host_connections_max) {
  static const bool initialised = curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK;
  static_cast<void>(initialised);
  state_ = std::make_shared<State>(executor, host_connections_max);
}

CurlPump::~CurlPump() { state_->close(); }

void CurlPump::stop() { state_->close(); }

namespace {

/// Starts a job and waits for its end.
template <typename State>
async::Awaitable<Outcome> run(std::shared_ptr<State> state, std::unique_ptr<CurlTransfer> job,
                              std::string user_agent) {
  auto initiate = [&](auto handler) {
    // std::function wants a copyable callable, Asio's handler is move-only: share it.
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    job->done = [shared, executor = state->executor](Outcome outcome) {
      auto packed = std::make_shared<Outcome>(std::move(outcome));
      const auto home = asio::get_associated_executor(*shared, executor);
      asio::post(home, [shared, packed] { std::move (*shared)(std::move(*packed)); });
    };
    state->start(std::move(job), user_agent);
  };
  auto outcome = co_await asio::async_initiate<decltype(asio::use_awaitable), void(Outcome)>(
      initiate, asio::use_awaitable);
  co_return outcome;
}

}  // namespace

async::Awaitable<Result<TransferReply>> CurlPump::transfer(HttpRequest request, TransferLimits limits,
                                                           std::string user_agent,
                                                           const AddressGuard& guard) {
  auto job = std::make_unique<CurlTransfer>();
  job->request = std::move(request);
  job->limits = limits;
  job->guard = &guard;
  auto outcome = co_await run(state_, std::move(job), std::move(user_agent));
  co_return outcome;
}

async::Awaitable<Result<TransferReply>> CurlPump::send_mail(OutgoingMail mail, TransferLimits limits,
                                                            const AddressGuard& guard) {
  auto job = std::make_unique<CurlTransfer>();
  job->mail = std::make_unique<CurlMail>();
  job->mail->mail = std::move(mail);
  job->limits = limits;
  job->guard = &guard;
  auto outcome = co_await run(state_, std::move(job), std::string());
  co_return outcome;
}

async::Awaitable<Result<LiveReply>> CurlPump::open(LiveRequest request, std::string user_agent,
                                                   const AddressGuard& guard) {
  const auto live = std::make_shared<CurlLive>(state_->executor, request);
  live->opened.expires_after(request.connect_timeout * 2);
  auto job = std::make_unique<CurlTransfer>();
  job->limits.connect_timeout = request.connect_timeout;
  job->limits.body_bytes_max = request.message_bytes_max;
  job->request = std::move(request.http);
  job->guard = &guard;
  job->live = live;
  const auto url = job->request.url;
  job->done = [live](Outcome outcome) {
    if (outcome) live->reply = std::move(outcome->reply);
    live->end(outcome ? Error{.kind = ErrorKind::unreachable, .message = "the server ended the stream"}
                      : outcome.error());
  };
  CURL* easy = state_->start(std::move(job), user_agent);
  if (easy) state_->watch_silence(easy, live);
  boost::system::error_code cancelled;
  if (!live->settled) {
    co_await live->opened.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (!live->settled) {
    state_->drop(easy, live);
    live->end(Error{.kind = ErrorKind::timed_out, .message = "no answer in time"});
  }
  LiveReply out;
  out.reply = live->reply;
  out.reply.url = url;
  out.reply.body.reserve(out.reply.body.size() + HttpReply::body_padding);
  if (live->streaming) {
    out.connection = std::make_unique<Response>(state_, easy, live);
    co_return out;
  }
  if (out.reply.status != 0) co_return out;
  auto nothing = co_await live->queue.take(std::chrono::milliseconds(0));
  co_return unexpected(nothing.error());
}

async::Awaitable<Result<std::unique_ptr<CurlStream>>> CurlPump::connect(std::string url,
                                                                        TransferLimits limits,
                                                                        const AddressGuard& guard) {
  auto job = std::make_unique<CurlTransfer>();
  job->request.url = std::move(url);
  job->limits = limits;
  job->limits.total_timeout = limits.connect_timeout;
  job->guard = &guard;
  auto connected = std::make_shared<Connected>();
  job->stream = connected.get();
  job->keeps = connected;
  auto outcome = co_await run(state_, std::move(job), std::string());
  if (!outcome) co_return unexpected(outcome.error());
  if (!*connected || (*connected)->closed) co_return unexpected(ErrorKind::cancelled, "shutting down");
  co_return std::make_unique<CurlStream>(std::move(*connected));
}

}  // namespace earshot::net
