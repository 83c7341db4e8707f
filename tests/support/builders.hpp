#pragma once
#include <string>

#include "core/model/mention.hpp"
#include "core/model/verdict.hpp"
#include "store/batch.hpp"

namespace earshot::test {

/// 2026-03-02 00:00 UTC, a Monday.
inline constexpr std::int64_t monday_ms = 1'772'409'600'000;

inline Mention mention(std::string id, std::int64_t minute, std::string text = "Fernwave is down",
                       std::string author = "ann") {
  Mention out;
  out.platform = "mastodon";
  out.native_id = "https://social.example/" + id;
  out.text = std::move(text);
  out.author = Author{.id = author, .handle = author, .name = author};
  out.created_at = from_ms(monday_ms + minute * 60'000);
  out.fetched_at = from_ms(monday_ms + minute * 60'000 + 5'000);
  return out;
}

inline store::ScoredMention scored(Mention m, BrandId brand, Polarity polarity = Polarity::negative,
                                   IssueType issue = IssueType::outage) {
  BrandVerdict v{.brand = brand};
  v.verdict.sentiment.polarity = polarity;
  v.verdict.sentiment.score = polarity == Polarity::negative   ? -0.5F
                              : polarity == Polarity::positive ? 0.5F
                                                               : 0.0F;
  v.verdict.issues = {ScoredIssue{.type = issue, .score = 0.9F}};
  v.verdict.lang = "en";
  return store::ScoredMention{.mention = std::move(m), .verdicts = {v}, .fingerprint = 7};
}

/// … which also says something of a product.
inline store::ScoredMention with_product(store::ScoredMention item, std::string product, Polarity polarity) {
  const auto score = static_cast<float>(polarity == Polarity::unscored ? 0 : static_cast<int>(polarity)) / 2;
  item.verdicts.at(0).verdict.products.push_back(
      {.product = std::move(product), .sentiment = {.polarity = polarity, .score = score}});
  return item;
}

}  // namespace earshot::test
