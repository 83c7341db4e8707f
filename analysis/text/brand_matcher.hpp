#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analysis/text/token.hpp"
#include "core/base/result.hpp"
#include "core/model/brand.hpp"
#include "core/model/mention.hpp"

namespace earshot::analysis {

/// Finds which of thousands of brands a mention speaks of, in one pass over its tokens. Immutable and
/// thread-safe.
class BrandMatcher {
 public:
  /// Compiles every brand's query (or the one made from its names). Fails with `invalid`; the message has one
  /// line per mistake: "brand 'Acme': query column 7: …". A query that would match everything is a mistake.
  static Result<std::unique_ptr<BrandMatcher>> create(std::span<const Brand> brands);
  ~BrandMatcher();

  /// Matches, ordered by brand id; spans are bytes of `mention.text`. Own accounts match as MatchKind::own;
  /// brands in `about` match whatever the words say, as MatchKind::source where nothing else does.
  std::vector<Match> match(const Mention& mention, std::span<const BrandId> about = {}) const;
  /// The same, and leaves the mention's words in `words` for who reads them next.
  std::vector<Match> match(const Mention& mention, std::span<const BrandId> about, MentionWords& words) const;

  /// Runs the brands' must_match and must_not_match examples; one line per failure.
  std::vector<std::string> run_examples() const;

 private:
  struct Compiled;
  explicit BrandMatcher(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace earshot::analysis
