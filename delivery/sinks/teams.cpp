// Microsoft Teams, by a workflow that posts when a webhook request is received: an Adaptive Card. What people
// wrote stands in text runs, which know no Markdown.
#include "core/base/json_writer.hpp"
#include "delivery/escape.hpp"
#include "delivery/incoming_webhook.hpp"
#include "delivery/message.hpp"

namespace earshot::delivery::teams {
namespace {

constexpr std::size_t card_bytes_max = 20'000;  // Teams takes 28 KB in all

void line(JsonWriter& out, std::string_view text, std::string_view weight, std::string_view url = {}) {
  out.begin_object().field("type", "RichTextBlock").key("inlines").begin_array();
  out.begin_object().field("type", "TextRun").field("text", text).field("weight", weight);
  if (!url.empty())
    out.key("selectAction").begin_object().field("type", "Action.OpenUrl").field("url", url).end_object();
  out.end_object().end_array().end_object();
}

void write(JsonWriter& out, const Message& message) {
  if (out.view().size() > card_bytes_max) return;
  line(out, message.headline, "Bolder");
  for (const auto& [name, value] : message.facts) line(out, name + ": " + value, "Default");
  for (const auto& quote : message.quotes) {
    line(out, "“" + quote.text + "”", "Lighter");
    if (!quote.url.empty()) line(out, quote.source.empty() ? "source" : quote.source, "Default", quote.url);
  }
  for (const auto& part : message.parts) write(out, part);
}

std::string body_of(const Item& item) {
  JsonWriter out;
  out.begin_object().field("type", "message").key("attachments").begin_array().begin_object();
  out.field("contentType", "application/vnd.microsoft.card.adaptive").key("contentUrl").null().key("content");
  out.begin_object().field("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  out.field("type", "AdaptiveCard").field("version", "1.4").key("body").begin_array();
  write(out, compose(item));
  out.end_array().end_object().end_object().end_array().end_object();
  return out.str();
}

SinkPlan read(TomlReader& reader) {
  return read_incoming_webhook(
      reader, {.body_of = body_of, .missing = "the name of the secret that holds the workflow's address"});
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{
    .name = "teams", .summary = "a Microsoft Teams channel, by a workflow's webhook", .read = read};

}  // namespace earshot::delivery::teams
