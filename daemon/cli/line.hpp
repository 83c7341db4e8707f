#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/model/verdict.hpp"
#include "daemon/cli/terminal.hpp"

/// Lines of a screen: coloured pieces, cut and wrapped by the cells that they take. Texts of others become
/// safe for a terminal where they become pieces.
namespace earshot::cli {

struct Piece {
  Colour colour = Colour::none;
  std::string text = {};  ///< printable
};

class Line {
 public:
  Line() = default;
  explicit Line(std::string_view text, Colour colour = Colour::none) { add(text, colour); }
  Line& add(std::string_view text, Colour colour = Colour::none);
  /// Spaces up to column `width`, and one at least.
  Line& pad_to(int width);
  int width() const;
  const std::vector<Piece>& pieces() const { return pieces_; }
  /// Ready to be written; no more than `width` cells.
  std::string painted(int width) const;
  /// Without colours.
  std::string plain() const;

 private:
  std::vector<Piece> pieces_;
};

/// Breaks between words, or within one that is longer than a line; `indent` spaces before each. Never empty.
std::vector<Line> wrap(const Line& line, int width, int indent = 0);

/// A text with the words that spoke for its polarity in their colours.
Line highlighted(const std::string& text, const std::vector<Evidence>& evidence);

Colour colour_of(Polarity polarity);
/// "negative -0.42".
std::string polarity_text(Polarity polarity, double score);

}  // namespace earshot::cli
