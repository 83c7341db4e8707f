#include "delivery/mail_message.hpp"

#include "core/base/gmime_handle.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot::delivery {
namespace {

using namespace gmime;

void initialise() {
  static const bool initialised = (g_mime_init(), true);
  static_cast<void>(initialised);
}

/// For headers: GMime encodes and folds, line breaks must not reach it.
std::string header_text(std::string_view text) { return squeeze_space(printable(utf8::sanitise(text))); }

void add_address(GMimeMessage* message, GMimeAddressType type, const MailAddress& address) {
  const auto name = header_text(address.name);
  g_mime_message_add_mailbox(message, type, name.empty() ? nullptr : name.c_str(),
                             header_text(address.address).c_str());
}

Object<GMimeTextPart> part_of(const char* subtype, const std::string& text) {
  Object<GMimeTextPart> part(g_mime_text_part_new_with_subtype(subtype));
  g_mime_text_part_set_charset(part.get(), "utf-8");
  g_mime_text_part_set_text(part.get(), utf8::sanitise(text).c_str());
  g_mime_part_set_content_encoding(GMIME_PART(part.get()), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  return part;
}

void set_header(GMimeMessage* message, const char* name, const std::string& value) {
  g_mime_object_set_header(GMIME_OBJECT(message), name, header_text(value).c_str(), nullptr);
}

}  // namespace

std::optional<MailAddress> parse_address(const std::string& text) {
  initialise();
  if (text.empty() || text != header_text(text)) return std::nullopt;
  const Object<InternetAddressList> list(internet_address_list_parse(nullptr, text.c_str()));
  if (!list || internet_address_list_length(list.get()) != 1) return std::nullopt;
  auto* first = internet_address_list_get_address(list.get(), 0);
  if (!INTERNET_ADDRESS_IS_MAILBOX(first)) return std::nullopt;
  const char* address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first));
  const char* name = internet_address_get_name(first);
  MailAddress out{.name = name == nullptr ? "" : name, .address = address == nullptr ? "" : address};
  const auto at = out.address.find('@');
  if (at == std::string::npos || at == 0 || at + 1 == out.address.size() ||
      !is_printable_ascii(out.address) || out.address.find_first_of(" <>,;\"@", at + 1) != std::string::npos)
    return std::nullopt;
  return out;
}

std::string write_mail(const MailMessage& mail) {
  initialise();
  const Object<GMimeMessage> message(g_mime_message_new(TRUE));
  add_address(message.get(), GMIME_ADDRESS_TYPE_FROM, mail.from);
  for (const auto& to : mail.to) add_address(message.get(), GMIME_ADDRESS_TYPE_TO, to);
  g_mime_message_set_subject(message.get(), header_text(mail.subject).c_str(), "utf-8");
  g_mime_message_set_message_id(message.get(), header_text(mail.id).c_str());
  const std::unique_ptr<GDateTime, FreeDate> date(g_date_time_new_from_unix_utc(to_ms(mail.date) / 1000));
  if (date) g_mime_message_set_date(message.get(), date.get());
  if (!mail.in_reply_to.empty()) {
    set_header(message.get(), "In-Reply-To", "<" + mail.in_reply_to + ">");
    set_header(message.get(), "References", "<" + mail.in_reply_to + ">");
  }
  set_header(message.get(), "Auto-Submitted", "auto-generated");  // holiday notices do not answer (RFC 3834)
  const Object<GMimeMultipart> both(g_mime_multipart_new_with_subtype("alternative"));
  const auto text = part_of("plain", mail.text), html = part_of("html", mail.html);
  g_mime_multipart_add(both.get(), GMIME_OBJECT(text.get()));
  g_mime_multipart_add(both.get(), GMIME_OBJECT(html.get()));
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(both.get()));
  const std::unique_ptr<GMimeFormatOptions, FreeOptions> options(g_mime_format_options_new());
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  const std::unique_ptr<char, FreeText> out(
      g_mime_object_to_string(GMIME_OBJECT(message.get()), options.get()));
  return out ? std::string(out.get()) : std::string();
}

}  // namespace earshot::delivery
