// Who says that they were misled, and by which claim.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/content/expectation.hpp"
#include "analysis/content/question_clusters.hpp"
#include "core/model/identity.hpp"
#include "insight/concerns.hpp"
#include "insight/history.hpp"
#include "insight/misled_story.hpp"

namespace earshot::insight {
namespace {

using store::MentionRow;

constexpr std::chrono::hours usual_span{24 * 28}, fresh_span{24 * 14};
constexpr std::size_t people_min = 3, tell_people_min = 5, findings_max = 200, key_terms = 3;
constexpr std::size_t unclaimed_max = 10'000;  ///< newest; grouping them takes about a second

analysis::Claim terms_of(const store::ClaimRow& claim, analysis::TermReader& reader) {
  analysis::Claim out{.terms = {}, .product = claim.product, .from_ms = to_ms(claim.from), .to_ms = {}};
  if (claim.to) out.to_ms = to_ms(*claim.to);
  std::set<std::string> seen;
  for (const auto& text : {claim.text, claim.text_before, claim.campaign_name})
    for (const auto& term : reader.terms(text))
      if (seen.insert(term.key).second) out.terms.push_back(term.key);
  return out;
}

/// Counts of what was said of the brand within [since, until), by whole hours.
std::int64_t mentions_in(const std::vector<store::HourRow>& hours, Timestamp since, Timestamp until) {
  std::int64_t sum = 0;
  for (const auto& hour : hours)
    if (hour.hour_at >= std::chrono::floor<std::chrono::hours>(since) && hour.hour_at < until)
      sum += hour.mentions;
  return sum;
}

Share share_of(const std::vector<const MentionRow*>& rows, const std::vector<store::HourRow>& hours,
               Timestamp since, Timestamp until) {
  Share out{.since = since, .until = until};
  for (const auto* row : rows)
    if (row->created_at >= since && row->created_at < until) ++out.mentions;
  // A mention that came in within the running hour may not be in the rollup's whole hours.
  out.of = std::max(out.mentions, mentions_in(hours, since, until));
  return out;
}

std::size_t people_since(const std::vector<const MentionRow*>& rows, Timestamp since) {
  std::set<std::uint64_t> people;
  for (const auto* row : rows)
    if (row->created_at >= since) people.insert(person_of(*row));
  return people.size();
}

store::MisledRow row_of(const JobInput& input, const std::vector<const MentionRow*>& members) {
  store::MisledRow out{.brand = input.brand,
                       .people = static_cast<std::int64_t>(people_since(members, Timestamp{})),
                       .mentions = static_cast<std::int64_t>(members.size())};
  out.first_at = members.front()->created_at;
  out.last_at = members.back()->created_at;
  for (const auto* member : members) out.members.push_back(member->id);
  return out;
}

struct History {
  std::vector<const MentionRow*> misled;  ///< all who say so, whatever it is about
  std::vector<store::HourRow> hours;
  Timestamp since;
};

store::MisledRow of_claim(const JobInput& input, const History& history, const store::ClaimRow& claim,
                          const std::vector<const MentionRow*>& members) {
  auto out = row_of(input, members);
  out.key = "claim:" + std::to_string(claim.id.value);
  out.claim = claim.id;
  const auto since = std::max(claim.from, history.since);
  // Later than that few remember it, and the share would be one of other talk.
  const auto fade_end = claim.to ? *claim.to + Milliseconds(analysis::fade_ms) : input.now;
  const auto until = std::min(input.now, fade_end);
  ClaimStory story{.claim = claim, .brand_name = input.brand_name, .now = input.now};
  story.share = share_of(members, history.hours, since, until);
  story.all = share_of(history.misled, history.hours, since, until);
  const auto before = std::max(history.since, since - usual_span);
  // A week is the least that says what is usual.
  const bool known = !history.hours.empty() &&
                     std::max(before, history.hours.front().hour_at) + std::chrono::hours(168) <= since;
  if (known) story.before = share_of(history.misled, history.hours, before, since);
  if (claim.edited_at && *claim.edited_at > since && *claim.edited_at < until) {
    story.before_edit = share_of(members, history.hours, since, *claim.edited_at);
    story.after_edit = share_of(members, history.hours, *claim.edited_at, until);
  }
  story.members = members;
  out.title = title_of(story, out.people);
  out.details = details_of(story);
  out.tell = people_since(members, input.now - fresh_span) >= tell_people_min && story.is_raised();
  return out;
}

/// Those no claim fits, by the words that several of them share.
std::vector<store::MisledRow> of_no_claim(const JobInput& input, const std::vector<const MentionRow*>& left,
                                          KeptClusters& kept) {
  std::vector<analysis::Question> texts;
  for (const auto* row : left)
    texts.push_back({.title = row->title, .text = row->text, .lang = row->verdict.lang});
  analysis::ClusterOptions options;
  options.names = input.names;
  options.names.push_back(input.brand_name);
  std::vector<store::MisledRow> out;
  std::set<std::string> taken;
  for (const auto& cluster : clusters_of(texts, options, &kept)) {
    std::vector<const MentionRow*> central, members;
    for (const auto member : cluster.members) central.push_back(left[member]);
    members = central;
    std::ranges::sort(members, {}, [](const auto* row) { return std::pair(row->created_at, row->id); });
    if (people_since(members, Timestamp{}) < people_min) continue;
    auto row = row_of(input, members);
    std::vector<std::string> words(
        cluster.words.begin(),
        cluster.words.begin() + static_cast<std::ptrdiff_t>(std::min(key_terms, cluster.words.size())));
    std::ranges::sort(words);
    row.key = "words";
    for (const auto& word : words) row.key += ":" + word;
    const auto base = row.key;
    for (int n = 2; !taken.insert(row.key).second; ++n) row.key = base + ":" + std::to_string(n);
    row.title = "No claim known: “" + cluster.label + "”";
    row.details = details_of(cluster.words, central);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Result<std::vector<store::MisledRow>> misled_job(const JobInput& input) {
  const auto since = std::chrono::floor<std::chrono::days>(input.now - history_span);
  auto claims = input.reader.claims(input.brand);
  if (!claims) return unexpected(claims.error());
  auto hours = input.reader.hours(input.brand, since, input.now);
  if (!hours) return unexpected(hours.error());
  auto names = input.names;
  names.push_back(input.brand_name);
  analysis::TermReader reader(names);
  std::vector<analysis::Claim> promised;
  for (const auto& claim : *claims) promised.push_back(terms_of(claim, reader));
  Memory fresh;
  auto& memory = input.memory ? *input.memory : fresh;
  const auto concerns = read_concerns(input, since, promised, memory);
  if (!concerns) return unexpected(concerns.error());

  History history{.misled = {}, .hours = std::move(*hours), .since = since};
  std::vector<std::vector<const MentionRow*>> of(claims->size());
  std::vector<const MentionRow*> left;
  for (std::size_t i = 0; i < concerns->rows.size(); ++i) {
    const auto& row = *concerns->rows[i];
    if (!concerns->misled[i] && (!complains(row) || !is_of_worth(row))) continue;
    std::vector<std::string> products;
    for (const auto& product : row.verdict.products) products.push_back(product.product);
    const auto tied =
        analysis::tie(concerns->terms[i], products, to_ms(row.created_at), promised, concerns->rarity);
    // A question about it is one, unless it is put in anger.
    const bool quotes = tied && tied->terms >= quoted_terms_min &&
                        (!row.verdict.question || row.verdict.polarity == Polarity::negative);
    if (!concerns->misled[i] && !quotes) continue;
    history.misled.push_back(&row);
    tied ? of[tied->claim].push_back(&row) : left.push_back(&row);
  }
  std::vector<store::MisledRow> out;
  for (std::size_t i = 0; i < claims->size(); ++i)
    if (!of[i].empty()) out.push_back(of_claim(input, history, (*claims)[i], of[i]));
  if (left.size() > unclaimed_max)
    left.erase(left.begin(), left.end() - static_cast<std::ptrdiff_t>(unclaimed_max));
  auto unclaimed = of_no_claim(input, left, memory.unclaimed);
  if (unclaimed.size() > findings_max) unclaimed.resize(findings_max);
  for (auto& row : unclaimed) out.push_back(std::move(row));
  return out;
}

}  // namespace earshot::insight
