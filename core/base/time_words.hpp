#pragma once
#include <optional>
#include <string>
#include <string_view>

/// The words in dates, and a cursor over a date's text; private to time_format.
namespace earshot::time_words {

/// 1..12 for a month's name or abbreviation (English, some German, Hungarian and Greek), lower case.
std::optional<int> month(std::string_view word);
/// Minutes east of UTC of a zone's abbreviation, lower case.
std::optional<int> zone(std::string_view word);
/// Value of at most 9 digits.
int to_int(std::string_view digits);

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip(std::size_t count) { at_ = at_ + count < text_.size() ? at_ + count : text_.size(); }
  bool digit_at(std::size_t ahead) const;
  bool take(char c);
  std::string_view rest() const { return text_.substr(at_); }
  bool contains(std::string_view word) const { return rest().find(word) != std::string_view::npos; }
  /// One or two digits and a colon come next.
  bool clock_ahead() const;

  void spaces();
  /// Spaces, commas, dashes, slashes and any non-ASCII letters that do not begin a known word.
  void separators();
  void until_digit();
  std::string_view digits();
  std::optional<int> number(std::size_t digits_min, std::size_t digits_max);
  /// The next run of letters in lower case; `peek_word` does not move.
  std::string peek_word() const;
  std::string word();

 private:
  std::size_t word_length() const;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace earshot::time_words
