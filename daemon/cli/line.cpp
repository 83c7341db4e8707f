#include "daemon/cli/line.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/open.hpp"

namespace earshot::cli {
namespace {

/// Of the strongest word's weight: what a word must weigh to be shown.
constexpr double weight_share_min = 0.3;

/// One code point with its colour.
struct Cell {
  Colour colour = Colour::none;
  std::string_view bytes = {};
  int width = 0;
};

std::vector<Cell> cells_of(const Line& line) {
  std::vector<Cell> out;
  for (const auto& piece : line.pieces())
    for (std::size_t at = 0; at < piece.text.size();) {
      const auto start = at;
      utf8::next(piece.text, at);
      const auto bytes = std::string_view(piece.text).substr(start, at - start);
      out.push_back({.colour = piece.colour, .bytes = bytes, .width = display_width(bytes)});
    }
  return out;
}

/// Where a line that begins at `from` ends, and the next begins.
std::pair<std::size_t, std::size_t> break_of(const std::vector<Cell>& cells, std::size_t from, int width) {
  int used = 0;
  std::size_t at = from, space = from;
  while (at < cells.size() && used + cells[at].width <= width) {
    if (cells[at].bytes == " ") space = at;
    used += cells[at].width;
    ++at;
  }
  if (at == cells.size()) return {at, at};
  if (cells[at].bytes == " ") return {at, at + 1};
  if (space > from) return {space, space + 1};
  at = std::max(at, from + 1);
  return {at, at};
}

}  // namespace

Line& Line::add(std::string_view text, Colour colour) {
  auto safe = printable(text);
  if (safe.empty()) return *this;
  if (!pieces_.empty() && pieces_.back().colour == colour)
    pieces_.back().text += safe;
  else
    pieces_.push_back({.colour = colour, .text = std::move(safe)});
  return *this;
}

Line& Line::pad_to(int width) {
  return add(std::string(static_cast<std::size_t>(std::max(1, width - this->width())), ' '));
}

int Line::width() const {
  int sum = 0;
  for (const auto& piece : pieces_) sum += display_width(piece.text);
  return sum;
}

std::string Line::painted(int width) const {
  std::string out;
  int left = width;
  const bool cut = this->width() > width;
  for (const auto& piece : pieces_) {
    if (left <= 0) break;
    const int taken = display_width(piece.text);
    // A piece that ends exactly at the edge still loses its last cell to the sign that there is more.
    const bool whole = cut ? taken < left : taken <= left;
    out += paint(piece.colour, whole ? piece.text : clip(piece.text + " ", left));
    left -= taken;
    if (!whole) break;
  }
  return out;
}

std::string Line::plain() const {
  std::string out;
  for (const auto& piece : pieces_) out += piece.text;
  return out;
}

std::vector<Line> wrap(const Line& line, int width, int indent) {
  const auto cells = cells_of(line);
  const int room = std::max(1, width - indent);
  std::vector<Line> out;
  for (std::size_t from = 0; from < cells.size();) {
    const auto [end, next] = break_of(cells, from, room);
    auto& one = out.emplace_back();
    if (indent > 0) one.add(std::string(static_cast<std::size_t>(indent), ' '));
    for (std::size_t at = from; at < end; ++at) one.add(cells[at].bytes, cells[at].colour);
    from = next;
  }
  if (out.empty()) out.emplace_back();
  return out;
}

Line highlighted(const std::string& text, const std::vector<Evidence>& evidence) {
  std::vector<const Evidence*> spoke;
  double strongest = 0;
  for (const auto& one : evidence) {
    if (one.rule != "sentiment") continue;
    spoke.push_back(&one);
    strongest = std::max(strongest, std::abs(one.weight));
  }
  // Where words and phrases overlap, the stronger shows; what weighs next to nothing does not.
  std::ranges::stable_sort(spoke, {}, [](const Evidence* one) { return std::abs(one->weight); });
  std::vector<Colour> colours(text.size(), Colour::none);
  for (const auto* one : spoke) {
    if (std::abs(one->weight) < strongest * weight_share_min) continue;
    const auto begin = std::min<std::size_t>(one->span.begin, text.size());
    const auto end = std::clamp<std::size_t>(one->span.end, begin, text.size());
    std::fill(colours.begin() + static_cast<std::ptrdiff_t>(begin),
              colours.begin() + static_cast<std::ptrdiff_t>(end),
              one->weight > 0 ? Colour::green : Colour::red);
  }
  Line out;
  bool after_space = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = at;
    utf8::next(text, at);
    const auto safe = printable(std::string_view(text).substr(start, at - start));
    const bool space = safe == " ";
    if (!space || !after_space) out.add(safe, colours[start]);
    after_space = space;
  }
  return out;
}

Colour colour_of(Polarity polarity) {
  if (polarity == Polarity::positive) return Colour::green;
  if (polarity == Polarity::negative) return Colour::red;
  return Colour::dim;
}

std::string polarity_text(Polarity polarity, double score) {
  return std::string(to_string(polarity)) + " " + signed_number(score, 2);
}

}  // namespace earshot::cli
