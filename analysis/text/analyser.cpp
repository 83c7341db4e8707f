#include "analysis/text/analyser.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "analysis/text/attribution.hpp"
#include "analysis/text/features.hpp"
#include "analysis/text/language.hpp"
#include "analysis/text/lexicon_set.hpp"
#include "analysis/text/named_features.hpp"
#include "analysis/text/own_issues.hpp"
#include "analysis/text/reading.hpp"
#include "analysis/text/reasons.hpp"
#include "analysis/text/rules.hpp"
#include "analysis/text/sentiment.hpp"
#include "analysis/text/tokenizer.hpp"
#include "analysis/text/topics.hpp"
#include "analysis/text/urgency.hpp"
#include "core/base/assert.hpp"

namespace earshot::analysis {
namespace {

/// One language's lexicon and the models inside it.
struct Table {
  explicit Table(Lexicon made, RuleSet rules = {})
      : lexicon(std::move(made)), sentiment(lexicon, rules), topics(lexicon) {}
  Lexicon lexicon;
  SentimentModel sentiment;
  TopicModel topics;

  /// What is said of one target of the attribution, which `named` names; why goes to `reasons`, if given.
  Sentiment score(const Reading& reading, Tokens tokens, const Attribution& attribution, std::size_t target,
                  std::span<const Span> named, std::vector<Evidence>* reasons) const {
    const auto mask = attribution.mask_of(target);
    const auto& adjust = attribution.adjust[target];
    const auto sums = sum_hits(reading, lexicon, mask, LearnedTopics::no);
    const auto features = features_of(reading, tokens, sums, mask);
    if (reasons) sentiment.explain(reading, tokens, features, lexicon, mask, *reasons);
    if (reasons && !named.empty() && adjust != ClassWeights{})
      reasons->push_back({.span = named.front(),
                          .term = "comparison",
                          .rule = "comparison",
                          .weight = adjust[2] - adjust[0]});
    return sentiment.score(sums, features, reading.word_scale, adjust);
  }
};

/// The words that name a brand or product, as evidence.
void explain_name(std::span<const Span> spans, std::string_view rule, std::string_view text,
                  std::vector<Evidence>& out) {
  for (const auto& span : spans)
    if (span.begin <= span.end && span.end <= text.size())
      out.push_back({.span = span,
                     .term = std::string(text.substr(span.begin, span.end - span.begin)),
                     .rule = std::string(rule),
                     .weight = 1});
}

}  // namespace

struct Scratch::State {
  TokenBuffer tokens;
  Reading reading;
  Attribution attribution;
  std::vector<Span> spans;
  std::vector<ScoredIssue> own;
};

Scratch::Scratch() : state_(std::make_unique<State>()) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

struct Analyser::Tables {
  Tokenizer tokenizer;
  std::map<std::string, Table, std::less<>> languages;  ///< those that can be scored
  Table shared{Lexicon{}, RuleSet{}};                   ///< emoji and faces alone
  std::string fallback;                                 ///< for text whose language nobody can tell
  std::unique_ptr<LanguageIdentifier> identifier;
  std::unique_ptr<OwnIssues> own;
  RuleSet rules;
  RuleStrengths strengths{rules};
  std::uint32_t version = 0;

  const Table* table(std::string_view lang) const {
    const auto found = languages.find(lang == "und" ? std::string_view(fallback) : lang);
    return found == languages.end() ? nullptr : &found->second;
  }
};

Analyser::Analyser(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Analyser::~Analyser() = default;
std::uint32_t Analyser::lexicon_version() const { return tables_->version; }

Result<std::unique_ptr<Analyser>> Analyser::create(const AnalyserOptions& options) {
  auto tables = std::make_unique<Tables>();
  auto lexicons =
      load_lexicons({.languages = options.languages, .overlay = options.overlay, .learned = options.learned},
                    tables->tokenizer);
  if (!lexicons) return unexpected(lexicons.error());
  for (auto& [language, lexicon] : lexicons->languages)
    tables->languages.emplace(language, Table(std::move(lexicon), options.rules));
  tables->shared = Table(std::move(lexicons->common), options.rules);
  tables->version = lexicons->version;
  tables->rules = options.rules;
  tables->strengths = RuleStrengths(options.rules);
  tables->fallback = options.languages.empty() ? "en" : options.languages.front();
  tables->identifier = std::make_unique<LanguageIdentifier>(options.languages, tables->tokenizer);
  tables->own = std::make_unique<OwnIssues>(options.own_issues, tables->shared.lexicon, tables->tokenizer);
  return std::unique_ptr<Analyser>(new Analyser(std::move(tables)));
}

Verdict Analyser::analyse(std::string_view text, std::string_view lang_hint, WithEvidence evidence,
                          Scratch& scratch) const {
  auto& s = *scratch.state_;
  Verdict verdict;
  verdict.lexicon_version = tables_->version;
  tables_->tokenizer.tokenize(text, s.tokens);
  const auto tokens = s.tokens.tokens();
  verdict.lang = tables_->identifier->identify(text, s.tokens, lang_hint);
  s.own.clear();
  if (!tables_->own->empty()) tables_->own->score(tokens, s.own);

  const auto* table = tables_->table(verdict.lang);
  const auto& used = table ? *table : tables_->shared;
  read_tokens(tokens, used.lexicon, {}, tables_->strengths, s.reading);
  const auto sums = sum_hits(s.reading, used.lexicon, {}, LearnedTopics::yes);
  const auto features = features_of(s.reading, tokens, sums, {});
  const auto scale = s.reading.word_scale;
  if (table) verdict.sentiment = table->sentiment.score(sums, features, scale, {});
  judge_topics(s.reading, sums, used.topics.score(sums, features, scale), s.own, verdict);
  judge_urgency(sums, verdict);
  find_reasons(s.reading, tokens, used.lexicon, verdict);
  if (evidence == WithEvidence::yes) {
    if (table) table->sentiment.explain(s.reading, tokens, features, used.lexicon, {}, verdict.evidence);
    explain_topics(s.reading, tokens, used.lexicon, verdict, verdict.evidence);
    explain_urgency(s.reading, tokens, used.lexicon, verdict, verdict.evidence);
  }
  return verdict;
}

std::vector<BrandVerdict> Analyser::analyse(const Mention& mention, std::span<const Match> matches,
                                            WithEvidence evidence, Scratch& scratch) const {
  if (matches.empty()) return {};
  auto& words = scratch.state_->tokens;
  tables_->tokenizer.tokenize(mention.text, words);
  return analyse(mention, words, matches, evidence, scratch);
}

std::vector<BrandVerdict> Analyser::analyse(const Mention& mention, const TokenBuffer& words,
                                            std::span<const Match> matches, WithEvidence evidence,
                                            Scratch& scratch) const {
  std::vector<BrandVerdict> out;
  if (matches.empty()) return out;
  auto& s = *scratch.state_;
  const auto tokens = words.tokens();
  const std::string_view lang = tables_->identifier->identify(mention.text, words, mention.lang);
  s.own.clear();
  if (!tables_->own->empty()) tables_->own->score(tokens, s.own);
  s.spans.clear();
  for (const auto& match : matches) {
    s.spans.insert(s.spans.end(), match.spans.begin(), match.spans.end());
    for (const auto& product : match.products)
      s.spans.insert(s.spans.end(), product.spans.begin(), product.spans.end());
  }

  const auto* table = tables_->table(lang);
  const auto& used = table ? *table : tables_->shared;
  read_tokens(tokens, used.lexicon, s.spans, tables_->strengths, s.reading);
  attribute(s.reading, tokens, matches, tables_->rules, s.attribution);
  const auto sums = sum_hits(s.reading, used.lexicon, {}, LearnedTopics::yes);
  const auto scale = s.reading.word_scale;
  const auto features = features_of(s.reading, tokens, sums, {});
  const auto logits = used.topics.score(sums, features, scale);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    Verdict verdict;
    verdict.lexicon_version = tables_->version;
    verdict.lang = lang;
    auto* reasons = evidence == WithEvidence::yes ? &verdict.evidence : nullptr;
    auto target = s.attribution.brand_target[i];
    if (reasons) explain_name(matches[i].spans, "brand", mention.text, *reasons);
    if (table && (s.attribution.apart || reasons))
      verdict.sentiment = table->score(s.reading, tokens, s.attribution, target, matches[i].spans, reasons);
    else if (table)
      verdict.sentiment = table->sentiment.score(sums, features, scale, {});
    for (const auto& [name, spans] : matches[i].products) {
      auto& product = verdict.products.emplace_back(ProductVerdict{.product = name});
      auto* why = reasons ? &product.evidence : nullptr;
      if (why) explain_name(spans, "product", mention.text, *why);
      ++target;
      if (table) product.sentiment = table->score(s.reading, tokens, s.attribution, target, spans, why);
    }
    judge_topics(s.reading, sums, logits, s.own, verdict);
    judge_urgency(sums, verdict);
    find_reasons(s.reading, tokens, used.lexicon, verdict);
    if (evidence == WithEvidence::yes) {
      explain_topics(s.reading, tokens, used.lexicon, verdict, verdict.evidence);
      explain_urgency(s.reading, tokens, used.lexicon, verdict, verdict.evidence);
    }
    out.push_back({.brand = matches[i].brand, .match = matches[i].kind, .verdict = std::move(verdict)});
  }
  return out;
}

Sentiment Analyser::sentiment(std::string_view text, std::string_view lang, Scratch& scratch) const {
  auto& s = *scratch.state_;
  const auto* table = tables_->table(lang);
  if (!table) return {};
  tables_->tokenizer.tokenize(text, s.tokens);
  const auto tokens = s.tokens.tokens();
  read_tokens(tokens, table->lexicon, {}, tables_->strengths, s.reading);
  const auto sums = sum_hits(s.reading, table->lexicon, {}, LearnedTopics::no);
  return table->sentiment.score(sums, features_of(s.reading, tokens, sums, {}), s.reading.word_scale, {});
}

float Analyser::topic_prior(std::string_view feature, std::size_t topic) const {
  for (std::size_t i = 0; i < feature_total; ++i)
    if (feature_name(i) == feature) return tables_->shared.topics.weight(i, topic);
  return 0;
}

std::vector<std::pair<std::string, float>> Analyser::features(std::string_view text, std::string_view lang,
                                                              Scratch& scratch) const {
  auto& s = *scratch.state_;
  const auto* table = tables_->table(lang);
  const auto& used = table ? *table : tables_->shared;
  tables_->tokenizer.tokenize(text, s.tokens);
  const auto tokens = s.tokens.tokens();
  read_tokens(tokens, used.lexicon, {}, tables_->strengths, s.reading);
  const auto features =
      features_of(s.reading, tokens, sum_hits(s.reading, used.lexicon, {}, LearnedTopics::no), {});
  return named_features(s.reading, tokens, features, used.lexicon);
}

}  // namespace earshot::analysis
