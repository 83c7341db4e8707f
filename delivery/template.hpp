#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "delivery/item.hpp"

namespace earshot::delivery {

/// A text with places to fill in: "{{title}}". What is filled in is escaped for where it goes, so that no
/// value can end a JSON string or begin a tag.
class Template {
 public:
  enum class Escape { none, json, url };

  /// `invalid` for a place that is not closed or has none of the known names.
  static Result<Template> parse(std::string_view text);
  /// Names that a template may use.
  static const std::vector<std::string>& names();

  std::string fill(const Item& item, Escape escape) const;
  bool empty() const { return pieces_.empty(); }

 private:
  /// Text as it is, then what is filled in after it; the last piece has no name.
  struct Piece {
    std::string text;
    std::string name;
  };
  std::vector<Piece> pieces_;
};

/// True when the text is one JSON value.
bool is_json(std::string_view text);

/// The text or number at a JSON pointer of a receiver's answer ("/ticket/id"); empty when there is none.
std::string json_value(std::string_view body, std::string_view pointer);

}  // namespace earshot::delivery
