#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/lexicon.hpp"
#include "analysis/text/reading.hpp"
#include "analysis/text/rule_set.hpp"
#include "analysis/text/token.hpp"
#include "core/model/brand.hpp"
#include "core/model/verdict.hpp"

/// Of what something is said: of a brand, or of one of its products. Each clause belongs to the targets it
/// names; a clause that names none belongs to the last one named before it in its sentence, or to the first
/// after it; a sentence that names none is about all of them. Comparisons and switches ("left A for B", "A is
/// better than B") are read as such: they decide the clause. What is said of a product is said of its brand,
/// except that a comparison of two of its products says nothing of the brand.
namespace earshot::analysis {

/// Working memory for the targets of one text: each match's brand, followed by those of its products that are
/// named.
struct Attribution {
  std::vector<std::size_t> brand_target;  ///< per match; its products follow
  std::vector<std::uint8_t> mask;         ///< target-major: clauses that count for it
  std::vector<ClassWeights> adjust;       ///< per target: what comparisons say, in logits
  std::vector<std::int8_t> compared;      ///< target-major per clause: +1 wins, −1 loses
  std::vector<std::int16_t> unit_target;  ///< target named by a unit, or −1
  std::size_t clauses = 0;
  bool apart = false;  ///< a target is named: not everything is said of everyone

  std::span<const std::uint8_t> mask_of(std::size_t target) const {
    return std::span(mask).subspan(target * clauses, clauses);
  }
};

void attribute(const Reading& reading, Tokens tokens, std::span<const Match> matches, RuleSet rules,
               Attribution& out);

}  // namespace earshot::analysis
