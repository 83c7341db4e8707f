#include "analysis/content/pages.hpp"

#include <algorithm>
#include <cmath>

namespace earshot::analysis {
namespace {

/// ln(1 + 8): what a term weighs that one text in eight has.
const double shared_weight_min = std::log(9.0);

bool ends_words(char c) { return c == '-' || c == '_' || c == '/' || c == '+' || c == '.'; }

}  // namespace

std::optional<PageFit> best_page(const std::vector<std::string>& question,
                                 std::span<const std::vector<std::string>> pages, const TermRarity& rarity) {
  double whole = 0;
  for (const auto& key : question) whole += rarity.weight(key);
  std::optional<PageFit> best;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    PageFit fit{.page = i};
    double shared = 0;
    for (const auto& key : question) {
      if (std::ranges::find(pages[i], key) == pages[i].end()) continue;
      shared += rarity.weight(key);
      fit.terms.push_back(key);
    }
    if (fit.terms.empty() || shared <= shared_weight_min) continue;
    fit.score = shared / whole;
    if (fit.score < page_fit_min) continue;
    const bool better = !best || fit.score > best->score ||
                        (fit.score == best->score && pages[i].size() < pages[best->page].size());
    if (better) best = std::move(fit);
  }
  if (best)
    std::ranges::stable_sort(
        best->terms, [&](const auto& a, const auto& b) { return rarity.weight(a) > rarity.weight(b); });
  return best;
}

std::string address_words(std::string_view path) {
  for (const std::string_view ending : {".html", ".htm", ".php", ".aspx", ".md"})
    if (path.ends_with(ending)) path.remove_suffix(ending.size());
  std::string out;
  for (const char c : path) {
    if (!ends_words(c))
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace earshot::analysis
