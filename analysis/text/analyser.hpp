#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/text/rule_set.hpp"
#include "analysis/text/token.hpp"
#include "core/base/result.hpp"
#include "core/model/brand.hpp"
#include "core/model/mention.hpp"
#include "core/model/verdict.hpp"

namespace earshot::analysis {

/// A company's own issue type: a name and example sentences.
struct OwnIssueType {
  std::string name;
  std::vector<std::string> examples;
};

struct AnalyserOptions {
  std::vector<std::string> languages;  ///< restrict language identification; empty: all
  std::vector<OwnIssueType> own_issues;
  bool learned = true;  ///< false: without the learned layers, as `earshot train` reads posts
  std::string overlay;  ///< text of a brand or company lexicon overlay, same format as the shipped one
  RuleSet rules = {};   ///< rules of sentiment that are on
};

enum class WithEvidence { no, yes };

/// Working memory of one thread.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;

 private:
  friend class Analyser;
  struct State;
  std::unique_ptr<State> state_;
};

/// Text in, verdict out. Built once from the embedded tables; const and thread-safe afterwards (each thread
/// brings its own Scratch). Deterministic: same text, same version, same verdict on every machine.
class Analyser {
 public:
  /// Fails with `invalid` naming line and column when the overlay does not parse.
  static Result<std::unique_ptr<Analyser>> create(const AnalyserOptions& options);
  ~Analyser();

  /// The verdict on a whole text, with no brand in mind (`earshot score` without "brand").
  Verdict analyse(std::string_view text, std::string_view lang_hint, WithEvidence evidence,
                  Scratch& scratch) const;

  /// One verdict per match, in the order of `matches`: polarity is attributed to each brand from the clauses
  /// around its spans, and so to each product that is named; issues, intents and language are those of the
  /// whole text.
  std::vector<BrandVerdict> analyse(const Mention& mention, std::span<const Match> matches,
                                    WithEvidence evidence, Scratch& scratch) const;
  /// The same of a text that was cut into words before, as BrandMatcher::match leaves them.
  std::vector<BrandVerdict> analyse(const Mention& mention, const TokenBuffer& words,
                                    std::span<const Match> matches, WithEvidence evidence,
                                    Scratch& scratch) const;

  /// Polarity alone of a text in a known language; unscored when that has no lexicon. Allocates nothing once
  /// warm.
  Sentiment sentiment(std::string_view text, std::string_view lang, Scratch& scratch) const;

  std::uint32_t lexicon_version() const;

  /// The sentiment model's inputs for a text in a known language, by name; what `earshot train` learns
  /// weights for.
  std::vector<std::pair<std::string, float>> features(std::string_view text, std::string_view lang,
                                                      Scratch& scratch) const;

  /// What a feature (by name) weighs for a topic where nothing was learned: the prior of all languages, from
  /// which `earshot train` starts. 0 for other names.
  float topic_prior(std::string_view feature, std::size_t topic) const;

 private:
  struct Tables;
  explicit Analyser(std::unique_ptr<const Tables> tables);
  std::unique_ptr<const Tables> tables_;
};

}  // namespace earshot::analysis
