#include "insight/remarks.hpp"

#include <algorithm>

#include "analysis/people/roles.hpp"
#include "core/base/hash.hpp"

namespace earshot::insight {
namespace {

using analysis::Sign;

/// Words of a reply from which on the same ones are a set piece.
constexpr std::size_t reply_words_min = 5;

std::vector<std::string> brand_names(const JobInput& input) {
  auto out = input.names;
  out.push_back(input.brand_name);
  return out;
}

}  // namespace

Remarker::Remarker(const JobInput& input) : signs_(brand_names(input), input.competitors) {
  for (const auto& name : brand_names(input)) {
    signs_.read(name);
    for (const auto& token : signs_.tokens())
      if (token.kind == analysis::TokenKind::word) names_.push_back(token.hash);
  }
}

/// Of a text that was just read: its words up to the signature ("^Noor"), without handles and the brand's
/// names.
std::uint64_t Remarker::reply_words(std::string_view text) const {
  const auto signature = std::min(text.find('^'), text.size());
  std::uint64_t hash = 0;
  std::size_t words = 0;
  for (const auto& token : signs_.tokens()) {
    if (token.span.begin >= signature) break;
    if (token.kind != analysis::TokenKind::word && token.kind != analysis::TokenKind::number) continue;
    if (token.has(analysis::in_hashtag) || std::ranges::find(names_, token.hash) != names_.end()) continue;
    hash = analysis::impl::fold_product(hash ^ token.hash, analysis::impl::hash_low | 1U);
    ++words;
  }
  return words < reply_words_min ? 0 : std::max<std::uint64_t>(hash, 1);
}

std::pair<bool, bool> Remarker::account(const store::ContactRow& row) {
  if (row.author_key == 0) return {false, false};
  const auto name = hash64(row.author_name, hash64(row.author_handle));
  if (const auto known = accounts_.find(name); known != accounts_.end()) return known->second;
  const auto hits = signs_.read(row.author_name);
  const bool staff = std::ranges::any_of(
      hits, [](const auto& hit) { return hit.sign == Sign::staff || hit.sign == Sign::employer; });
  const bool bot = analysis::names_a_bot(row.author_name) || analysis::names_a_bot(row.author_handle);
  return accounts_.emplace(name, std::pair(staff, bot)).first->second;
}

Remark Remarker::read(const store::ContactRow& row, analysis::WordCounts& counts) {
  Remark out;
  const bool own = is_own(row);
  if (!own) std::tie(out.name_says_staff, out.name_says_bot) = account(row);
  auto hits = signs_.read(row.text);
  counts.add(signs_.tokens());
  if (own) {
    out.promise = analysis::read_promise(signs_.tokens(), hits);
    out.reply_words = reply_words(row.text);
    return out;
  }
  std::erase_if(hits,
                [](const auto& hit) { return hit.sign == Sign::commitment || hit.sign == Sign::employer; });
  out.reason = analysis::reason_of(row.text, hits);
  std::erase_if(hits, [](const auto& hit) { return hit.sign == Sign::because; });
  out.signs = std::move(hits);
  return out;
}

}  // namespace earshot::insight
