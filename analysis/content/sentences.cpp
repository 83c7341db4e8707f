#include "analysis/content/sentences.hpp"

#include <algorithm>
#include <array>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot::analysis {
namespace {

constexpr std::array openers{"how",    "what",   "when",    "where",  "which", "who",    "why",     "is",
                             "are",    "can",    "could",   "may",    "do",    "does",   "did",     "has",
                             "have",   "would",  "will",    "should", "any",   "anyone", "anybody", "whats",
                             "what's", "wheres", "where's", "hows",   "how's", "whens"};
constexpr std::array lead_ins{"hi",    "hello", "hey",      "all",  "so",       "and",    "but",  "ok",
                              "quick", "one",   "question", "dear", "everyone", "please", "just", "also"};
constexpr int lead_ins_max = 3;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string first_word(std::string_view& rest) {
  std::size_t at = 0;
  while (at < rest.size() &&
         (is_space(rest[at]) || std::string_view(",:;-\"'(.").find(rest[at]) != std::string_view::npos))
    ++at;
  const auto begin = at;
  while (at < rest.size() && !is_space(rest[at]) &&
         std::string_view(",:;.!?").find(rest[at]) == std::string_view::npos)
    ++at;
  auto word = ascii_lower(rest.substr(begin, at - begin));
  rest.remove_prefix(at);
  return word;
}

bool is_one_of(const auto& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

}  // namespace

std::vector<std::string_view> sentences(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    const auto part = trim(text.substr(begin, end - begin));
    if (!part.empty()) out.push_back(part);
    begin = end;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool stop =
        text[at] == '.' || text[at] == '!' || text[at] == '?' || text.substr(at).starts_with("…");
    const auto after = at + (text.substr(at).starts_with("…") ? 3 : 1);
    if (text[at] == '\n')
      close(at);
    else if (stop && (after >= text.size() || is_space(text[after])))
      close(after);
  }
  close(text.size());
  return out;
}

bool asks(std::string_view sentence) {
  if (sentence.find('?') != std::string_view::npos) return true;
  for (int i = 0; i <= lead_ins_max; ++i) {
    const auto word = first_word(sentence);
    if (is_one_of(openers, word)) return true;
    if (!is_one_of(lead_ins, word)) return false;
  }
  return false;
}

std::string tidy(std::string_view sentence, std::size_t bytes_max) {
  const auto plain = squeeze_space(printable(sentence));
  std::string out;
  for (auto word : split(plain, ' ')) {
    if (word.starts_with("http://") || word.starts_with("https://") ||
        (word.starts_with('@') && word.size() > 1))
      continue;
    while (word.starts_with('#')) word.remove_prefix(1);
    if (word.empty()) continue;
    if (!out.empty()) out.push_back(' ');
    out += word;
  }
  if (out.size() <= bytes_max) return out;
  constexpr std::string_view ellipsis = "…";
  std::string cut(utf8::truncate(out, bytes_max > ellipsis.size() ? bytes_max - ellipsis.size() : 0));
  if (const auto space = cut.rfind(' '); space != std::string::npos && space > cut.size() / 2)
    cut.resize(space);
  return cut + std::string(ellipsis);
}

}  // namespace earshot::analysis
