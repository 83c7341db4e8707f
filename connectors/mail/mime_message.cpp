#include "connectors/mail/mime_message.hpp"

#include "core/base/gmime_handle.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors::mail {
namespace {

using namespace gmime;

constexpr int depth_max = 16;
constexpr int parts_max = 200;
constexpr std::size_t text_bytes_max = 512 << 10;
constexpr int references_max = 100;

std::string safe(const char* text) { return text == nullptr ? std::string() : utf8::sanitise(text); }

std::string header(GMimeMessage* message, const char* name) {
  return std::string(trim(safe(g_mime_object_get_header(GMIME_OBJECT(message), name))));
}

std::vector<std::string> ids_in(const std::string& text) {
  std::vector<std::string> out;
  if (text.empty()) return out;
  const References parsed(g_mime_references_parse(nullptr, text.c_str()));
  const int count = std::min(g_mime_references_length(parsed.get()), references_max);
  for (int i = 0; i < count; ++i) {
    auto id = safe(g_mime_references_get_message_id(parsed.get(), i));
    if (!id.empty()) out.push_back(std::move(id));
  }
  return out;
}

/// Collects what a person would read, from the parts in their order.
class Body {
 public:
  explicit Body(MimeMessage& out) : out_(out) {}

  void take(GMimeObject* part, int depth) {
    if (part == nullptr || depth > depth_max || ++parts_ > parts_max) return;
    if (GMIME_IS_MULTIPART(part)) {
      auto* multipart = GMIME_MULTIPART(part);
      const int count = g_mime_multipart_get_count(multipart);
      for (int i = 0; i < count && parts_ <= parts_max; ++i)
        take(g_mime_multipart_get_part(multipart, i), depth + 1);
      return;
    }
    // A mail within the mail is somebody else's words.
    if (!GMIME_IS_TEXT_PART(part) || g_mime_part_is_attachment(GMIME_PART(part))) return;
    auto* type = g_mime_object_get_content_type(part);
    const bool plain = g_mime_content_type_is_type(type, "text", "plain");
    const bool html = g_mime_content_type_is_type(type, "text", "html");
    if (!plain && !html) return;
    const OwnedText text(g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
    auto& into = plain ? out_.text : out_.html;
    if (text == nullptr || into.size() >= text_bytes_max) return;
    if (!into.empty()) into += '\n';
    into += utf8::sanitise(utf8::truncate(text.get(), text_bytes_max - into.size()));
  }

 private:
  MimeMessage& out_;
  int parts_ = 0;
};

void read_sender(GMimeMessage* message, MimeMessage& out) {
  auto* list = g_mime_message_get_from(message);
  if (list == nullptr || internet_address_list_length(list) == 0) return;
  auto* first = internet_address_list_get_address(list, 0);
  out.from_name = safe(internet_address_get_name(first));
  if (INTERNET_ADDRESS_IS_MAILBOX(first))
    out.from_address = safe(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)));
}

}  // namespace

Result<MimeMessage> parse_mime(std::string_view bytes) {
  static const bool initialised = (g_mime_init(), true);
  static_cast<void>(initialised);
  const Object<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Object<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Object<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (message == nullptr ||
      g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message.get()))) == 0)
    return unexpected(ErrorKind::malformed, "it has no headers, so it is no mail");
  MimeMessage out;
  auto* mail = message.get();
  out.message_id = safe(g_mime_message_get_message_id(mail));
  out.subject = safe(g_mime_message_get_subject(mail));
  read_sender(mail, out);
  out.date = parse_time(header(mail, "Date"));
  out.in_reply_to = ids_in(header(mail, "In-Reply-To"));
  out.references = ids_in(header(mail, "References"));
  out.auto_submitted = header(mail, "Auto-Submitted");
  out.precedence = header(mail, "Precedence");
  out.return_path = header(mail, "Return-Path");
  out.list_id = header(mail, "List-Id");
  out.list_unsubscribe = header(mail, "List-Unsubscribe");
  for (const auto* name : {"X-Autoreply", "X-Autorespond", "X-Auto-Reply"})
    if (out.auto_reply.empty()) out.auto_reply = header(mail, name);
  auto* content = g_mime_message_get_mime_part(mail);
  if (content != nullptr) {
    auto* type = g_mime_object_get_content_type(content);
    out.report = g_mime_content_type_is_type(type, "multipart", "report");
  }
  Body(out).take(content, 0);
  return out;
}

}  // namespace earshot::connectors::mail
