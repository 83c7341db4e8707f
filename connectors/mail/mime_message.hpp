#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace earshot::connectors::mail {

/// A mail as its reader sees it: headers decoded, text in UTF-8, attachments left out.
struct MimeMessage {
  std::string message_id;  ///< without <>; empty: none
  std::string subject;
  std::string from_name, from_address;  ///< the first of them
  std::optional<Timestamp> date;
  std::vector<std::string> in_reply_to, references;
  std::string text;     ///< of text/plain parts
  std::string html;     ///< of text/html parts, where there is no plain text
  bool report = false;  ///< multipart/report: a bounce or receipt
  /// As they stand; empty when absent.
  std::string auto_submitted, precedence, return_path, list_id, list_unsubscribe, auto_reply;
};

/// Reads a mail. Whatever the bytes are, it comes to an end and takes memory in proportion to them; what is
/// cut off is read as far as it goes. `malformed` when there is no header at all.
Result<MimeMessage> parse_mime(std::string_view bytes);

}  // namespace earshot::connectors::mail
