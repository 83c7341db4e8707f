#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace earshot::net {

/// What to look for in which folder of whose mailbox.
struct MailboxRequest {
  enum class Login { password, xoauth2 };
  std::string host;
  int port = 993;
  bool tls = true;  ///< without it, only this machine is spoken to
  std::string user;
  Secret secret;  ///< a password, or an access token
  Login login = Login::password;
  std::string folder = "INBOX";
  std::uint32_t uid_validity = 0;  ///< of the last look; 0: the first one
  std::uint32_t after_uid = 0;
  std::optional<Timestamp> since = {};  ///< of the first look: mails from that day on
  std::size_t messages_max = 25;
  std::size_t message_bytes_max = 1 << 20;  ///< more of a mail is not asked for
};

struct FetchedMail {
  std::uint32_t uid = 0;
  std::optional<Timestamp> received_at = {};  ///< the server's INTERNALDATE
  std::string bytes;
};

struct MailboxReply {
  std::uint32_t uid_validity = 0;
  std::uint32_t last_uid = 0;  ///< up to here everything was looked at
  bool more = false;
  std::vector<FetchedMail> mails;
};

/// Reads mailboxes without changing them: no mail becomes seen. Lives on the io executor. `unauthorized` when
/// the server knows no such user or password, `cursor_invalid` when it has numbered its mails anew, `gone`
/// when there is no such folder.
class MailClient {
 public:
  virtual ~MailClient() = default;
  virtual async::Awaitable<Result<MailboxReply>> look(MailboxRequest request) = 0;
};

}  // namespace earshot::net
