#include "analysis/text/query_parser.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "analysis/text/tokenizer.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

constexpr std::size_t bytes_max = 10'000;
constexpr int depth_max = 64;

enum class LexKind { word, phrase, open, close, op_or, op_and, op_not, op_near, op_ordered, end };

struct Lexeme {
  LexKind kind = LexKind::end;
  std::string text = {};    ///< content of a word or phrase
  std::string prefix = {};  ///< "case", "author", … before ':'
  bool quoted = false;
  int distance = 0;
  std::size_t column = 1;
};

struct Failure {
  std::string message;
};

[[noreturn]] void fail(std::size_t column, const std::string& what) {
  throw Failure{"column " + std::to_string(column) + ": " + what};
}

constexpr std::string_view prefixes[] = {"case", "exact", "author", "site", "lang", "source", "link"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Lexeme next() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
    Lexeme out{.column = at_ + 1};
    if (at_ == text_.size()) return out;
    const char c = text_[at_];
    if (c == '(' || c == ')') {
      ++at_;
      out.kind = c == '(' ? LexKind::open : LexKind::close;
      return out;
    }
    if (c == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ' ') {
      ++at_;
      out.kind = LexKind::op_not;
      return out;
    }
    if (c == '"') return phrase(std::move(out));
    return word(std::move(out));
  }

 private:
  Lexeme phrase(Lexeme out) {
    const auto end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) fail(at_ + 1, "the quote is not closed");
    out.kind = LexKind::phrase;
    out.quoted = true;
    out.text = std::string(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return out;
  }

  Lexeme word(Lexeme out) {
    const auto start = at_;
    while (at_ < text_.size() && std::string_view(" \t\r\n()\"").find(text_[at_]) == std::string_view::npos) {
      if (text_[at_] == ':' && out.prefix.empty()) {
        const auto name = text_.substr(start, at_ - start);
        if (std::ranges::find(prefixes, name) != std::end(prefixes)) {
          out.prefix = std::string(name);
          ++at_;
          if (at_ < text_.size() && text_[at_] == '"') return phrase(std::move(out));
          return rest(std::move(out));
        }
      }
      ++at_;
    }
    out.text = std::string(text_.substr(start, at_ - start));
    out.kind = LexKind::word;
    return operator_or_word(std::move(out));
  }

  Lexeme rest(Lexeme out) {
    const auto start = at_;
    while (at_ < text_.size() && std::string_view(" \t\r\n()\"").find(text_[at_]) == std::string_view::npos)
      ++at_;
    out.kind = LexKind::word;
    out.text = std::string(text_.substr(start, at_ - start));
    if (out.text.empty()) fail(out.column, out.prefix + ": needs a value");
    return out;
  }

  Lexeme operator_or_word(Lexeme out) {
    if (out.text == "OR") out.kind = LexKind::op_or;
    if (out.text == "AND") out.kind = LexKind::op_and;
    if (out.text == "NOT") out.kind = LexKind::op_not;
    for (const auto& [name, kind] :
         {std::pair("NEAR/", LexKind::op_near), std::pair("ONEAR/", LexKind::op_ordered)}) {
      if (!out.text.starts_with(name)) continue;
      const auto digits = std::string_view(out.text).substr(std::string_view(name).size());
      const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out.distance);
      if (failure != std::errc{} || end != digits.data() + digits.size() || out.distance < 1 ||
          out.distance > 100)
        fail(out.column, std::string(name) + "n needs a distance from 1 to 100");
      out.kind = kind;
    }
    if (out.text == "NEAR" || out.text == "ONEAR")
      fail(out.column, "write " + out.text + "/n, such as NEAR/5");
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

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

constexpr std::string_view common_words[] = {
    "the",   "be",    "to",    "of",   "and", "a",   "in",  "that", "have",  "i",   "it",  "for",
    "not",   "on",    "with",  "he",   "as",  "you", "do",  "at",   "this",  "but", "his", "by",
    "from",  "they",  "we",    "say",  "her", "she", "or",  "an",   "will",  "my",  "one", "all",
    "would", "there", "their", "what", "so",  "up",  "out", "if",   "about", "who", "get", "which",
    "go",    "me",    "is",    "are",  "was", "has", "had", "im",   "your",  "der", "die", "und",
    "el",    "la",    "le",    "les",  "que", "de",  "il",  "e",    "o"};

/// Why this node alone would match nearly every text; empty when it narrows.
std::string too_wide(const QueryNode& node) {
  switch (node.kind) {
    case QueryKind::any:
      for (const auto& child : node.children)
        if (auto why = too_wide(child); !why.empty()) return why;
      return {};
    case QueryKind::all: {
      std::string why;
      for (const auto& child : node.children) {
        why = too_wide(child);
        if (why.empty()) return {};
      }
      return why;
    }
    case QueryKind::none: return "it only says what must not be there";
    case QueryKind::lang: return "lang: alone matches every text in that language";
    case QueryKind::source: return "source: alone matches everything from there";
    case QueryKind::words: {
      if (node.words.size() > 1) return {};
      const auto& word = node.words.front();
      if (word.pattern && word.folded.find_first_not_of("*?") == std::string::npos)
        return "'" + word.folded + "' matches every word";
      if (word.pattern && std::ranges::count_if(word.folded, [](char c) { return c != '*' && c != '?'; }) < 2)
        return "'" + word.folded + "' matches far too many words";
      if (!word.pattern && word.folded.size() == 1 && static_cast<unsigned char>(word.folded[0]) < 0x80)
        return "'" + word.folded + "' is a single letter";
      if (std::ranges::find(common_words, word.folded) != std::end(common_words) && word.surface.empty())
        return "'" + word.folded + "' is in nearly every text";
      return {};
    }
    default: return {};
  }
}

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

std::string lint_query(const QueryNode& query) {
  const auto why = too_wide(query);
  return why.empty() ? why : "the query matches (nearly) everything: " + why;
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
