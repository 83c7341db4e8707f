#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analysis/text/tokenizer.hpp"

namespace earshot::analysis {

/// One word that carries meaning.
struct Term {
  std::string key = {};   ///< its stem, or "=concept" for a word of a known concept
  std::string word = {};  ///< as written, case folded
  bool operator==(const Term&) const = default;
};

/// What a text is about, as stems: function words, question words, courtesies, numbers, handles, links and
/// the names that everybody writes (brand, products) are gone; plural, -ing and -ed are cut; words of one
/// concept ("invoice", "bill") become one term that starts with '='. Immutable after construction; one thread
/// at a time, as it keeps a buffer of tokens.
class TermReader {
 public:
  /// `names`: words of brand and product names, in any case.
  explicit TermReader(const std::vector<std::string>& names = {});

  /// Terms in the order of the text, repeated ones too.
  std::vector<Term> terms(std::string_view text);

  /// A word, case folded, that is neither a function word nor one of the names.
  bool has_meaning(std::string_view folded) const { return !key_of(folded).empty(); }

  static bool is_concept(std::string_view key) { return key.starts_with('='); }

 private:
  std::string key_of(std::string_view folded) const;
  Tokenizer tokenizer_;
  TokenBuffer tokens_;
  std::unordered_set<std::string> dropped_;
  std::unordered_map<std::string, std::string> concepts_;  ///< stem → "=concept"
};

/// Light English stemming: "invoices" → "invoice", "bodies" → "body", "moving" → "mov", "dropped" → "drop".
/// A final e of words above four letters goes too, so that "move" and "moving" meet.
std::string light_stem(std::string_view word);

}  // namespace earshot::analysis
