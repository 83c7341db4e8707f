// ntfy: push messages to telephones, by ntfy.sh or a server of one's own.
#include "core/base/json_writer.hpp"
#include "delivery/escape.hpp"
#include "delivery/http_delivery.hpp"
#include "delivery/message.hpp"
#include "delivery/template.hpp"

namespace earshot::delivery::ntfy {
namespace {

constexpr std::size_t text_bytes_max = 3'500;  // beyond 4096 bytes the server makes an attachment of it

struct Settings {
  std::string base;
  std::string topic;
  std::string credential;
};

/// 1 … 5, of which 3 is normal and 5 rings.
int priority_of(const Message& message) {
  if (message.kind == "incident_closed" || message.severity == 0) return 3;
  return message.severity >= 9 ? 5 : message.severity >= 6 ? 4 : 3;
}

std::string body_of(const Item& item, const std::string& topic) {
  const auto message = compose(item);
  JsonWriter out;
  out.begin_object().field("topic", topic).field("title", clip(message.headline, 250));
  out.field("message", clip(plain_text(message), text_bytes_max)).field("priority", priority_of(message));
  if (!message.quotes.empty() && !message.quotes.front().url.empty())
    out.field("click", message.quotes.front().url);
  out.end_object();
  return out.str();
}

class Ntfy final : public Sink {
 public:
  Ntfy(Settings settings, SinkServices services) : settings_(std::move(settings)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    auto request = json_request(settings_.base, body_of(item, settings_.topic));
    request.credential = settings_.credential;
    auto reply = co_await send(services_, std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return Receipt{.external_id = json_value(reply->body, "/id")};
  }

 private:
  Settings settings_;
  SinkServices services_;
};

SinkPlan read(TomlReader& reader) {
  SinkPlan plan;
  Settings settings;
  settings.credential = read_credential(reader, plan);
  settings.base = reader.find("base") == nullptr ? "https://ntfy.sh"
                                                 : read_url(reader, "base", !settings.credential.empty());
  settings.topic = reader.required_text("topic");
  if (settings.topic.size() > 64 ||
      settings.topic.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") !=
          std::string::npos)
    reader.mistake("topic", "must be letters, digits, '-' and '_', at most 64");
  plan.make = [settings](const SinkServices& services) { return std::make_unique<Ntfy>(settings, services); };
  return plan;
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{.name = "ntfy", .summary = "push messages, by ntfy.sh or your own server", .read = read};

}  // namespace earshot::delivery::ntfy
