// A Matrix room. The transaction id is the item's, so that the server itself knows a repeat.
#include "core/base/json_writer.hpp"
#include "core/base/url.hpp"
#include "delivery/escape.hpp"
#include "delivery/http_delivery.hpp"
#include "delivery/message.hpp"
#include "delivery/template.hpp"

namespace earshot::delivery::matrix {
namespace {

constexpr std::size_t text_bytes_max = 25'000;  // an event has 64 KiB, and both forms go into it

struct Settings {
  std::string base;
  std::string room;
  std::string credential;
};

std::string body_of(const Item& item) {
  const auto message = compose(item);
  JsonWriter out;
  out.begin_object().field("msgtype", "m.text").field("body", clip(plain_text(message), text_bytes_max));
  if (auto html = html_text(message); html.size() <= text_bytes_max)
    out.field("format", "org.matrix.custom.html").field("formatted_body", html);
  out.key("m.mentions").begin_object().end_object();  // says that nobody is meant
  if (!item.thread_external_id.empty()) {
    out.key("m.relates_to").begin_object().field("rel_type", "m.thread");
    out.field("event_id", item.thread_external_id).end_object();
  }
  out.end_object();
  return out.str();
}

class Matrix final : public Sink {
 public:
  Matrix(Settings settings, SinkServices services) : settings_(std::move(settings)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    auto request =
        json_request(settings_.base + "/_matrix/client/v3/rooms/" + percent_encode(settings_.room) +
                         "/send/m.room.message/" + percent_encode(item.id),
                     body_of(item));
    request.method = "PUT";
    request.credential = settings_.credential;
    auto reply = co_await send(services_, std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return Receipt{.external_id = json_value(reply->body, "/event_id")};
  }

 private:
  Settings settings_;
  SinkServices services_;
};

SinkPlan read(TomlReader& reader) {
  SinkPlan plan;
  Settings settings;
  settings.base = read_url(reader, "base", true);
  while (settings.base.ends_with('/')) settings.base.pop_back();
  settings.room = reader.required_text("room");
  if (!settings.room.empty() && !settings.room.starts_with('!'))
    reader.mistake("room",
                   "must be a room's id, such as \"!abc:example.org\" (its settings show it), not an alias");
  settings.credential = read_credential(reader, plan);
  if (reader.find("credential") == nullptr)
    reader.mistake("credential", "is missing: the name of an access token");
  plan.make = [settings](const SinkServices& services) {
    return std::make_unique<Matrix>(settings, services);
  };
  return plan;
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{.name = "matrix", .summary = "a Matrix room", .read = read};

}  // namespace earshot::delivery::matrix
