#pragma once
#include <cstddef>
#include <string>
#include <string_view>

/// Words, quotations, brackets and operators of a query, each with its column.
namespace earshot::analysis::query {

enum class LexKind { word, phrase, open, close, op_or, op_and, op_not, op_near, op_ordered, end };

struct Lexeme {
  LexKind kind = LexKind::end;
  std::string text = {};    ///< content of a word or phrase
  std::string prefix = {};  ///< "case", "author", … before ':'
  bool quoted = false;
  int distance = 0;
  std::size_t column = 1;
};

/// What both lexer and parser throw, caught in `parse_query`.
struct Failure {
  std::string message;
};

[[noreturn]] void fail(std::size_t column, const std::string& what);

class Lexer {
 public:
  /// `text` must outlive it.
  explicit Lexer(std::string_view text) : text_(text) {}
  /// `end` at the end, again and again.
  Lexeme next();

 private:
  Lexeme phrase(Lexeme out);
  Lexeme word(Lexeme out);
  Lexeme rest(Lexeme out);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace earshot::analysis::query
