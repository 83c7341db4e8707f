// Any bytes as a template, as the payload of a message and as a receiver's answer: what comes out is JSON
// where it must be, and nothing that was in the payload calls, links or ends anything.
#include "core/base/assert.hpp"
#include "delivery/escape.hpp"
#include "delivery/mail_message.hpp"
#include "delivery/message.hpp"
#include "delivery/template.hpp"
#include "fuzz/fuzz_input.hpp"
#include "net/auth/webhook_signature.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  using namespace earshot::delivery;
  const auto text = fuzz_text(data, size);
  const Item item{.id = "msg_1", .kind = "incident_opened", .payload = std::string(text)};
  const auto message = compose(item);
  EARSHOT_ASSERT(message.headline.size() <= 480 && message.headline.find('\n') == std::string::npos);
  EARSHOT_ASSERT(message.severity >= 0 && message.severity <= 10 && message.quotes.size() <= 5);
  for (const auto& quote : message.quotes)
    EARSHOT_ASSERT(quote.url.empty() || quote.url.starts_with("http://") ||
                   quote.url.starts_with("https://"));
  EARSHOT_ASSERT(html_text(message).find("<script") == std::string::npos);
  EARSHOT_ASSERT(markdown_text(message).find("@everyone") == std::string::npos);
  if (const auto parsed = Template::parse(text)) {
    const auto filled = parsed->fill(example_item({}), Template::Escape::json);
    static_cast<void>(is_json(filled));
  }
  const auto quoted = Template::parse(R"({"a":"{{title}}{{text}}{{html}}{{markdown}}"})");
  EARSHOT_ASSERT(quoted && is_json(quoted->fill(item, Template::Escape::json)));
  EARSHOT_ASSERT(json_value(text, "/id").size() <= 200);
  if (size < 4'000) {
    const auto mail = write_mail({.from = {.name = std::string(text), .address = "a@b.example"},
                                  .to = {{.name = {}, .address = "c@d.example"}},
                                  .subject = std::string(text),
                                  .id = "1@b.example",
                                  .text = std::string(text),
                                  .html = html_text(message)});
    const auto head = mail.substr(0, mail.find("\r\n\r\n"));
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
      const auto line = std::string_view(head).substr(at + 2);
      const bool known = line.starts_with(' ') || line.starts_with('\t') || line.starts_with("From:") ||
                         line.starts_with("To:") || line.starts_with("Subject:") ||
                         line.starts_with("Message-Id:") || line.starts_with("Date:") ||
                         line.starts_with("MIME-Version:") || line.starts_with("Auto-Submitted:") ||
                         line.starts_with("Content-Type:");
      EARSHOT_ASSERT(known);
    }
    static_cast<void>(parse_address(std::string(text)));
  }
  if (const auto key = net::auth::signing_key(Secret("whsec_" + std::string(text))))
    EARSHOT_ASSERT(net::auth::sign(*key, "a", {}, "b").starts_with("v1,"));
  return 0;
}
