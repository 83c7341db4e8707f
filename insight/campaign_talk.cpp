#include "insight/campaign_talk.hpp"

#include <algorithm>

#include "analysis/content/terms.hpp"

namespace earshot::insight {
namespace {

constexpr std::chrono::hours expected_max{24 * 35};
constexpr std::size_t concerns_max = 100'000, shared_min = 2;

/// The words of a campaign: its name's and its claims'.
std::set<std::string> words_of(const store::CampaignRow& campaign, const std::vector<store::ClaimRow>& claims,
                               analysis::TermReader& reader) {
  std::set<std::string> out;
  const auto add = [&](const std::string& text) {
    for (const auto& term : reader.terms(text)) out.insert(term.key);
  };
  add(campaign.name);
  for (const auto& claim : claims) {
    if (claim.campaign != campaign.id) continue;
    add(claim.text);
    add(claim.text_before);
  }
  return out;
}

bool only_talks(const store::MentionRow& row, const std::set<std::string>& words,
                analysis::TermReader& reader) {
  const auto& v = row.verdict;
  if (v.complaint || v.question || v.has(IssueType::expectation_gap)) return false;
  std::set<std::string> shared;
  for (const auto& term : reader.terms(row.title + "\n" + row.text))
    if (words.contains(term.key)) shared.insert(term.key);
  return shared.size() >= std::min(shared_min, words.size());
}

}  // namespace

std::set<std::int64_t> campaign_hours(const std::vector<store::CampaignRow>& campaigns, std::int64_t first,
                                      std::int64_t end) {
  std::set<std::int64_t> out;
  for (const auto& campaign : campaigns) {
    const auto to = campaign.to.value_or(hour_start(end));
    if (to - campaign.from > expected_max) continue;
    const auto last = std::min(hour_index(to - Milliseconds(1)), end - 1);
    for (auto hour = std::max(hour_index(campaign.from), first); hour <= last; ++hour) out.insert(hour);
  }
  if (2 * static_cast<std::int64_t>(out.size()) > end - first) out.clear();
  return out;
}

Result<std::unordered_set<MentionId>> campaign_talk(const JobInput& input, Timestamp since) {
  std::unordered_set<MentionId> out;
  auto campaigns = input.reader.campaigns(input.brand);
  if (!campaigns) return unexpected(campaigns.error());
  if (campaigns->empty()) return out;
  auto claims = input.reader.claims(input.brand);
  if (!claims) return unexpected(claims.error());
  auto names = input.names;
  names.push_back(input.brand_name);
  analysis::TermReader reader(names);
  for (const auto& campaign : *campaigns) {
    const store::HistoryPage page{.brand = input.brand,
                                  .since = std::max(campaign.from, since),
                                  .until = std::min(campaign.to.value_or(input.now), input.now)};
    const auto words = words_of(campaign, *claims, reader);
    if (page.since >= page.until || words.empty()) continue;
    auto rows = read_back<store::MentionRow>(page, concerns_max,
                                             [&](const auto& p) { return input.reader.concerns(p); });
    if (!rows) return unexpected(rows.error());
    for (const auto& row : *rows)
      if (only_talks(row, words, reader)) out.insert(row.id);
  }
  return out;
}

}  // namespace earshot::insight
