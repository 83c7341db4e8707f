#include "delivery/faq.hpp"

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "delivery/escape.hpp"
#include "delivery/markup.hpp"

namespace earshot::delivery {
namespace {

std::string age_text(Timestamp at, Timestamp now) {
  const auto days = std::chrono::floor<std::chrono::days>(now - at).count();
  const auto day = format_rfc3339(at).substr(0, 10);
  if (days < 1) return day + ", today";
  return day + ", " + std::to_string(days) + (days == 1 ? " day old" : " days old");
}

/// Entities for < and >: not every Markdown of the world takes a backslash before a tag.
std::string line_of(const std::string& text) {
  const auto escaped = escape_markdown(squeeze_space(printable(text)));
  std::string out;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    const bool tag =
        escaped[i] == '\\' && i + 1 < escaped.size() && (escaped[i + 1] == '<' || escaped[i + 1] == '>');
    if (tag)
      out += escaped[++i] == '<' ? "&lt;" : "&gt;";
    else
      out += escaped[i];
  }
  return out;
}

/// Inside strings alone can these stand, so that they may be replaced wherever they are.
std::string for_script(const std::string& json) {
  std::string out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '<')
      out += "\\u003c";
    else if (c == '>')
      out += "\\u003e";
    else if (c == '&')
      out += "\\u0026";
    else if (json.compare(i, 3, "\xE2\x80\xA8") == 0 || json.compare(i, 3, "\xE2\x80\xA9") == 0) {
      out += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";  // old JavaScript takes them for line ends
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string faq_markdown(const std::string& brand, const std::vector<FaqEntry>& entries, Timestamp now) {
  std::string out = "# " + line_of(brand) + ": questions and answers\n";
  if (entries.empty()) out += "\nNo question was asked often enough yet.\n";
  for (const auto& entry : entries) {
    out += "\n## " + line_of(entry.question) + "\n\n";
    if (!safe_link(entry.page).empty()) out += "Our page: <" + safe_link(entry.page) + ">\n\n";
    if (!entry.answer) {
      out += "*No public answer was heard. " + std::to_string(entry.askers) +
             (entry.askers == 1 ? " person asks.*\n" : " people ask.*\n");
      continue;
    }
    const auto& answer = *entry.answer;
    out += line_of(answer.text) + "\n\n*" + (answer.own ? "Our reply" : "Answered by a peer, with thanks") +
           ", " + age_text(answer.at, now) +
           (now - answer.at > stale_after ? ", **stale: check that it still holds**" : "") + "*";
    if (!safe_link(answer.url).empty()) out += " [source](" + safe_link(answer.url) + ")";
    out += "\n";
  }
  return out;
}

std::string faq_json_ld(const std::string& brand, const std::vector<FaqEntry>& entries) {
  JsonWriter out;
  out.begin_object().field("@context", "https://schema.org").field("@type", "FAQPage");
  out.field("name", brand + ": questions and answers").key("mainEntity").begin_array();
  for (const auto& entry : entries) {
    out.begin_object().field("@type", "Question").field("name", entry.question);
    out.field("answerCount", entry.answer ? 1 : 0);
    if (is_web(entry.page)) out.field("url", entry.page);
    if (entry.answer) {
      out.key("acceptedAnswer").begin_object().field("@type", "Answer").field("text", entry.answer->text);
      if (is_web(entry.answer->url)) out.field("url", entry.answer->url);
      out.field("dateCreated", format_rfc3339(entry.answer->at));
      // Peers wrote to the asker and not for our page: their names stay out of it.
      if (entry.answer->own)
        out.key("author").begin_object().field("@type", "Organization").field("name", brand).end_object();
      out.end_object();
    }
    out.end_object();
  }
  out.end_array().end_object();
  return for_script(out.str()) + "\n";
}

}  // namespace earshot::delivery
