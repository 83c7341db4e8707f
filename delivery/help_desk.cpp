#include "delivery/help_desk.hpp"

#include <simdjson.h>

#include "core/base/url.hpp"
#include "delivery/escape.hpp"
#include "delivery/http_delivery.hpp"
#include "delivery/message.hpp"
#include "delivery/template.hpp"

namespace earshot::delivery {
namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;

struct Settings {
  std::string base;
  std::string credential;
  DeskValues own;
};

std::string_view priority_of(const HelpDesk& desk, int severity) {
  const std::size_t step = severity >= 9 ? 3 : severity >= 7 ? 2 : severity >= 4 ? 1 : 0;
  return desk.priorities.empty() ? "" : desk.priorities[step];
}

/// Short enough for a title, and the same on every attempt.
std::string marker_of(const Item& item) { return "earshot-" + item.id.substr(item.id.find('_') + 1, 16); }

class Desk final : public Sink {
 public:
  Desk(const HelpDesk& desk, Settings settings, SinkServices services)
      : desk_(desk), settings_(std::move(settings)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    const auto values = values_of(item);
    // One case per original: what follows is added to it.
    if (!item.thread_external_id.empty()) {
      auto added = co_await ask(std::string(desk_.add_method), desk_.add, desk_.add_body, values);
      if (!added) co_return unexpected(added.error());
      co_return Receipt{.external_id = item.thread_external_id};
    }
    // The last attempt may have opened the case and the answer been lost.
    if (item.attempt > 1) {
      auto listed = co_await ask("GET", desk_.find, "", values);
      if (!listed) co_return unexpected(listed.error());
      auto known = find_case(listed->body, desk_.find_list, desk_.find_id, marker_of(item));
      if (!known.empty()) co_return Receipt{.external_id = std::move(known)};
    }
    auto created = co_await ask("POST", desk_.create, desk_.create_body, values);
    if (!created) co_return unexpected(created.error());
    co_return Receipt{.external_id = json_value(created->body, desk_.create_id)};
  }

 private:
  DeskValues values_of(const Item& item) const {
    const auto message = compose(item);
    auto values = settings_.own;
    values.emplace_back("marker", marker_of(item));
    values.emplace_back("case", item.thread_external_id);
    values.emplace_back("priority", std::string(priority_of(desk_, message.severity)));
    values.emplace_back("headline", clip(message.headline, 200));
    values.emplace_back("text", plain_text(message));
    values.emplace_back("html", html_text(message));
    values.emplace_back("markdown", markdown_text(message));
    return values;
  }

  async::Awaitable<Result<net::HttpReply>> ask(std::string method, std::string_view address,
                                               std::string_view body, const DeskValues& values) {
    auto url = settings_.base + fill_desk(address, values, DeskEscape::url);
    auto request = json_request(std::move(url), fill_desk(body, values, DeskEscape::json));
    request.method = std::move(method);
    request.credential = settings_.credential;
    request.credential_form = desk_.credential_form;
    auto reply = co_await send(services_, std::move(request));
    co_return reply;
  }

  const HelpDesk& desk_;
  Settings settings_;
  SinkServices services_;
};

}  // namespace

std::string fill_desk(std::string_view text, const DeskValues& values, DeskEscape escape) {
  std::string out;
  for (;;) {
    const auto open = text.find("{{");
    const auto close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) return out += text;
    out += text.substr(0, open);
    const auto name = text.substr(open + 2, close - open - 2);
    for (const auto& [known, value] : values)
      if (known == name) out += escape == DeskEscape::json ? escape_json(value) : percent_encode(value);
    text.remove_prefix(close + 2);
  }
}

std::string find_case(std::string_view body, std::string_view list, std::string_view id,
                      std::string_view marker) {
  if (body.size() > answer_bytes_max) return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root, found;
  simdjson::dom::array array;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return {};
  if (list.empty() ? root.get(array) != simdjson::SUCCESS
                   : root.at_pointer(list).get(array) != simdjson::SUCCESS)
    return {};
  for (const simdjson::dom::element one : array) {
    const std::string text = simdjson::minify(one);
    if (text.find(marker) != std::string::npos) return json_value(text, id);
  }
  return {};
}

SinkPlan read_help_desk(const HelpDesk& desk, TomlReader& reader) {
  SinkPlan plan;
  Settings settings;
  settings.base = read_url(reader, "base", true);
  while (settings.base.ends_with('/')) settings.base.pop_back();
  settings.credential = read_credential(reader, plan);
  if (reader.find("credential") == nullptr)
    reader.mistake("credential", "is missing: the name of a [[credential]], or of a token");
  for (const auto key : desk.settings) settings.own.emplace_back(key, reader.required_text(key));
  plan.make = [&desk, settings](const SinkServices& services) {
    return std::make_unique<Desk>(desk, settings, services);
  };
  return plan;
}

}  // namespace earshot::delivery
