#include "daemon/api/plain_markup.hpp"

#include <cstdio>

#include "core/base/time_format.hpp"
#include "delivery/markup.hpp"

namespace earshot::api::plain {

using delivery::escape_xml;

std::string number(double value, int decimals) {
  char out[40];
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return out;
}

std::string minute(Timestamp at) {
  const auto text = format_rfc3339(std::chrono::floor<std::chrono::minutes>(at));
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

std::string link(const std::string& url, const std::string& text) {
  if (!delivery::is_web(url)) return escape_xml(text);
  return "<a rel=\"noopener nofollow ugc\" href=\"" + escape_xml(url) + "\">" + escape_xml(text) + "</a>";
}

void row(std::string& out, const std::vector<std::string>& cells) {
  out += "<tr>";
  for (const auto& cell : cells) out += "<td>" + cell + "</td>";
  out += "</tr>\n";
}

void table(std::string& out, const char* title, const std::vector<const char*>& heads) {
  out += std::string("<section><h2>") + title + "</h2>\n<table><thead><tr>";
  for (const auto* head : heads) out += std::string("<th scope=\"col\">") + head + "</th>";
  out += "</tr></thead><tbody>\n";
}

}  // namespace earshot::api::plain
