// E-mail, by any SMTP server. Mails of one thread follow each other in the reader's mail program, and a
// repeat has the Message-ID of the first.
#include "core/base/text.hpp"
#include "delivery/http_delivery.hpp"
#include "delivery/mail_message.hpp"
#include "delivery/message.hpp"

namespace earshot::delivery::email {
namespace {

using net::OutgoingMail;

struct Settings {
  std::string host;
  int port = 0;
  OutgoingMail::Tls tls = OutgoingMail::Tls::starttls;
  std::string user;
  std::string credential;
  MailAddress from;
  std::vector<MailAddress> to;
};

std::string html_page(const Message& message) {
  return "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n" + html_text(message) +
         "\n</body></html>\n";
}

MailMessage mail_of(const Item& item, const Settings& settings) {
  const auto message = compose(item);
  const auto domain = settings.from.address.substr(settings.from.address.find('@') + 1);
  return {.from = settings.from,
          .to = settings.to,
          .subject = message.headline,
          .id = item.id + "@" + domain,
          .in_reply_to = item.thread_external_id,
          .date = item.created_at,
          .text = message.page.text.empty() ? plain_text(message) : message.page.text,
          .html = message.page.html.empty() ? html_page(message) : message.page.html};
}

class Email final : public Sink {
 public:
  Email(Settings settings, SinkServices services) : settings_(std::move(settings)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    const auto mail = mail_of(item, settings_);
    OutgoingMail out;
    out.host = settings_.host;
    out.port = settings_.port;
    out.tls = settings_.tls;
    out.from = settings_.from.address;
    for (const auto& to : settings_.to) out.to.push_back(to.address);
    out.message = write_mail(mail);
    if (!settings_.user.empty()) {
      auto secret = co_await services_.secrets.secret(settings_.credential);
      if (!secret) co_return unexpected(secret.error());
      out.user = settings_.user;
      out.secret = std::move(*secret);
    }
    auto sent = co_await services_.mail.send(std::move(out));
    if (!sent) co_return unexpected(sent.error());
    co_return Receipt{.external_id = mail.id};
  }

 private:
  Settings settings_;
  SinkServices services_;
};

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 255 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]") ==
             std::string_view::npos;
}

SinkPlan read(TomlReader& reader) {
  SinkPlan plan;
  Settings settings;
  settings.host = reader.required_text("host");
  if (!settings.host.empty() && !is_host(settings.host))
    reader.mistake("host", "must be the name of a mail server");
  const auto tls = reader.word("tls", {"starttls", "implicit", "none"});
  settings.tls = tls == "none"       ? OutgoingMail::Tls::none
                 : tls == "implicit" ? OutgoingMail::Tls::implicit
                                     : OutgoingMail::Tls::starttls;
  const int usual = tls == "none" ? 25 : tls == "implicit" ? 465 : 587;
  settings.port = static_cast<int>(reader.integer("port", usual, 1, 65'535));
  settings.user = reader.text("user");
  settings.credential = read_credential(reader, plan);
  if (settings.user.empty() != settings.credential.empty())
    reader.mistake("user", "and `credential` (the name of its password) go together");
  if (const auto from = reader.required_text("from"); !from.empty()) {
    if (const auto address = parse_address(from))
      settings.from = *address;
    else
      reader.mistake("from", "must be an address such as \"Earshot <earshot@example.com>\"");
  }
  const auto to = reader.list("to");
  for (const auto& text : to) {
    if (const auto address = parse_address(text))
      settings.to.push_back(*address);
    else
      reader.mistake("to", "holds what is no address: " + quote_printable(text));
  }
  if (to.empty()) reader.mistake("to", "is missing: the addresses that get the mails");
  plan.make = [settings](const SinkServices& services) {
    return std::make_unique<Email>(settings, services);
  };
  return plan;
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{.name = "email", .summary = "e-mail, by any SMTP server", .read = read};

}  // namespace earshot::delivery::email
