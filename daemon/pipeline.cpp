#include "daemon/pipeline.hpp"

#include <algorithm>

#include "connectors/normalise.hpp"

namespace earshot::daemon {
namespace {

void keep_brands_of(std::vector<Match>& matches, const PageOrigin& origin) {
  if (origin.brands.empty()) return;
  std::erase_if(matches, [&](const Match& m) {
    return m.brand != origin.about && std::ranges::find(origin.brands, m.brand) == origin.brands.end();
  });
}

/// What people are called by, and their words, where a platform's rules forbid to keep them. Numbers that
/// lead to nobody (how many people there were) are made of them before.
void leave_out(store::ScoredMention& item, const Keeping& keeping) {
  auto& mention = item.mention;
  if (!keeping.author) {
    mention.author.id.clear();
    mention.author.handle.clear();
    mention.author.name.clear();
  }
  if (keeping.text) return;
  for (auto* words :
       {&mention.text, &mention.title, &mention.extra, &item.derived->tags, &item.derived->links})
    words->clear();
}

}  // namespace

Result<std::shared_ptr<const Pipeline>> Pipeline::create(const std::vector<Brand>& brands,
                                                         const analysis::AnalyserOptions& options,
                                                         std::shared_ptr<const store::KeyedHash> key) {
  auto pipeline = std::make_shared<Pipeline>();
  auto matcher = analysis::BrandMatcher::create(brands);
  auto analyser = analysis::Analyser::create(options);
  if (!matcher || !analyser) {
    std::string all = matcher ? "" : matcher.error().message;
    if (!analyser) all += (all.empty() ? "" : "\n") + analyser.error().message;
    return unexpected(ErrorKind::invalid, all);
  }
  pipeline->matcher_ = std::move(*matcher);
  pipeline->analyser_ = std::move(*analyser);
  if (key) pipeline->pseudonyms_.emplace(std::move(key), brands);
  return std::shared_ptr<const Pipeline>(std::move(pipeline));
}

store::Batch Pipeline::process(Page page, const PageOrigin& origin, Timestamp now) const {
  thread_local analysis::Scratch scratch;
  thread_local analysis::MentionWords words;
  store::Batch batch{.source = origin.source,
                     .stream = origin.stream,
                     .epoch = origin.epoch,
                     .malformed = page.bad_items.size(),
                     .cursor = std::move(page.cursor),
                     .caught_up = !page.more,
                     .gaps = std::move(page.gaps),
                     .withdrawals = std::move(page.withdrawals),
                     .now = now};
  const auto about = origin.about ? std::span(&*origin.about, 1) : std::span<const BrandId>();
  if (pseudonyms_)
    for (auto& withdrawal : batch.withdrawals) pseudonyms_->cover(withdrawal);
  batch.mentions.reserve(page.mentions.size());
  for (auto& mention : page.mentions) {
    auto& item = batch.mentions.emplace_back(store::ScoredMention{.mention = std::move(mention)});
    bool own = false;
    if (pseudonyms_) pseudonyms_->cover_words(item.mention);
    if (!item.mention.deleted) {
      auto matches = matcher_->match(item.mention, about, words);
      own = std::ranges::find(matches, MatchKind::own, &Match::kind) != matches.end();
      keep_brands_of(matches, origin);
      item.verdicts =
          analyser_->analyse(item.mention, words.text, matches, analysis::WithEvidence::no, scratch);
      item.fingerprint = connectors::text_fingerprint(item.mention.text);
    }
    if (pseudonyms_) pseudonyms_->cover_author(item.mention, own);
    if (!origin.keeping.raw || !origin.keeping.text) item.mention.raw.clear();
    item.derived = store::derive(item.mention, item.keeps_words());
    leave_out(item, origin.keeping);
  }
  return batch;
}

}  // namespace earshot::daemon
