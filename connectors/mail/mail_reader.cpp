#include "connectors/mail/mail_reader.hpp"

#include <algorithm>

#include "connectors/mail/mime_message.hpp"
#include "connectors/mail/reply_text.hpp"
#include "connectors/normalise.hpp"
#include "core/base/hash.hpp"
#include "core/base/html_text.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors::mail {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return ascii_iequals(text, word); });
}

/// Why no person is waiting for an answer to this mail, or nothing.
std::string_view reason_to_drop(const MimeMessage& mail, bool lists) {
  const auto user = ascii_lower(mail.from_address.substr(0, mail.from_address.find('@')));
  if (mail.report || mail.return_path == "<>" || user == "mailer-daemon" || user == "postmaster")
    return "bounce";
  if (!mail.auto_submitted.empty() && !starts_with_icase(mail.auto_submitted, "no")) return "auto_reply";
  if (!mail.auto_reply.empty() && !ascii_iequals(mail.auto_reply, "no")) return "auto_reply";
  if (is_one_of(mail.precedence, {"auto_reply", "auto-reply"})) return "auto_reply";
  if (is_one_of(mail.precedence, {"junk"})) return "bulk";
  if (lists) return {};
  if (is_one_of(mail.precedence, {"bulk", "list"})) return "bulk";
  return mail.list_id.empty() && mail.list_unsubscribe.empty() ? std::string_view() : "bulk";
}

/// The sender's clock, which every copy of the mail carries; the server's where it is far off.
Timestamp written_at(const MimeMessage& mail, const MailOptions& options) {
  if (!mail.date) return options.received_at.value_or(options.now);
  if (!options.received_at) return *mail.date;
  const bool believable = *mail.date <= *options.received_at + std::chrono::hours(1) &&
                          *mail.date >= *options.received_at - std::chrono::hours(24 * 7);
  return believable ? *mail.date : *options.received_at;
}

/// A mail without an id has the same one wherever it is read again.
std::string made_id(const MimeMessage& mail, std::string_view text) {
  auto hash = hash64(mail.from_address, 1);
  for (const std::string_view part : {std::string_view(mail.subject), text}) hash = hash64(part, hash);
  if (mail.date) hash = hash64(std::to_string(to_ms(*mail.date)), hash);
  return "no-id:" + std::to_string(hash);
}

}  // namespace

Result<MailReading> read_mail(std::string_view bytes, const MailOptions& options) {
  const auto mail = parse_mime(bytes);
  if (!mail) return unexpected(mail.error());
  if (mail->from_address.empty() && mail->message_id.empty() && mail->subject.empty())
    return unexpected(ErrorKind::malformed,
                      "it has neither From nor Message-ID nor Subject, so it is no mail");
  MailReading out;
  out.dropped = reason_to_drop(*mail, options.lists);
  if (!out.dropped.empty()) return out;
  Mention mention;
  mention.platform = options.platform;
  mention.fetched_at = options.now;
  mention.created_at = written_at(*mail, options);
  mention.title = mail->subject;
  if (!trim(mail->text).empty()) {
    mention.text = own_words(mail->text);
  } else {
    auto read = html_to_text(before_quote(mail->html));
    if (trim(read.text).empty()) read = html_to_text(mail->html);
    mention.text = own_words(read.text);
    mention.links = std::move(read.links);
  }
  mention.native_id = mail->message_id.empty() ? made_id(*mail, mention.text) : mail->message_id;
  if (!mail->in_reply_to.empty())
    mention.in_reply_to = mail->in_reply_to.front();
  else if (!mail->references.empty())
    mention.in_reply_to = mail->references.back();
  mention.conversation = !mail->references.empty()     ? mail->references.front()
                         : mention.in_reply_to.empty() ? mention.native_id
                                                       : mention.in_reply_to;
  mention.kind = mention.in_reply_to.empty() ? MentionKind::ticket : MentionKind::message;
  mention.author.id = mention.author.handle = ascii_lower(mail->from_address);
  mention.author.name = mail->from_name;
  if (trim(mention.text).empty() && trim(mention.title).empty()) {
    out.dropped = "empty";
    return out;
  }
  auto normal = normalise(std::move(mention));
  if (!normal) return unexpected(normal.error());
  out.mention = std::move(*normal);
  return out;
}

}  // namespace earshot::connectors::mail
