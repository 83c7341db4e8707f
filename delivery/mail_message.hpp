#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"

namespace earshot::delivery {

struct MailAddress {
  std::string name = {};
  std::string address = {};
};

/// "Earshot <earshot@example.com>" or an address alone; nothing for anything else, several addresses
/// included.
std::optional<MailAddress> parse_address(const std::string& text);

struct MailMessage {
  MailAddress from = {};
  std::vector<MailAddress> to = {};
  std::string subject = {};
  std::string id = {};           ///< Message-ID without its brackets
  std::string in_reply_to = {};  ///< the same of the mail that this one follows; empty: none
  Timestamp date = {};
  std::string text = {};
  std::string html = {};
};

/// The whole mail (RFC 5322) with its two forms as multipart/alternative and CRLF line breaks, in ASCII.
/// Nothing in a subject or name can begin a header of its own.
std::string write_mail(const MailMessage& message);

}  // namespace earshot::delivery
