// Discord, by a channel's webhook: an embed, with every mention switched off.
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "delivery/escape.hpp"
#include "delivery/incoming_webhook.hpp"
#include "delivery/message.hpp"

namespace earshot::delivery::discord {
namespace {

constexpr std::size_t description_bytes_max = 4'000;

void add_body(std::string& out, const Message& message) {
  for (const auto& [name, value] : message.facts)
    out += escape_markdown(name) + ": " + escape_markdown(value) + "\n";
  for (const auto& quote : message.quotes) {
    out += "> " + escape_markdown(quote.text) + "\n";
    if (!quote.url.empty())
      out += "[" + escape_markdown(quote.source.empty() ? "source" : quote.source) + "](" + quote.url + ")\n";
  }
  for (const auto& part : message.parts) {
    out += "\n**" + escape_markdown(part.headline) + "**\n";
    add_body(out, part);
  }
}

std::string body_of(const Item& item) {
  const auto message = compose(item);
  std::string description;
  add_body(description, message);
  JsonWriter out;
  out.begin_object()
      .key("allowed_mentions")
      .begin_object()
      .key("parse")
      .begin_array()
      .end_array()
      .end_object();
  out.key("embeds").begin_array().begin_object();
  out.field("title", clip(escape_markdown(message.headline), 250));
  out.field("description", clip(description, description_bytes_max));
  out.field("timestamp", format_rfc3339(item.created_at)).end_object().end_array().end_object();
  return out.str();
}

SinkPlan read(TomlReader& reader) {
  return read_incoming_webhook(
      reader, {.body_of = body_of,
               // Without it the answer comes before it is known whether the message could be posted.
               .query = {{"wait", "true"}},
               .id_at = "/id",
               .missing = "the name of the secret that holds the channel's webhook address"});
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{.name = "discord", .summary = "a Discord channel, by its webhook", .read = read};

}  // namespace earshot::delivery::discord
