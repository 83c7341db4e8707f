#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/content/expectation.hpp"

/// Which page answers a question. Pure.
namespace earshot::analysis {

/// A question counts as answered from this share of its weight on.
inline constexpr double page_fit_min = 0.34;

struct PageFit {
  std::size_t page = 0;
  double score = 0;                     ///< share of the question's weight that the page has, up to 1
  std::vector<std::string> terms = {};  ///< keys that they share, weightiest first
};

/// The page whose terms make up most of a question's, each weighed by how rare it is among what people ask.
/// `question` and each page: keys of terms (TermReader), each once. Nothing when the best share is below
/// page_fit_min, or when the terms shared weigh together no more than one that every eighth text has. Of
/// equals the one with fewer terms, which says less beside it, then the first.
std::optional<PageFit> best_page(const std::vector<std::string>& question,
                                 std::span<const std::vector<std::string>> pages, const TermRarity& rarity);

/// The words of an address: "/help/reset-your_router.html" gives "help reset your router".
std::string address_words(std::string_view path);

}  // namespace earshot::analysis
