// Slack, by an incoming webhook. What people wrote stands in plain_text blocks, which neither format nor call
// anybody.
#include "core/base/json_writer.hpp"
#include "delivery/escape.hpp"
#include "delivery/incoming_webhook.hpp"
#include "delivery/message.hpp"

namespace earshot::delivery::slack {
namespace {

constexpr std::size_t blocks_max = 45;  // Slack takes 50
constexpr std::size_t text_bytes_max = 2'900;

void plain_section(JsonWriter& out, std::string_view text) {
  out.begin_object().field("type", "section").key("text");
  out.begin_object().field("type", "plain_text").field("emoji", false);
  out.field("text", clip(text, text_bytes_max)).end_object().end_object();
}

void context(JsonWriter& out, std::string_view mrkdwn) {
  out.begin_object().field("type", "context").key("elements").begin_array();
  out.begin_object().field("type", "mrkdwn").field("verbatim", true).field("text", mrkdwn);
  out.end_object().end_array().end_object();
}

std::size_t write(JsonWriter& out, const Message& message, std::size_t room) {
  if (room == 0) return 0;
  auto text = message.headline;
  for (const auto& [name, value] : message.facts) text += "\n" + name + ": " + value;
  plain_section(out, text);
  std::size_t used = 1;
  for (const auto& quote : message.quotes) {
    if (used + 2 > room) break;
    plain_section(out, "“" + quote.text + "”");
    ++used;
    if (quote.url.empty()) continue;
    context(out, "<" + escape_slack(quote.url) + "|" +
                     escape_slack(quote.source.empty() ? "source" : quote.source) + ">");
    ++used;
  }
  for (const auto& part : message.parts) used += write(out, part, room - used);
  return used;
}

std::string body_of(const Item& item) {
  const auto message = compose(item);
  JsonWriter out;
  out.begin_object().field("text", escape_slack(clip(message.headline, text_bytes_max)));
  out.field("mrkdwn", false).field("unfurl_links", false).field("unfurl_media", false);
  out.key("blocks").begin_array();
  write(out, message, blocks_max);
  out.end_array().end_object();
  return out.str();
}

SinkPlan read(TomlReader& reader) {
  return read_incoming_webhook(
      reader,
      {.body_of = body_of, .missing = "the name of the secret that holds the incoming webhook's address"});
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{.name = "slack", .summary = "a Slack channel, by an incoming webhook", .read = read};

}  // namespace earshot::delivery::slack
