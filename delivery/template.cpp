#include "delivery/template.hpp"

#include <simdjson.h>

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "delivery/escape.hpp"
#include "delivery/message.hpp"

namespace earshot::delivery {
namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;

std::string value_of(std::string_view name, const Item& item, const Message& message) {
  if (name == "id") return item.id;
  if (name == "kind") return item.kind;
  if (name == "thread") return item.thread;
  if (name == "thread_external_id") return item.thread_external_id;
  if (name == "created_at") return format_rfc3339(item.created_at);
  if (name == "brand") return message.brand;
  if (name == "issue") return message.issue;
  if (name == "title") return message.title;
  if (name == "headline") return message.headline;
  if (name == "severity") return std::to_string(message.severity);
  if (name == "authors") return std::to_string(message.authors);
  if (name == "text") return plain_text(message);
  if (name == "html") return html_text(message);
  if (name == "markdown") return markdown_text(message);
  return to_json(item);
}

std::string escaped(std::string_view name, std::string value, Template::Escape escape) {
  switch (escape) {
    case Template::Escape::none: return value;
    case Template::Escape::url: return percent_encode(value);
    // The one that is JSON already.
    case Template::Escape::json: return name == "json" ? value : escape_json(value);
  }
  return value;
}

}  // namespace

const std::vector<std::string>& Template::names() {
  static const std::vector<std::string> all = {"id",         "kind",     "thread",  "thread_external_id",
                                               "created_at", "brand",    "issue",   "title",
                                               "headline",   "severity", "authors", "text",
                                               "html",       "markdown", "json"};
  return all;
}

Result<Template> Template::parse(std::string_view text) {
  Template out;
  for (;;) {
    const auto open = text.find("{{");
    if (open == std::string_view::npos) break;
    const auto close = text.find("}}", open + 2);
    if (close == std::string_view::npos) return unexpected(ErrorKind::invalid, "has a {{ without its }}");
    auto name = std::string(trim(text.substr(open + 2, close - open - 2)));
    if (std::ranges::find(names(), name) == names().end()) {
      const auto near = nearest_name(name, names());
      std::string all;
      for (const auto& known : names()) all += (all.empty() ? "" : ", ") + known;
      return unexpected(ErrorKind::invalid,
                        "cannot fill in " + quote_printable(name) +
                            (near.empty() ? "; known are " + all : ", did you mean `" + near + "`?"));
    }
    out.pieces_.push_back({.text = std::string(text.substr(0, open)), .name = std::move(name)});
    text.remove_prefix(close + 2);
  }
  if (!text.empty()) out.pieces_.push_back({.text = std::string(text), .name = {}});
  return out;
}

std::string Template::fill(const Item& item, Escape escape) const {
  const auto message = compose(item);
  std::string out;
  for (const auto& [text, name] : pieces_) {
    out += text;
    if (!name.empty()) out += escaped(name, value_of(name, item, message), escape);
  }
  return out;
}

bool is_json(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  return parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS;
}

std::string json_value(std::string_view body, std::string_view pointer) {
  if (body.size() > answer_bytes_max) return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root, found;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS ||
      root.at_pointer(pointer).get(found) != simdjson::SUCCESS)
    return {};
  if (std::string_view text; found.get(text) == simdjson::SUCCESS) return one_line(text, 200);
  if (std::int64_t number = 0; found.get(number) == simdjson::SUCCESS) return std::to_string(number);
  if (std::uint64_t number = 0; found.get(number) == simdjson::SUCCESS) return std::to_string(number);
  return {};
}

}  // namespace earshot::delivery
