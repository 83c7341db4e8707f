#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace earshot::cli {

enum class Colour { none, bold, dim, red, green, yellow, blue };

/// Colours only on a terminal and without NO_COLOR; the text is made safe for a terminal either way.
std::string paint(Colour colour, std::string_view text);

/// ▁▂▃▄▅▆▇█, one character a value, scaled from zero to the largest; ASCII where the locale is not UTF-8.
std::string sparkline(const std::vector<double>& values);
/// A bar of `width` cells for a share between 0 and 1.
std::string bar(double share, int width);

/// Columns of text aligned by display width.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const;
  bool empty() const { return rows_.size() < 2; }

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Width in terminal cells (wide characters count two, marks none).
int display_width(std::string_view text);
/// Cut to `width` cells with an ellipsis.
std::string clip(std::string_view text, int width);
int terminal_width();

/// One line on stderr; returns `code`, so that commands can `return fail(…)`.
int fail(std::string_view message, int code = 1);

}  // namespace earshot::cli
