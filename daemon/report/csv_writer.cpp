// A report as CSV: one line per number or cell, so that every table of every report has the same five
// columns.
#include "daemon/report/links.hpp"
#include "daemon/report/parts.hpp"
#include "daemon/report/write.hpp"

namespace earshot::report {
namespace {

/// RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe, unless it is a number.
std::string field(std::string text) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  const auto is_number = text.size() > 1 && text.find_first_not_of("0123456789.", 1) == std::string::npos;
  if (formula && !(is_number && (text.front() == '-' || text.front() == '+'))) text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

class Csv {
 public:
  explicit Csv(const Report& report) : report_(report) {}

  std::string page() {
    out_ = "section,item,column,value,mentions\r\n";
    for (const auto& one : report_.sections) {
      section_ = &one;
      for (const auto& block : one.blocks) std::visit(*this, block);
    }
    section_ = nullptr;
    for (const auto& note : report_.notes) line("", "note", note, {});
    return out_;
  }

  void operator()(const Paragraph& block) { line("", "text", block.text, block.behind); }
  void operator()(const Figures& block) {
    for (const auto& one : block.figures) {
      line(one.name, "value", one.value, one.behind);
      if (!one.usual.empty()) line(one.name, "usual", one.usual, {});
    }
  }
  void operator()(const Table& block) {
    for (std::size_t at = 0; at < block.rows.size(); ++at) {
      const auto& row = block.rows[at];
      // A row is called by its first cell where that is a name, else by its place.
      const bool named = !block.columns.empty() && !block.columns.front().numeric && !row.empty();
      const auto name = named ? row.front().text : std::to_string(at + 1);
      for (std::size_t i = named ? 1 : 0; i < row.size() && i < block.columns.size(); ++i)
        line(name, block.columns[i].name, row[i].text, row[i].behind);
    }
  }
  void operator()(const LineChart& block) {
    for (const auto& p : block.points) {
      if (p.value) line(day(p.at), block.title, number(*p.value, block.decimals), p.behind);
      if (p.expected) line(day(p.at), "usual", number(*p.expected, block.decimals), {});
      if (p.spread) line(day(p.at), "spread", number(*p.spread, block.decimals), {});
      if (p.gap) line(day(p.at), "gap", "1", {});
    }
  }
  void operator()(const BarChart& block) {
    for (const auto& bar : block.bars) {
      line(bar.label, "value", number(bar.value, 6), bar.behind);
      if (bar.low) line(bar.label, "low", number(*bar.low, 6), {});
      if (bar.high) line(bar.label, "high", number(*bar.high, 6), {});
    }
  }
  void operator()(const Findings& block) {
    for (const auto& one : block.list) {
      line(one.title, "finding", one.text, one.behind);
      for (const auto& quote : one.quotes) line(one.title, "quote", quote.text, {});
    }
  }

 private:
  void line(const std::string& item, const std::string& column, const std::string& value,
            const Behind& list) {
    out_ += field(section_ ? section_->title : "") + "," + field(item) + "," + field(column) + "," +
            field(value) + "," + field(address_of(report_, list)) + "\r\n";
  }

  const Report& report_;
  const Section* section_ = nullptr;
  std::string out_;
};

}  // namespace

std::string write_csv(const Report& report) { return Csv(report).page(); }

Result<std::string> write(const Report& report, std::string_view format) {
  if (format.empty() || format == "text") return write_text(report);
  if (format == "markdown") return write_markdown(report);
  if (format == "html") return write_html(report);
  if (format == "csv") return write_csv(report);
  return unexpected(ErrorKind::invalid,
                    "there is no format '" + std::string(format) + "': take text, markdown, html or csv");
}

std::string content_type(std::string_view format) {
  if (format == "html") return "text/html; charset=utf-8";
  if (format == "csv") return "text/csv; charset=utf-8";
  return format == "markdown" ? "text/markdown; charset=utf-8" : "text/plain; charset=utf-8";
}

}  // namespace earshot::report
