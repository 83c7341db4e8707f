#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/mention.hpp"

/// Mails as mentions, from a mailbox or a file.
namespace earshot::connectors::mail {

struct MailOptions {
  std::string platform = "email";
  Timestamp now = {};
  std::optional<Timestamp> received_at = {};  ///< when the server got it, where it says so
  bool lists = false;                         ///< mails of mailing lists are wanted, too
};

/// A mail that a person wrote, or why it is none: "auto_reply", "bounce", "bulk", "empty".
struct MailReading {
  std::optional<Mention> mention = {};
  std::string_view dropped = {};
};

/// Reads one mail. The first of a thread is a ticket, an answer a message. `malformed` when it is no mail.
Result<MailReading> read_mail(std::string_view bytes, const MailOptions& options);

}  // namespace earshot::connectors::mail
