#include "analysis/content/terms.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "embedded/content_words.hpp"

namespace earshot::analysis {
namespace {

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

/// "don't" and "dont", "e-sim" and "esim" are one word each.
std::string bare(std::string_view word) {
  std::string out;
  for (const char c : word)
    if (c != '\'' && c != '-') out.push_back(c);
  return out;
}

void cut(std::string& word, std::size_t letters) { word.resize(word.size() - letters); }

/// Calls `row(first column, word)` for every word of the second column of a table.
template <typename Row>
void each_word(std::string_view table, Row&& row) {
  for (const auto line : split(table, '\n')) {
    const auto tab = line.find('\t');
    if (line.empty() || line.front() == '#' || tab == std::string_view::npos) continue;
    for (const auto word : split(line.substr(tab + 1), ' '))
      if (!word.empty()) row(line.substr(0, tab), word);
  }
}

}  // namespace

std::string light_stem(std::string_view word) {
  std::string out(word);
  const auto left = [&](std::size_t suffix) { return out.size() >= suffix + 3; };
  if (out.ends_with("ies") && left(3)) {
    cut(out, 3);
    out.push_back('y');
  } else if (out.ends_with("es") && left(2) &&
             std::string_view("sxzh").find(out[out.size() - 3]) != std::string_view::npos) {
    cut(out, 2);
  } else if (out.ends_with('s') && !out.ends_with("ss") && !out.ends_with("us") && left(1)) {
    cut(out, 1);
  }
  const bool ing = out.ends_with("ing") && left(3), ed = out.ends_with("ed") && left(2);
  if (ing || ed) {
    const auto stem = std::string_view(out).substr(0, out.size() - (ing ? 3 : 2));
    if (std::ranges::any_of(stem, is_vowel)) {
      cut(out, ing ? 3 : 2);
      const auto n = out.size();
      if (n > 3 && out[n - 1] == out[n - 2] &&
          std::string_view("lsz").find(out[n - 1]) == std::string_view::npos)
        cut(out, 1);
    }
  }
  if (out.size() > 3 && out.ends_with('e')) cut(out, 1);
  return out;
}

TermReader::TermReader(const std::vector<std::string>& names) {
  for (const auto& file : embedded::content_words()) {
    if (file.name == "concepts.tsv")
      each_word(file.bytes, [&](std::string_view concept_name, std::string_view word) {
        concepts_.emplace(light_stem(word), "=" + std::string(concept_name));
      });
    else
      each_word(file.bytes, [&](std::string_view, std::string_view word) { dropped_.insert(bare(word)); });
  }
  for (const auto& name : names) {
    tokenizer_.tokenize(name, tokens_);
    for (const auto& token : tokens_.tokens()) dropped_.insert(bare(token.folded));
  }
}

std::string TermReader::key_of(std::string_view folded) const {
  auto word = bare(folded);
  if (word.size() > 2 && folded.ends_with("'s")) cut(word, 1);
  if (word.size() < 2 || dropped_.contains(word)) return {};
  auto stem = light_stem(word);
  const auto found = concepts_.find(stem);
  return found == concepts_.end() ? stem : found->second;
}

std::vector<Term> TermReader::terms(std::string_view text) {
  tokenizer_.tokenize(text, tokens_);
  std::vector<Term> out;
  const auto& tokens = tokens_.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::word) continue;
    // "e-sim", "wi-fi", "third-party": the tokenizer cuts at hyphens, the concepts know the whole.
    const bool joined = i + 1 < tokens.size() && tokens[i + 1].kind == TokenKind::word &&
                        tokens[i + 1].span.begin == tokens[i].span.end + 1 && text[tokens[i].span.end] == '-';
    if (joined) {
      const std::string first(tokens[i].folded), second(tokens[i + 1].folded);
      const auto whole = concepts_.find(light_stem(bare(first + second)));
      if (whole != concepts_.end()) {
        out.push_back({.key = whole->second, .word = first + "-" + second});
        ++i;
        continue;
      }
    }
    if (auto key = key_of(tokens[i].folded); !key.empty())
      out.push_back({.key = std::move(key), .word = std::string(tokens[i].folded)});
  }
  return out;
}

}  // namespace earshot::analysis
