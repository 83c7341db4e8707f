#include "daemon/rescoring.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>
#include <vector>

namespace earshot::daemon {
namespace {

constexpr std::size_t share = 500;  ///< mentions one thread takes at a time

/// The matches of the brands a mention is kept for: how it was found stays, where they are named is looked
/// up.
std::vector<Match> matches_of(const Pipeline& pipeline, const store::StoredMention& mention) {
  std::vector<BrandId> brands;
  for (const auto& verdict : mention.verdicts) brands.push_back(verdict.brand);
  auto matches = pipeline.matcher().match(mention.mention, brands);
  std::erase_if(matches, [&](const Match& m) { return std::ranges::find(brands, m.brand) == brands.end(); });
  for (auto& match : matches)
    match.kind = std::ranges::find(mention.verdicts, match.brand, &store::VerdictRow::brand)->match;
  return matches;
}

std::string heaviest_term(const Verdict& verdict) {
  const Evidence* best = nullptr;
  for (const auto& one : verdict.evidence)
    if ((one.rule == "sentiment" || one.rule == "negation") &&
        (!best || std::abs(one.weight) > std::abs(best->weight)))
      best = &one;
  return best ? best->term : std::string();
}

bool is_spam(const Verdict& verdict) {
  return std::ranges::any_of(verdict.intents, [](const ScoredIntent& i) { return i.intent == Intent::spam; });
}

void count(const Pipeline& pipeline, const store::StoredMention& mention, std::span<const Match> matches,
           analysis::Scratch& scratch, RescoredBrands& out) {
  std::vector<BrandVerdict> reasons;
  for (std::size_t i = 0; i < mention.rescored.size(); ++i) {
    const auto& now = mention.rescored[i];
    if (now.match == MatchKind::own) continue;
    const auto& was = *std::ranges::find(mention.verdicts, now.brand, &store::VerdictRow::brand);
    // What a person said stays.
    const auto from = index_of(was.polarity),
               to = was.polarity_labelled ? from : index_of(now.verdict.sentiment.polarity);
    auto& brand = out[now.brand];
    ++brand.mentions;
    if (!was.has(Intent::spam)) ++brand.before[from];
    if (!is_spam(now.verdict)) ++brand.after[to];
    const int top = now.verdict.issues.empty() ? -1 : static_cast<int>(now.verdict.issues.front().type);
    if (!was.issues_labelled && top != (was.top_issue ? static_cast<int>(*was.top_issue) : -1))
      ++brand.issues;
    if (from == to) continue;
    ++brand.moved[from][to];
    if (reasons.empty())
      reasons = pipeline.analyser().analyse(mention.mention, matches, analysis::WithEvidence::yes, scratch);
    if (auto term = heaviest_term(reasons[i].verdict); !term.empty()) ++brand.terms[std::move(term)];
  }
}

}  // namespace

void Rescored::merge(const Rescored& other) {
  mentions += other.mentions;
  issues += other.issues;
  for (std::size_t i = 0; i < polarity_count; ++i) {
    before[i] += other.before[i];
    after[i] += other.after[i];
    for (std::size_t k = 0; k < polarity_count; ++k) moved[i][k] += other.moved[i][k];
  }
  for (const auto& [term, times] : other.terms) terms[term] += times;
}

std::int64_t Rescored::flips() const {
  std::int64_t sum = 0;
  for (const auto& row : moved)
    for (const auto times : row) sum += times;
  return sum;
}

double net_sentiment(const std::array<std::int64_t, polarity_count>& counts) {
  const auto scored = counts[0] + counts[1] + counts[2];
  return scored == 0 ? 0 : static_cast<double>(counts[2] - counts[0]) / static_cast<double>(scored);
}

RescoredBrands score_again(const Pipeline& pipeline, std::span<store::StoredMention> mentions) {
  RescoredBrands all;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    analysis::Scratch scratch;
    RescoredBrands mine;
    for (std::size_t begin; (begin = next.fetch_add(share)) < mentions.size();)
      for (auto& mention : mentions.subspan(begin, std::min(share, mentions.size() - begin))) {
        if (mention.mention.deleted) continue;
        const auto matches = matches_of(pipeline, mention);
        mention.rescored =
            pipeline.analyser().analyse(mention.mention, matches, analysis::WithEvidence::no, scratch);
        count(pipeline, mention, matches, scratch, mine);
      }
    const std::lock_guard lock(mutex);
    for (const auto& [brand, counts] : mine) all[brand].merge(counts);
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
      threads.emplace_back(work);
    work();
  }
  return all;
}

}  // namespace earshot::daemon
