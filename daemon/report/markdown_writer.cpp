// A report as Markdown.
#include "daemon/report/links.hpp"
#include "daemon/report/parts.hpp"
#include "daemon/report/write.hpp"
#include "delivery/escape.hpp"

namespace earshot::report {
namespace {

using delivery::escape_markdown;

class Markdown {
 public:
  explicit Markdown(const Report& report) : report_(report) {}

  std::string page() {
    out_ = "# " + escape_markdown(report_.brand) + ": " + escape_markdown(report_.title) + "\n\n" +
           minute(report_.since) + " to " + minute(report_.until) + " UTC\n";
    for (const auto& section : report_.sections) {
      out_ += "\n## " + escape_markdown(section.title) + "\n\n";
      for (const auto& block : section.blocks) std::visit(*this, block);
    }
    if (!report_.notes.empty()) out_ += "\n---\n\n";
    for (const auto& note : report_.notes) out_ += "- " + escape_markdown(note) + "\n";
    return out_;
  }

  void operator()(const Paragraph& block) {
    const auto [before, after] = around(block);
    out_ += escape_markdown(before) + behind(block.behind, escape_markdown(block.figure)) +
            escape_markdown(after) + "\n\n";
  }

  void operator()(const Figures& block) {
    for (const auto& one : block.figures)
      out_ += "- " + escape_markdown(one.name) + ": **" + behind(one.behind, escape_markdown(one.value)) +
              "**" + (one.usual.empty() ? "" : ", " + escape_markdown(one.usual)) +
              (one.mood == Mood::plain  ? ""
               : one.mood == Mood::good ? " (better than usual)"
                                        : " (worse than usual)") +
              "\n";
    out_ += "\n";
  }

  void operator()(const Table& block) {
    if (block.rows.empty()) {
      out_ += escape_markdown(block.none) + "\n\n";
      return;
    }
    out_ += "|";
    for (const auto& column : block.columns) out_ += " " + escape_markdown(column.name) + " |";
    out_ += "\n|";
    for (const auto& column : block.columns) out_ += column.numeric ? "---:|" : "---|";
    out_ += "\n";
    for (const auto& row : block.rows) {
      out_ += "|";
      for (const auto& one : row) out_ += " " + cell(one) + " |";
      out_ += "\n";
    }
    out_ += "\n";
  }

  void operator()(const LineChart& block) {
    out_ += escape_markdown(block.words) + "\n\n| day | value | usual |\n|---|---:|---:|\n";
    for (const auto& p : block.points)
      out_ += "| " + day(p.at) + (p.gap ? " (not heard in full)" : "") + " | " +
              (p.value ? behind(p.behind, number(*p.value, block.decimals)) : "–") + " | " +
              (p.expected && p.spread
                   ? number(*p.expected, block.decimals) + " ± " + number(*p.spread, block.decimals)
                   : "–") +
              " |\n";
    out_ += "\n";
  }

  void operator()(const BarChart& block) {
    out_ += escape_markdown(block.caption) + "\n\n| | | 95 % interval |\n|---|---:|---:|\n";
    for (const auto& bar : block.bars)
      out_ += "| " + behind(bar.behind, escape_markdown(bar.label)) + " | " +
              signed_number(bar.value, block.decimals) + " | " +
              (bar.low && bar.high ? signed_number(*bar.low, block.decimals) + " to " +
                                         signed_number(*bar.high, block.decimals)
                                   : "–") +
              " |\n";
    out_ += "\n";
  }

  void operator()(const Findings& block) {
    if (block.list.empty()) out_ += escape_markdown(block.none) + "\n\n";
    for (const auto& one : block.list) {
      out_ += "**" + behind(one.behind, escape_markdown(one.title)) + "**";
      if (!one.text.empty()) out_ += "  \n" + escape_markdown(one.text);
      out_ += "\n\n";
      for (const auto& quote : one.quotes) {
        auto source = quote.author.empty() ? quote.source : "@" + quote.author + ", " + quote.source;
        const auto url = delivery::safe_link(quote.url);
        out_ += "> " + escape_markdown(delivery::one_line(quote.text, 400)) + " – " +
                escape_markdown(source) + (url.empty() ? "" : " ([post](" + url + "))") + "\n\n";
      }
    }
  }

 private:
  std::string behind(const Behind& list, const std::string& escaped) const {
    return list.target.empty() ? escaped : "[" + escaped + "](" + address_of(report_, list) + ")";
  }
  std::string cell(const Cell& one) const {
    const auto words = escape_markdown(delivery::one_line(one.text, 400));
    if (const auto url = delivery::safe_link(one.url); !url.empty()) return "[" + words + "](" + url + ")";
    return behind(one.behind, words);
  }

  const Report& report_;
  std::string out_;
};

}  // namespace

std::string write_markdown(const Report& report) { return Markdown(report).page(); }

}  // namespace earshot::report
