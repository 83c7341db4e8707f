#pragma once
#include "net/address_guard.hpp"
#include "net/curl_pump.hpp"
#include "net/mail_client.hpp"

namespace earshot::net {

struct ImapLimits {
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds answer_timeout = std::chrono::seconds(30);  ///< to one command, without a byte
  std::chrono::milliseconds total_timeout = std::chrono::minutes(3);    ///< of one look
};

/// The MailClient of the daemon. One look is one connection: log in, open the folder read-only (EXAMINE), ask
/// for the numbers of what is new, and fetch some of it (BODY.PEEK[]) with a limit on each. Connections come
/// from libcurl, behind the address guard; without TLS the peer must be this machine.
class ImapClient final : public MailClient {
 public:
  ImapClient(async::Executor executor, AddressGuard guard, ImapLimits limits = {});
  async::Awaitable<Result<MailboxReply>> look(MailboxRequest request) override;
  /// Ends every look with `cancelled`.
  void stop() { pump_.stop(); }

 private:
  AddressGuard guard_;
  ImapLimits limits_;
  CurlPump pump_;
};

/// True for names and addresses of this machine.
bool is_this_machine(std::string_view host);

}  // namespace earshot::net
