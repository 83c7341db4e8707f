#pragma once
#include <vector>

#include "analysis/content/expectation.hpp"
#include "insight/memory.hpp"

/// What people complain about and ask of a brand, as far as its claims have a part in it. Private to
/// insight/.
namespace earshot::insight {

struct Concerns {
  /// Those that say that they were misled, or may speak of a claim; oldest first, without copies. They live
  /// as long as the memory that they were read into stays as it is.
  std::vector<const store::MentionRow*> rows = {};
  std::vector<std::vector<analysis::Term>> terms = {};  ///< of the claims', that each has
  std::vector<bool> misled = {};                        ///< it says so
  analysis::TermRarity rarity = {};                     ///< of the claims' terms, among what others write
};

bool complains(const store::MentionRow& row);
/// It is about what one gets for one's money; a fault ("the roaming page does not load") is not.
bool is_of_worth(const store::MentionRow& row);

/// Without a word of being misled, so many rare words of the claim make a complaint one about it.
inline constexpr std::size_t quoted_terms_min = 2;

/// Since then, the newest 200,000: a burst must not take all memory.
Result<Concerns> read_concerns(const JobInput& input, Timestamp since,
                               const std::vector<analysis::Claim>& claims, Memory& memory);

}  // namespace earshot::insight
