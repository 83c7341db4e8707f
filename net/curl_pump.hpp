#pragma once
#include <functional>
#include <memory>
#include <string>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "net/address_guard.hpp"
#include "net/curl_stream.hpp"
#include "net/http_types.hpp"
#include "net/live_client.hpp"
#include "net/mail_sender.hpp"

namespace earshot::net {

struct TransferLimits {
  std::size_t body_bytes_max = 16 << 20;
  /// A longer body is not read to its end, and what was read of it counts: for replies whose status is what
  /// matters.
  bool cut_body = false;
  std::size_t header_bytes_max = 256 << 10;
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds total_timeout = std::chrono::seconds(60);
  /// A transfer slower than 100 bytes a second for this long is given up.
  std::chrono::seconds stall_timeout = std::chrono::seconds(15);
};

/// One transfer as libcurl reports it: status, headers, body and where it redirects to, if it does.
struct TransferReply {
  HttpReply reply;
  std::string redirect_url;
};

/// Drives libcurl's multi interface from one Asio executor with its socket and timer callbacks: no thread per
/// request. The only caller of curl_multi_*. Neither copied nor moved, since libcurl holds its address. Every
/// method runs on the executor; `stop` ends all transfers with `cancelled` and refuses new ones.
class CurlPump {
 public:
  /// At most so many connections to one host; zero: no bound.
  explicit CurlPump(async::Executor executor, long host_connections_max = 6);
  ~CurlPump();
  CurlPump(const CurlPump&) = delete;
  CurlPump& operator=(const CurlPump&) = delete;

  /// Sends one request without following redirects. `guard` must outlive the transfer.
  async::Awaitable<Result<TransferReply>> transfer(HttpRequest request, TransferLimits limits,
                                                   std::string user_agent, const AddressGuard& guard);
  /// Hands one mail to its server; the reply's status is the SMTP code. `guard` must outlive the transfer.
  async::Awaitable<Result<TransferReply>> send_mail(OutgoingMail mail, TransferLimits limits,
                                                    const AddressGuard& guard);
  /// Opens a response whose body is read as it arrives; an answer other than 2xx comes whole, without a
  /// connection. While the reader is behind, the transfer is paused. `guard` must outlive the opening.
  async::Awaitable<Result<LiveReply>> open(LiveRequest request, std::string user_agent,
                                           const AddressGuard& guard);
  /// Opens a connection and speaks nothing on it: by TLS to an https URL, plain to an http one.
  async::Awaitable<Result<std::unique_ptr<CurlStream>>> connect(std::string url, TransferLimits limits,
                                                                const AddressGuard& guard);
  void stop();

 private:
  struct State;
  class Response;
  std::shared_ptr<State> state_;
};

}  // namespace earshot::net
