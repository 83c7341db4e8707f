// A report as one HTML page.
#include "daemon/report/links.hpp"
#include "daemon/report/parts.hpp"
#include "daemon/report/svg.hpp"
#include "daemon/report/write.hpp"
#include "delivery/markup.hpp"
#include "embedded/report.hpp"

namespace earshot::report {
namespace {

using delivery::escape_xml;

/// Writes blocks one after the other.
class Html {
 public:
  explicit Html(const Report& report) : report_(report) {}

  std::string page() {
    out_ =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>" +
        escape_xml(report_.brand + ": " + report_.title) + "</title>\n<style>\n" +
        std::string(embedded::report().front().bytes) + "</style></head><body>\n<header><h1>" +
        escape_xml(report_.brand) + ": " + escape_xml(report_.title) + "</h1><p>" + minute(report_.since) +
        " to " + minute(report_.until) + " UTC</p></header>\n<main class=\"sections\">\n";
    for (const auto& section : report_.sections) {
      out_ += section.half ? "<section class=\"half\">" : "<section>";
      out_ += "<h2>" + escape_xml(section.title) + "</h2>\n";
      for (const auto& block : section.blocks) std::visit(*this, block);
      out_ += "</section>\n";
    }
    out_ += "</main>\n<footer>";
    for (const auto& note : report_.notes) out_ += "<p>" + escape_xml(note) + "</p>";
    return out_ + "<p>Every underlined number leads to its mentions.</p></footer>\n</body></html>\n";
  }

  void operator()(const Paragraph& block) {
    const auto [before, after] = around(block);
    out_ += "<p>" + escape_xml(before) + behind(block.behind, escape_xml(block.figure)) + escape_xml(after) +
            "</p>\n";
  }

  // A table, which mail programs lay out where they know no flexible boxes.
  void operator()(const Figures& block) {
    out_ += "<table class=\"figures\" role=\"presentation\"><tbody><tr>";
    for (const auto& one : block.figures) {
      out_ += one.mood == Mood::plain  ? "<td>"
              : one.mood == Mood::good ? "<td class=\"good\">"
                                       : "<td class=\"bad\">";
      out_ += escape_xml(one.name) + " <span class=\"value\">" + behind(one.behind, escape_xml(one.value)) +
              "</span> <span class=\"usual\">" + escape_xml(one.usual) + "</span></td>";
    }
    out_ += "</tr></tbody></table>\n";
  }

  void operator()(const Table& block) {
    if (block.rows.empty()) {
      out_ += "<p class=\"dim\">" + escape_xml(block.none) + "</p>\n";
      return;
    }
    out_ += "<table class=\"list\"><thead><tr>";
    for (const auto& column : block.columns)
      out_ += (column.numeric ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">") +
              escape_xml(column.name) + "</th>";
    out_ += "</tr></thead><tbody>\n";
    for (const auto& row : block.rows) {
      out_ += "<tr>";
      for (std::size_t i = 0; i < row.size(); ++i)
        out_ += (i < block.columns.size() && block.columns[i].numeric ? "<td class=\"number\">" : "<td>") +
                cell(row[i]) + "</td>";
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table>\n";
  }

  void operator()(const LineChart& block) {
    out_ += "<figure>" + svg_line(block) + "<figcaption>" + behind(block.behind, escape_xml(block.words)) +
            "</figcaption></figure>\n";
  }

  void operator()(const BarChart& block) {
    out_ += "<figure>" + svg_bars(block) + "<figcaption>" + escape_xml(block.caption);
    if (!block.bars.empty()) out_ += " The mentions of ";
    for (std::size_t i = 0; i < block.bars.size(); ++i)
      out_ += (i == 0 ? "" : ", ") + behind(block.bars[i].behind, escape_xml(block.bars[i].label));
    out_ += "</figcaption></figure>\n";
  }

  void operator()(const Findings& block) {
    if (block.list.empty()) out_ += "<p class=\"dim\">" + escape_xml(block.none) + "</p>\n";
    for (const auto& one : block.list) {
      out_ += "<article><h3>" + behind(one.behind, escape_xml(one.title)) + "</h3>";
      if (!one.text.empty()) out_ += "<p>" + escape_xml(one.text) + "</p>";
      for (const auto& quote : one.quotes) {
        out_ +=
            "<blockquote>" + escape_xml(quote.text) + " <span class=\"dim\">" + escape_xml(source_of(quote));
        if (delivery::is_web(quote.url))
          out_ += " <a rel=\"noopener nofollow ugc\" href=\"" + escape_xml(quote.url) + "\">post</a>";
        out_ += "</span></blockquote>";
      }
      out_ += "</article>\n";
    }
  }

  static std::string source_of(const Quote& quote) {
    auto out = quote.author.empty() ? quote.source : "@" + quote.author + ", " + quote.source;
    if (quote.at != Timestamp{}) out += ", " + day(quote.at);
    return "– " + out;
  }

 private:
  std::string behind(const Behind& list, const std::string& escaped) const {
    if (list.target.empty()) return escaped;
    return "<a href=\"" + escape_xml(address_of(report_, list)) + "\" title=\"" + escape_xml(list.command) +
           "\">" + escaped + "</a>";
  }

  std::string cell(const Cell& one) const {
    if (delivery::is_web(one.url))
      return "<a rel=\"noopener nofollow ugc\" href=\"" + escape_xml(one.url) + "\">" + escape_xml(one.text) +
             "</a>";
    return behind(one.behind, escape_xml(one.text));
  }

  const Report& report_;
  std::string out_;
};

}  // namespace

std::string write_html(const Report& report) { return Html(report).page(); }

}  // namespace earshot::report
