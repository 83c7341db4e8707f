#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/curl_handle.hpp"
#include "net/curl_pump.hpp"
#include "net/curl_stream_state.hpp"
#include "net/live_queue.hpp"

/// One easy handle: what it is told, and what it writes into. For net/curl_pump.cpp alone.
namespace earshot::net {

/// What a response that is read as it arrives shares with its reader.
struct CurlLive {
  CurlLive(const async::Executor& executor, const LiveRequest& request)
      : queue(executor, request.queue_bytes_max),
        silence_max(request.silence_max),
        opened(executor),
        silence(executor) {}

  void settle() {
    settled = true;
    opened.cancel();
  }
  void end(Error reason) {
    queue.end(std::move(reason));
    silence.cancel();
    settle();
  }

  LiveQueue queue;
  std::chrono::milliseconds silence_max;
  boost::asio::steady_timer opened;  ///< waited for by who opens
  boost::asio::steady_timer silence;
  HttpReply reply;
  bool streaming = false;  ///< a 2xx answer has begun
  bool settled = false;
  bool heard = true;
  bool paused = false;
};

/// A mail on its way out, and how much of it libcurl has taken.
struct CurlMail {
  OutgoingMail mail;
  HeaderList recipients;
  std::size_t taken = 0;
};

/// What one easy handle writes into; libcurl holds its address until the transfer is over.
struct CurlTransfer {
  EasyHandle easy;
  HeaderList header_list;
  HttpRequest request;
  TransferLimits limits;
  const AddressGuard* guard = nullptr;
  TransferReply out;
  std::size_t header_bytes = 0;
  std::optional<Error> refusal;
  bool cut = false;  ///< we have read enough of the body
  char message[CURL_ERROR_SIZE] = {};
  std::function<void(Result<TransferReply>)> done;
  std::shared_ptr<CurlLive> live;                        ///< nothing: the body is collected
  std::unique_ptr<CurlMail> mail;                        ///< nothing: it is HTTP
  std::shared_ptr<CurlStream::State>* stream = nullptr;  ///< of a bare connection: where it goes
  std::shared_ptr<void> keeps;                           ///< what `stream` points into
};

/// Tells the handle everything; libcurl then holds the transfer's address.
void set_options(CurlTransfer& transfer, const std::string& user_agent);

/// Why it failed: what we refused, else what libcurl says.
Error error_of(CURLcode code, const CurlTransfer& transfer);

}  // namespace earshot::net
