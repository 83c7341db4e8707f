#include "daemon/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot::cli {
namespace {

bool coloured() {
  static const bool yes = [] {
    const char* term = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && !std::getenv("NO_COLOR") &&
           !(term && std::strcmp(term, "dumb") == 0);
  }();
  return yes;
}

bool utf8_locale() {
  static const bool yes = [] {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
      const char* value = std::getenv(name);
      if (!value || !*value) continue;
      return std::strstr(value, "UTF-8") || std::strstr(value, "utf8") || std::strstr(value, "utf-8");
    }
    return true;  // containers often set nothing at all and still show UTF-8
  }();
  return yes;
}

}  // namespace

std::string paint(Colour colour, std::string_view text) {
  auto safe = printable(text);
  if (!coloured() || colour == Colour::none) return safe;
  static constexpr const char* codes[] = {"", "1", "2", "31", "32", "33", "34"};
  return "\033[" + std::string(codes[static_cast<int>(colour)]) + "m" + safe + "\033[0m";
}

std::string sparkline(const std::vector<double>& values) {
  static constexpr const char* blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr const char* ascii[] = {"_", ".", ".", "-", "-", "=", "=", "#"};
  const auto top = values.empty() ? 0.0 : *std::ranges::max_element(values);
  std::string out;
  for (const double value : values) {
    const auto level = top <= 0 ? 0 : std::clamp(static_cast<int>(std::lround(value / top * 7)), 0, 7);
    out += utf8_locale() ? blocks[level] : ascii[level];
  }
  return out;
}

std::string bar(double share, int width) {
  const auto filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
  std::string out;
  for (int i = 0; i < filled; ++i) out += utf8_locale() ? "█" : "#";
  return out;
}

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\033') {
      while (at < text.size() && text[at] != 'm') ++at;
      ++at;
      continue;
    }
    width += utf8proc_charwidth(static_cast<utf8proc_int32_t>(utf8::next(text, at)));
  }
  return width;
}

std::string clip(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  int used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = at;
    used += utf8proc_charwidth(static_cast<utf8proc_int32_t>(utf8::next(text, at)));
    if (used > width - 1) return std::string(text.substr(0, start)) + "…";
  }
  return std::string(text);
}

void Table::print() const {
  std::vector<int> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows_[r].size(); ++i) {
      const auto& cell = rows_[r][i];
      line += r == 0 ? paint(Colour::dim, cell) : cell;
      if (i + 1 < rows_[r].size())
        line.append(static_cast<std::size_t>(widths[i] - display_width(cell) + 2), ' ');
    }
    std::printf("%s\n", line.c_str());
  }
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

int fail(std::string_view message, int code) {
  std::fprintf(stderr, "earshot: %s\n", printable(message).c_str());
  return code;
}

}  // namespace earshot::cli
