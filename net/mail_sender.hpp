#pragma once
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace earshot::net {

/// One mail and the server that takes it.
struct OutgoingMail {
  enum class Tls {
    starttls,  ///< the connection turns to TLS before anything is said
    implicit,  ///< TLS from the first byte
    none,      ///< to this machine only
  };
  std::string host;
  int port = 587;
  Tls tls = Tls::starttls;
  std::string user = {};  ///< empty: no login
  Secret secret = {};
  std::string from = {};  ///< envelope addresses, without names
  std::vector<std::string> to = {};
  std::string message = {};  ///< whole, with CRLF line breaks
};

/// Hands mails to an SMTP server, which then has them for good. Lives on the io executor. `unauthorized` when
/// the login is refused, `bad_request` when the server will not have this mail (5xx), else as an HttpClient.
class MailSender {
 public:
  virtual ~MailSender() = default;
  virtual async::Awaitable<Status> send(OutgoingMail mail) = 0;
};

}  // namespace earshot::net
