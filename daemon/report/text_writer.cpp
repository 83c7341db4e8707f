// A report as plain text: for terminals and the plain part of a mail.
#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "daemon/report/parts.hpp"
#include "daemon/report/write.hpp"
#include "delivery/escape.hpp"

namespace earshot::report {
namespace {

constexpr std::size_t columns_max = 100, cell_bytes_max = 60;

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string pad(const std::string& text, std::size_t columns, bool at_end) {
  const std::string space(columns > width_of(text) ? columns - width_of(text) : 0, ' ');
  return at_end ? space + text : text + space;
}

/// Words of at most so many columns a line.
std::string wrapped(std::string_view text, const std::string& indent) {
  std::string out, line;
  for (const auto word : split(text, ' ')) {
    if (!line.empty() && width_of(line) + 1 + width_of(word) > columns_max - indent.size()) {
      out += indent + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  return out + indent + line + "\n";
}

class Text {
 public:
  explicit Text(const Report& report) : report_(report) {}

  std::string page() {
    out_ = printable(report_.brand) + ": " + report_.title + "\n" + minute(report_.since) + " to " +
           minute(report_.until) + " UTC\n";
    for (const auto& section : report_.sections) {
      out_ += "\n" + section.title + "\n" + std::string(width_of(section.title), '-') + "\n";
      for (const auto& block : section.blocks) std::visit(*this, block);
    }
    out_ += "\n";
    for (const auto& note : report_.notes) out_ += wrapped(note, "");
    // Whatever came in, nothing commands the terminal.
    std::erase_if(out_,
                  [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; });
    return out_;
  }

  void operator()(const Paragraph& block) {
    out_ += wrapped(printable(block.text), "");
    command(block.behind);
  }

  void operator()(const Figures& block) {
    std::size_t name = 0, value = 0;
    for (const auto& one : block.figures) {
      name = std::max(name, width_of(one.name));
      value = std::max(value, width_of(one.value));
    }
    for (const auto& one : block.figures) {
      out_ += pad(one.name, name, false) + "  " + pad(one.value, value, true) + "  " + one.usual;
      if (one.mood != Mood::plain)
        out_ += one.mood == Mood::good ? "  better than usual" : "  worse than usual";
      out_ += "\n";
      command(one.behind);
    }
  }

  void operator()(const Table& block) {
    if (block.rows.empty()) {
      out_ += block.none + "\n";
      return;
    }
    std::vector<std::size_t> widths;
    for (const auto& column : block.columns) widths.push_back(width_of(column.name));
    for (const auto& row : block.rows)
      for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
        widths[i] = std::max(widths[i], width_of(words_of(row[i])));
    std::vector<Cell> heads;
    for (const auto& column : block.columns) heads.emplace_back(column.name);
    print(heads, widths, block.columns);
    const Behind* example = nullptr;
    for (const auto& row : block.rows) {
      print(row, widths, block.columns);
      for (const auto& one : row)
        if (!example && !one.behind.command.empty()) example = &one.behind;
    }
    if (example) {
      out_ += "the mentions of the first row:\n";
      command(*example);
    }
  }

  void operator()(const LineChart& block) {
    out_ += wrapped(block.words, "");
    std::string line;
    for (const auto& p : block.points)
      line += (line.empty() ? "" : " ") + (p.value ? number(*p.value, block.decimals) : std::string("–")) +
              (p.gap ? "*" : "");
    out_ += wrapped("Per day: " + line, "");
    if (std::ranges::any_of(block.points, &LinePoint::gap)) out_ += "* not heard in full\n";
    command(block.behind);
  }

  void operator()(const BarChart& block) {
    out_ += wrapped(block.caption, "");
    for (const auto& bar : block.bars) {
      out_ += "  " + pad(bar.label, 20, false) + " " + signed_number(bar.value, block.decimals);
      if (bar.low && bar.high)
        out_ += "  (" + signed_number(*bar.low, block.decimals) + " to " +
                signed_number(*bar.high, block.decimals) + ")";
      out_ += "\n";
      command(bar.behind);
    }
  }

  void operator()(const Findings& block) {
    if (block.list.empty()) out_ += block.none + "\n";
    for (const auto& one : block.list) {
      out_ += wrapped("* " + one.title, "");
      if (!one.text.empty()) out_ += wrapped(one.text, "  ");
      for (const auto& quote : one.quotes)
        out_ += wrapped("\"" + printable(quote.text) + "\" " +
                            (quote.author.empty() ? quote.source : "@" + quote.author + ", " + quote.source),
                        "    ");
      command(one.behind);
    }
  }

 private:
  static std::string words_of(const Cell& one) {
    return delivery::one_line(printable(one.text), cell_bytes_max);
  }

  void print(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
             const std::vector<Column>& columns) {
    std::string line;
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      line += (i == 0 ? "" : "  ") + pad(words_of(row[i]), widths[i], columns[i].numeric);
    while (line.ends_with(' ')) line.pop_back();
    out_ += line + "\n";
  }

  void command(const Behind& list) {
    if (!list.command.empty()) out_ += "    " + printable(list.command) + "\n";
  }

  const Report& report_;
  std::string out_;
};

}  // namespace

std::string write_text(const Report& report) { return Text(report).page(); }

}  // namespace earshot::report
