#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/text/analyser.hpp"
#include "analysis/text/brand_matcher.hpp"
#include "core/base/result.hpp"
#include "core/model/brand.hpp"
#include "core/model/page.hpp"
#include "daemon/pseudonyms.hpp"
#include "store/batch.hpp"

namespace earshot::daemon {

/// What of a mention may be kept once it has been judged.
struct Keeping {
  bool text = true, author = true, raw = true;
  bool operator==(const Keeping&) const = default;
};

/// What the pipeline must know of the source a page came from.
struct PageOrigin {
  SourceId source;
  std::string stream;
  std::int64_t epoch = 0;
  std::vector<BrandId> brands = {};             ///< only these; empty: all
  std::optional<BrandId> about = std::nullopt;  ///< the brand everything here is about
  Keeping keeping = {};
};

/// The path of one page between parsing and storing: put pseudonyms for names where those are not kept, match
/// brands, analyse, and hand over a batch. Immutable and thread-safe; the working memory is per thread.
class Pipeline {
 public:
  /// Compiles queries and lexicon. Fails with `invalid`, one line per mistake. Brands must have their ids.
  /// With a `key` people's names are not kept.
  static Result<std::shared_ptr<const Pipeline>> create(
      const std::vector<Brand>& brands, const analysis::AnalyserOptions& options,
      std::shared_ptr<const store::KeyedHash> key = nullptr);

  store::Batch process(Page page, const PageOrigin& origin, Timestamp now) const;
  const analysis::Analyser& analyser() const { return *analyser_; }
  const analysis::BrandMatcher& matcher() const { return *matcher_; }

 private:
  std::unique_ptr<analysis::Analyser> analyser_;
  std::unique_ptr<analysis::BrandMatcher> matcher_;
  std::optional<Pseudonyms> pseudonyms_;
};

}  // namespace earshot::daemon
