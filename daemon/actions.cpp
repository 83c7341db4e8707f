#include "daemon/actions.hpp"

#include "store/content.hpp"

namespace earshot::daemon {
namespace {

template <typename Decision>
Decision dated(Decision decision, const Clock& clock) {
  if (decision.at == Timestamp{}) decision.at = clock.now();
  return decision;
}

}  // namespace

Result<std::vector<Status>> StoreActions::label(std::span<const store::Label> labels) {
  std::vector<store::Label> all;
  all.reserve(labels.size());
  for (const auto& label : labels) all.push_back(dated(label, clock_));
  return store_.label(all);
}

Status StoreActions::unlabel(MentionId mention, BrandId brand) { return store_.unlabel(mention, brand); }

Status StoreActions::decide_idea(const store::IdeaDecision& decision) {
  return store_.decide_idea(dated(decision, clock_));
}

Status StoreActions::decide_incident(const store::IncidentDecision& decision) {
  return store_.decide_incident(dated(decision, clock_));
}

Status StoreActions::decide_waiting(const store::WaitingDecision& decision) {
  return store_.decide_waiting(dated(decision, clock_));
}

Status StoreActions::decide_story(const store::StoryDecision& decision) {
  return store_.content().decide_story(dated(decision, clock_));
}

Result<CampaignId> StoreActions::decide_campaign(const store::CampaignDecision& decision) {
  return store_.decide_campaign(dated(decision, clock_));
}

Result<ClaimId> StoreActions::decide_claim(const store::ClaimDecision& decision) {
  return store_.decide_claim(dated(decision, clock_));
}

Status StoreActions::retry_delivery(std::int64_t id) { return store_.deliveries().requeue(id, clock_.now()); }

Result<std::int64_t> StoreActions::retry_dead(const std::string& destination) {
  return store_.deliveries().requeue_dead(destination, clock_.now());
}

Status StoreActions::drop_delivery(std::int64_t id) { return store_.deliveries().drop(id, clock_.now()); }

Result<store::Erased> StoreActions::erase(const std::string& platform, const std::string& name,
                                          const std::string& reason) {
  auto reader = store_.reader();
  if (!reader) return unexpected(reader.error());
  const auto trace = (*reader)->author(platform, name);
  if (!trace) return unexpected(trace.error());
  reader->reset();  // the log can only be cut short when nobody reads
  auto report = store_.erase(*trace, reason, clock_.now());
  if (!report) return unexpected(report.error());
  auto indexer = store_.indexer();
  if (!indexer) return unexpected(indexer.error());
  for (bool more = true; more;) {
    auto taken = (*indexer)->advance();
    if (!taken) return unexpected(taken.error());
    more = *taken;
  }
  indexer->reset();
  const auto settled = store_.settle_erasure();
  if (!settled) return unexpected(settled.error());
  return store::Erased{.report = std::move(*report), .settled = *settled};
}

}  // namespace earshot::daemon
