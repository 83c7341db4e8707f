// Queries that would match nearly every text.
#include <algorithm>

#include "analysis/text/query_parser.hpp"

namespace earshot::analysis {
namespace {

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

std::string lint_query(const QueryNode& query) {
  const auto why = too_wide(query);
  return why.empty() ? why : "the query matches (nearly) everything: " + why;
}

}  // namespace earshot::analysis
