#include "analysis/text/query_parser.hpp"

#include <algorithm>

#include "analysis/text/query_lexer.hpp"
#include "analysis/text/tokenizer.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

using query::fail;
using query::Failure;
using query::Lexeme;
using query::Lexer;
using query::LexKind;

constexpr std::size_t bytes_max = 10'000;
constexpr int depth_max = 64;

QueryWord make_word(std::string_view surface, bool keep_case) {
  static const Tokenizer tokenizer;
  TokenBuffer buffer;
  tokenizer.tokenize(surface, buffer);
  QueryWord word;
  for (const auto& token : buffer.tokens())
    if (token.kind == TokenKind::word || token.kind == TokenKind::number || token.kind == TokenKind::emoji)
      word.folded += token.folded;
  word.hash = word_hash(word.folded);
  if (keep_case) word.surface = std::string(surface);
  return word;
}

/// Words of a phrase as the tokenizer sees them in texts; a word with '*' or '?' is kept as a pattern.
std::vector<QueryWord> make_words(std::string_view text, bool keep_case, std::size_t column) {
  static const Tokenizer tokenizer;
  std::vector<QueryWord> words;
  const auto squeezed = squeeze_space(text);
  for (const auto part : split(squeezed, ' ')) {
    if (part.find_first_of("*?") != std::string_view::npos) {
      QueryWord word{.folded = fold_case(part), .pattern = true};
      words.push_back(std::move(word));
      continue;
    }
    TokenBuffer buffer;
    tokenizer.tokenize(part, buffer);
    for (const auto& token : buffer.tokens()) {
      if (token.kind == TokenKind::punctuation || token.has(in_hashtag)) continue;
      const auto surface = part.substr(token.span.begin, token.span.end - token.span.begin);
      if (token.kind == TokenKind::word || token.kind == TokenKind::number)
        words.push_back(make_word(surface, keep_case));
      else
        words.push_back(QueryWord{.folded = std::string(token.folded), .hash = token.hash});
    }
  }
  if (words.empty()) fail(column, "there is no word in '" + std::string(text) + "'");
  return words;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  QueryNode parse() {
    if (current_.kind == LexKind::end) fail(1, "the query is empty");
    auto node = parse_any(0);
    if (current_.kind == LexKind::close) fail(current_.column, "this ')' closes nothing");
    return node;
  }

 private:
  void advance() { current_ = lexer_.next(); }

  QueryNode parse_any(int depth) {
    if (depth > depth_max) fail(current_.column, "the query is nested too deeply");
    QueryNode node{.kind = QueryKind::any, .column = current_.column};
    node.children.push_back(parse_all(depth));
    while (current_.kind == LexKind::op_or) {
      advance();
      node.children.push_back(parse_all(depth));
    }
    return node.children.size() == 1 ? std::move(node.children.front()) : std::move(node);
  }

  QueryNode parse_all(int depth) {
    QueryNode node{.kind = QueryKind::all, .column = current_.column};
    node.children.push_back(parse_not(depth));
    for (;;) {
      if (current_.kind == LexKind::op_and)
        advance();
      else if (current_.kind == LexKind::end || current_.kind == LexKind::close ||
               current_.kind == LexKind::op_or)
        break;
      node.children.push_back(parse_not(depth));
    }
    return node.children.size() == 1 ? std::move(node.children.front()) : std::move(node);
  }

  QueryNode parse_not(int depth) {
    if (depth > depth_max) fail(current_.column, "the query is nested too deeply");
    if (current_.kind != LexKind::op_not) return parse_near(depth);
    QueryNode node{.kind = QueryKind::none, .column = current_.column};
    advance();
    node.children.push_back(parse_not(depth + 1));
    return node;
  }

  QueryNode parse_near(int depth) {
    auto node = parse_primary(depth);
    while (current_.kind == LexKind::op_near || current_.kind == LexKind::op_ordered) {
      QueryNode near{.kind = current_.kind == LexKind::op_near ? QueryKind::near : QueryKind::ordered,
                     .distance = current_.distance,
                     .column = current_.column};
      advance();
      near.children.push_back(std::move(node));
      near.children.push_back(parse_primary(depth));
      for (const auto& child : near.children)
        if (!has_place(child)) fail(child.column, "NEAR joins words, phrases and groups of them with OR");
      node = std::move(near);
    }
    return node;
  }

  static bool has_place(const QueryNode& node) {
    switch (node.kind) {
      case QueryKind::words:
      case QueryKind::hashtag:
      case QueryKind::handle:
      case QueryKind::near:
      case QueryKind::ordered: return true;
      case QueryKind::any: return std::ranges::all_of(node.children, has_place);
      default: return false;
    }
  }

  QueryNode parse_primary(int depth) {
    const auto lexeme = current_;
    switch (lexeme.kind) {
      case LexKind::open: {
        advance();
        if (current_.kind == LexKind::close) fail(lexeme.column, "the brackets are empty");
        auto node = parse_any(depth + 1);
        if (current_.kind != LexKind::close) fail(lexeme.column, "the bracket is not closed");
        advance();
        return node;
      }
      case LexKind::word:
      case LexKind::phrase: advance(); return leaf(lexeme);
      case LexKind::close: fail(lexeme.column, "a word is missing before ')'");
      case LexKind::end: fail(lexeme.column, "a word is missing at the end");
      default: fail(lexeme.column, "a word is missing before the operator");
    }
  }

  static QueryNode leaf(const Lexeme& lexeme) {
    QueryNode node{.kind = QueryKind::words, .column = lexeme.column};
    if (!lexeme.prefix.empty() && lexeme.prefix != "case") return field(lexeme, std::move(node));
    const bool tag = !lexeme.quoted && lexeme.text.size() > 1 && lexeme.text[0] == '#';
    const bool handle = !lexeme.quoted && lexeme.text.size() > 1 && lexeme.text[0] == '@';
    if (tag || handle) {
      node.kind = tag ? QueryKind::hashtag : QueryKind::handle;
      node.value = fold_case(lexeme.text.substr(1));
      return node;
    }
    node.words = make_words(lexeme.text, lexeme.prefix == "case", lexeme.column);
    return node;
  }

  static QueryNode field(const Lexeme& lexeme, QueryNode node) {
    if (trim(lexeme.text).empty()) fail(lexeme.column, lexeme.prefix + ": needs a value");
    node.value = fold_case(lexeme.text);
    if (lexeme.prefix == "exact") {
      node.kind = QueryKind::exact;
      node.value = lexeme.text;
    } else if (lexeme.prefix == "author") {
      node.kind = QueryKind::author;
      if (node.value.starts_with('@')) node.value.erase(0, 1);
    } else if (lexeme.prefix == "site") {
      node.kind = QueryKind::site;
    } else if (lexeme.prefix == "lang") {
      node.kind = QueryKind::lang;
    } else if (lexeme.prefix == "source") {
      node.kind = QueryKind::source;
    } else {
      node.kind = QueryKind::link;
    }
    return node;
  }

  Lexer lexer_;
  Lexeme current_;
};

}  // namespace

Result<QueryNode> parse_query(std::string_view text) {
  if (text.size() > bytes_max)
    return unexpected(ErrorKind::invalid, "column 1: the query is longer than 10,000 bytes");
  // They come from a slip of the clipboard, no post is found by them, and tokenising splits words at them.
  const auto control = std::ranges::find_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
  if (control != text.end())
    return unexpected(ErrorKind::invalid,
                      "column " + std::to_string(control - text.begin() + 1) + ": a control character");
  try {
    return Parser(text).parse();
  } catch (const Failure& failure) {
    return unexpected(ErrorKind::invalid, failure.message);
  }
}

std::string to_string(const QueryNode& node) {
  const auto join = [&](std::string_view between) {
    std::string out = "(";
    for (std::size_t i = 0; i < node.children.size(); ++i)
      out += (i ? std::string(between) : "") + to_string(node.children[i]);
    return out + ")";
  };
  switch (node.kind) {
    case QueryKind::all: return join(" AND ");
    case QueryKind::any: return join(" OR ");
    case QueryKind::none: return "NOT " + to_string(node.children.front());
    case QueryKind::near: return join(" NEAR/" + std::to_string(node.distance) + " ");
    case QueryKind::ordered: return join(" ONEAR/" + std::to_string(node.distance) + " ");
    case QueryKind::hashtag: return "#" + node.value;
    case QueryKind::handle: return "@" + node.value;
    case QueryKind::exact: return "exact:\"" + node.value + "\"";
    case QueryKind::author: return "author:\"" + node.value + "\"";
    case QueryKind::site: return "site:\"" + node.value + "\"";
    case QueryKind::lang: return "lang:\"" + node.value + "\"";
    case QueryKind::source: return "source:\"" + node.value + "\"";
    case QueryKind::link: return "link:\"" + node.value + "\"";
    case QueryKind::words: {
      const bool cased = !node.words.front().surface.empty();
      std::string out = cased ? "case:\"" : "\"";
      for (std::size_t i = 0; i < node.words.size(); ++i)
        out += (i ? " " : "") + (cased ? node.words[i].surface : node.words[i].folded);
      return out + "\"";
    }
  }
  return {};
}

}  // namespace earshot::analysis
