#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// What people do, by whichever way it reaches the database: the store itself, or the daemon that holds it. A
/// decision without a time is of now. The same again changes nothing. Fails with `invalid` where a decision
/// is wrong, and as the way there fails. One thread at a time; blocking.
class Actions {
 public:
  virtual ~Actions() = default;
  /// One status per label; those that are fine are kept.
  virtual Result<std::vector<Status>> label(std::span<const store::Label> labels) = 0;
  virtual Status unlabel(MentionId mention, BrandId brand) = 0;
  virtual Status decide_idea(const store::IdeaDecision& decision) = 0;
  virtual Status decide_incident(const store::IncidentDecision& decision) = 0;
  virtual Status decide_waiting(const store::WaitingDecision& decision) = 0;
  virtual Status decide_story(const store::StoryDecision& decision) = 0;
  /// The one that was added or changed.
  virtual Result<CampaignId> decide_campaign(const store::CampaignDecision& decision) = 0;
  virtual Result<ClaimId> decide_claim(const store::ClaimDecision& decision) = 0;
  /// A dead letter goes out again; all of them, or those of one destination: how many.
  virtual Status retry_delivery(std::int64_t id) = 0;
  virtual Result<std::int64_t> retry_dead(const std::string& destination) = 0;
  /// What waits or is dead goes out no more.
  virtual Status drop_delivery(std::int64_t id) = 0;
  /// Takes everything of a person out, named by platform and by account id or handle. Minutes, where there
  /// are
  /// many millions of mentions.
  virtual Result<store::Erased> erase(const std::string& platform, const std::string& name,
                                      const std::string& reason) = 0;
};

/// On the store, in the thread that writes it. Both must outlive this.
class StoreActions final : public Actions {
 public:
  StoreActions(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Result<std::vector<Status>> label(std::span<const store::Label> labels) override;
  Status unlabel(MentionId mention, BrandId brand) override;
  Status decide_idea(const store::IdeaDecision& decision) override;
  Status decide_incident(const store::IncidentDecision& decision) override;
  Status decide_waiting(const store::WaitingDecision& decision) override;
  Status decide_story(const store::StoryDecision& decision) override;
  Result<CampaignId> decide_campaign(const store::CampaignDecision& decision) override;
  Result<ClaimId> decide_claim(const store::ClaimDecision& decision) override;
  Status retry_delivery(std::int64_t id) override;
  Result<std::int64_t> retry_dead(const std::string& destination) override;
  Status drop_delivery(std::int64_t id) override;
  Result<store::Erased> erase(const std::string& platform, const std::string& name,
                              const std::string& reason) override;

 private:
  store::Store& store_;
  const Clock& clock_;
};

}  // namespace earshot::daemon
