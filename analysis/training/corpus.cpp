#include "analysis/training/corpus.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "analysis/text/features.hpp"
#include "analysis/text/tokenizer.hpp"

namespace earshot::analysis::training {
namespace {

std::string words_of(std::string_view text, const Tokenizer& tokenizer, TokenBuffer& buffer) {
  tokenizer.tokenize(text, buffer);
  std::string key;
  for (const auto& token : buffer.tokens())
    if (token.kind == TokenKind::word || token.kind == TokenKind::number || token.kind == TokenKind::emoji)
      (key += token.folded) += ' ';
  return key;
}

bool is_pair(std::string_view name) { return name.find(' ') != std::string_view::npos; }

}  // namespace

bool is_feature(std::string_view name) {
  for (std::size_t i = 0; i < feature_total; ++i)
    if (feature_name(i) == name) return true;
  return false;
}

Corpus::Corpus(std::vector<LabelledPost> posts, const Analyser& analyser, std::string_view lang) {
  const Tokenizer tokenizer;
  TokenBuffer buffer;
  Scratch scratch;
  std::unordered_set<std::string> seen;
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (std::size_t i = 0; i < feature_total; ++i)
    for (std::size_t topic = 0; topic < topic_count; ++topic)
      priors_[std::string(feature_name(i))][topic] = analyser.topic_prior(feature_name(i), topic);
  for (auto& post : posts) {
    // The same text may stand once for its polarity and once for its topics.
    const auto kind = post.polarity ? "p " : "t ";
    if (!seen.insert(kind + words_of(post.text, tokenizer, buffer)).second) continue;
    for (const auto& [name, value] : analyser.features(post.text, lang, scratch)) {
      const auto [at, fresh] = numbers.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
      if (fresh) names_.push_back(name);
      rows_.column.push_back(at->second);
      rows_.value.push_back(value);
    }
    rows_.begin.push_back(rows_.column.size());
    posts_.push_back(std::move(post));
  }
}

Corpus Corpus::without_negation() const {
  Corpus out;
  out.posts_ = posts_;
  out.rows_ = rows_;
  out.priors_ = priors_;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<std::uint32_t> renamed;
  for (const auto& name : names_) {
    auto plain = std::string_view(name);
    if (plain.starts_with("not:") && plain.size() > 4) plain.remove_prefix(4);
    const auto [at, fresh] = numbers.try_emplace(plain, static_cast<std::uint32_t>(out.names_.size()));
    if (fresh) out.names_.emplace_back(plain);
    renamed.push_back(at->second);
  }
  for (auto& column : out.rows_.column) column = renamed[column];
  return out;
}

std::vector<std::uint32_t> Corpus::vocabulary(const std::vector<std::uint32_t>& chosen, unsigned words,
                                              unsigned pairs) const {
  std::vector<unsigned> count(names_.size(), 0);
  std::vector<std::uint32_t> last(names_.size(), UINT32_MAX);  // a post counts once for each of its words
  for (const auto post : chosen)
    for (auto k = rows_.begin[post]; k < rows_.begin[post + 1]; ++k)
      if (const auto column = rows_.column[k]; last[column] != post) {
        last[column] = post;
        ++count[column];
      }
  std::vector<std::uint32_t> columns;
  for (std::uint32_t i = 0; i < names_.size(); ++i)
    if (count[i] > 0 && (count[i] >= (is_pair(names_[i]) ? pairs : words) || is_feature(names_[i])))
      columns.push_back(i);
  std::ranges::sort(columns, {}, [&](std::uint32_t i) -> const std::string& { return names_[i]; });
  return columns;
}

Rows Corpus::matrix(const std::vector<std::uint32_t>& chosen,
                    const std::vector<std::uint32_t>& columns) const {
  std::vector<std::uint32_t> place(names_.size(), UINT32_MAX);
  for (std::uint32_t i = 0; i < columns.size(); ++i) place[columns[i]] = i;
  Rows out;
  for (const auto post : chosen) {
    for (auto k = rows_.begin[post]; k < rows_.begin[post + 1]; ++k)
      if (const auto at = place[rows_.column[k]]; at != UINT32_MAX) {
        out.column.push_back(at);
        out.value.push_back(rows_.value[k]);
      }
    out.begin.push_back(out.column.size());
  }
  return out;
}

}  // namespace earshot::analysis::training
