#include "delivery/message.hpp"

#include <simdjson.h>

#include "core/base/html_text.hpp"
#include "delivery/escape.hpp"

namespace earshot::delivery {
namespace {

constexpr std::size_t quotes_max = 5;

std::string text_of(simdjson::dom::element root, const char* key, std::size_t bytes_max) {
  std::string_view value;
  return root[key].get(value) == simdjson::SUCCESS ? one_line(value, bytes_max) : std::string();
}

std::int64_t number_of(simdjson::dom::element root, const char* key) {
  std::int64_t value = 0;
  return root[key].get(value) == simdjson::SUCCESS ? value : 0;
}

std::vector<Evidence> quotes_of(simdjson::dom::element root) {
  std::vector<Evidence> out;
  simdjson::dom::element details;
  if (root["details"].get(details) != simdjson::SUCCESS) return out;
  for (const char* key : {"exemplars", "quotes"}) {
    simdjson::dom::array list;
    if (details[key].get(list) != simdjson::SUCCESS) continue;
    for (const simdjson::dom::element one : list) {
      if (out.size() == quotes_max) break;
      Evidence quote{.text = text_of(one, "text", 400), .source = text_of(one, "source", 80), .url = {}};
      std::string_view url;
      if (one["url"].get(url) == simdjson::SUCCESS) quote.url = safe_link(url);
      if (!quote.text.empty()) out.push_back(std::move(quote));
    }
  }
  return out;
}

std::string what_happened(const std::string& kind) {
  if (kind == "incident_opened") return "New incident";
  if (kind == "incident_closed") return "Incident over";
  if (kind == "idea_new") return "New question worth an answer";
  if (kind == "misled_found") return "People feel misled";
  if (kind == "waiting") return "Somebody waits for an answer";
  if (kind == "test") return "Test";
  if (kind == "report") return "Report";
  auto words = kind;
  for (auto& c : words)
    if (c == '_') c = ' ';
  return words;
}

void add_fact(Message& out, const char* name, std::int64_t value) {
  if (value > 0) out.facts.emplace_back(name, std::to_string(value));
}

std::string whole_text(simdjson::dom::element root, const char* key) {
  std::string_view value;
  return root[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

void add_page(Message& out, simdjson::dom::element root) {
  out.report = text_of(root, "report", 64);
  out.page = {.text = whole_text(root, "text"), .html = whole_text(root, "html")};
  simdjson::dom::array figures;
  if (root["figures"].get(figures) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element figure : figures) {
    const auto usual = text_of(figure, "usual", 120);
    out.facts.emplace_back(text_of(figure, "name", 80),
                           text_of(figure, "value", 80) + (usual.empty() ? "" : " (" + usual + ")"));
  }
}

Message compose(const std::string& kind, const std::string& payload) {
  Message out{.kind = one_line(kind, 60)};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(payload).get(root) == simdjson::SUCCESS) {
    out.brand = text_of(root, "brand", 120);
    out.issue = text_of(root, "issue", 60);
    out.title = text_of(root, "title", 300);
    out.severity = static_cast<int>(std::clamp<std::int64_t>(number_of(root, "severity"), 0, 10));
    out.authors = number_of(root, "authors");
    out.quotes = quotes_of(root);
    if (!out.brand.empty()) out.facts.emplace_back("Brand", out.brand);
    if (!out.issue.empty()) out.facts.emplace_back("Issue", out.issue);
    if (out.severity > 0) out.facts.emplace_back("Severity", std::to_string(out.severity) + " of 10");
    add_fact(out, "People", out.authors);
    add_fact(out, "Askers", number_of(root, "askers"));
    add_fact(out, "Mentions", number_of(root, "mentions"));
    add_fact(out, "Unanswered", number_of(root, "unanswered"));
    if (const auto since = text_of(root, "started_at", 40); !since.empty())
      out.facts.emplace_back("Since", since);
    if (const auto due = text_of(root, "due_at", 40); !due.empty()) out.facts.emplace_back("Due", due);
    if (kind == "report") add_page(out, root);
  }
  out.headline = what_happened(kind);
  if (!out.brand.empty()) out.headline += " at " + out.brand;
  if (out.severity > 0 && kind != "test")
    out.headline += ", severity " + std::to_string(out.severity) + " of 10";
  if (!out.title.empty()) out.headline += ": " + out.title;
  out.headline = clip(out.headline, 480);
  return out;
}

std::string count_of(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " finding" : " findings");
}

}  // namespace

Message compose(const store::OutboxItem& item) { return compose(item.kind, item.payload); }

Message compose(const Item& item) {
  if (item.kind != "digest") return compose(item.kind, item.payload);
  Message out{.kind = "digest"};
  for (const auto& part : item.parts) {
    out.parts.push_back(compose(part));
    out.severity = std::max(out.severity, out.parts.back().severity);
  }
  out.headline = out.title = "Digest: " + count_of(out.parts.size());
  return out;
}

std::string plain_text(const Message& message) {
  std::string out = message.headline + "\n";
  for (const auto& [name, value] : message.facts) out += name + ": " + value + "\n";
  for (const auto& quote : message.quotes) {
    out += "\n> " + quote.text + "\n";
    if (!quote.source.empty() || !quote.url.empty())
      out += "  " + quote.source + (quote.source.empty() || quote.url.empty() ? "" : ", ") + quote.url + "\n";
  }
  for (const auto& part : message.parts) out += "\n" + plain_text(part);
  return out;
}

std::string html_text(const Message& message) {
  std::string out = "<p><strong>" + escape_html(message.headline) + "</strong></p>";
  if (!message.facts.empty()) {
    out += "<ul>";
    for (const auto& [name, value] : message.facts)
      out += "<li>" + escape_html(name) + ": " + escape_html(value) + "</li>";
    out += "</ul>";
  }
  for (const auto& quote : message.quotes) {
    out += "<blockquote>" + escape_html(quote.text);
    const auto label = escape_html(quote.source.empty() ? "source" : quote.source);
    if (!quote.url.empty())
      out += "<br><a href=\"" + escape_html(quote.url) + "\">" + label + "</a>";
    else if (!quote.source.empty())
      out += "<br>" + label;
    out += "</blockquote>";
  }
  for (const auto& part : message.parts) out += "<hr>" + html_text(part);
  return out;
}

std::string markdown_text(const Message& message) {
  std::string out = "**" + escape_markdown(message.headline) + "**\n\n";
  for (const auto& [name, value] : message.facts)
    out += "- " + escape_markdown(name) + ": " + escape_markdown(value) + "\n";
  for (const auto& quote : message.quotes) {
    out += "\n> " + escape_markdown(quote.text) + "\n";
    if (!quote.url.empty())
      out +=
          "> [" + escape_markdown(quote.source.empty() ? "source" : quote.source) + "](" + quote.url + ")\n";
  }
  for (const auto& part : message.parts) out += "\n---\n\n" + markdown_text(part);
  return out;
}

}  // namespace earshot::delivery
