#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/model/ids.hpp"
#include "store/people.hpp"

/// What the insight jobs find and people act upon: baselines, incidents, ideas, and who feels misled by what.
namespace earshot::store {

/// The baseline of everything, whatever its issue types.
inline constexpr int every_issue = -1;

struct BaselineRow {
  SourceId source = {};  ///< none: all sources
  int issue = every_issue;
  std::string metric = {};
  int hour_of_week = 0;
  double centre = 0, spread = 0;
  int weeks = 0;
  bool operator==(const BaselineRow&) const = default;
};

struct IncidentRow {
  IncidentId id = {};
  BrandId brand = {};
  std::uint8_t issue = 0;
  std::string state = {}, title = {};
  int severity = 1;
  Timestamp started_at = {}, detected_at = {}, last_at = {};
  std::int64_t authors = 0, mentions = 0, echoes = 0;
  double expected = 0, threshold = 0;
  MentionId first_mention = {};
  std::string details = {};  ///< JSON
  std::vector<MentionId> members = {};
  // Read only, from what people decided.
  std::string owner = {}, note = {};
  std::optional<Timestamp> acknowledged_at = {};
  std::optional<Timestamp> dismissed_at = {};  ///< somebody called it a false alarm; the state says so too
  std::optional<Timestamp> advised_at = {};    ///< followers were told
  Cover cover = {};                            ///< read only, from the people who took the brand's part
};

/// The best public answer to a question that was heard.
struct IdeaAnswer {
  MentionId mention = {};
  bool own = false;          ///< by the brand; else by a peer whom the asker thanked
  std::int64_t thanked = 0;  ///< askers who gave thanks for it
  bool operator==(const IdeaAnswer&) const = default;
};

/// The known page that fits a question best (ContentWriter::write_pages).
struct IdeaPage {
  std::string url = {}, title = {};
  double score = 0;
  std::vector<std::string> terms = {};  ///< that the question and the page share, weightiest first
  bool operator==(const IdeaPage&) const = default;
};

struct IdeaRow {
  IdeaId id = {};
  BrandId brand = {};
  std::string key = {}, state = {}, title = {};
  std::int64_t askers = 0, mentions = 0, unanswered = 0;
  double trend = 0, score = 0;
  Timestamp first_at = {}, last_at = {};
  std::string details = {};  ///< JSON
  std::vector<MentionId> members = {};
  // Read only, as the state is: from what people decided.
  std::string owner = {}, url = {}, note = {};
  std::optional<Timestamp> due = {}, decided_at = {}, published_at = {};
  /// How often it was asked, by UTC day, oldest first. Written, they replace those from the first one on;
  /// earlier ones stay known.
  std::vector<std::pair<Timestamp, std::int64_t>> asked_days = {};
  std::optional<IdeaAnswer> answer = {};  ///< written without one, the one that is known stays
  std::optional<IdeaPage> page = {};      ///< read only
};

/// Something the brand does for a while, [from, to); without `to` it goes on.
struct CampaignRow {
  CampaignId id = {};
  BrandId brand = {};
  std::string name = {}, url = {}, note = {};
  Timestamp from = {};
  std::optional<Timestamp> to = {};
  Timestamp decided_at = {};
  bool operator==(const CampaignRow&) const = default;
};

/// Something the brand promises, in a campaign or outside of any.
struct ClaimRow {
  ClaimId id = {};
  BrandId brand = {};
  std::optional<CampaignId> campaign = {};
  std::string campaign_name = {};  ///< read only
  std::string product = {}, text = {}, text_before = {}, url = {};
  Timestamp from = {};
  std::optional<Timestamp> to = {}, edited_at = {};
  Timestamp decided_at = {};
  bool operator==(const ClaimRow&) const = default;
};

/// People who say that they were misled: by one claim, or by something that no claim is known of.
struct MisledRow {
  MisledId id = {};
  BrandId brand = {};
  std::string key = {};  ///< "claim:7", or their words
  std::optional<ClaimId> claim = {};
  std::string title = {};
  std::int64_t people = 0, mentions = 0;
  Timestamp first_at = {}, last_at = {};
  std::string details = {};  ///< JSON
  std::vector<MentionId> members = {};
  bool tell = false;                      ///< marketing should know; written only
  std::optional<Timestamp> told_at = {};  ///< when it was last told; read only
};

}  // namespace earshot::store
