#pragma once
#include "net/address_guard.hpp"
#include "net/curl_pump.hpp"
#include "net/mail_sender.hpp"

namespace earshot::net {

/// The MailSender of the daemon: libcurl behind the address guard. Names and passwords go out by TLS only, or
/// to this machine; a server that does not offer TLS gets nothing.
class SmtpClient final : public MailSender {
 public:
  SmtpClient(async::Executor executor, AddressGuard guard, TransferLimits limits = {});
  async::Awaitable<Status> send(OutgoingMail mail) override;
  /// Ends every mail on its way with `cancelled`.
  void stop() { pump_.stop(); }

 private:
  AddressGuard guard_;
  TransferLimits limits_;
  CurlPump pump_;
};

}  // namespace earshot::net
