#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/model/ids.hpp"
#include "core/model/verdict.hpp"

/// What people decide. In every one of them: what is not given stays as it was; empty text takes it away.
namespace earshot::store {

/// Bounds of what people write, in bytes; what is longer is refused as `invalid`.
inline constexpr std::size_t name_max = 200, note_max = 4'000, link_max = 2'000;

/// A person's judgement of a mention with regard to a brand.
struct Label {
  MentionId mention = {};
  BrandId brand = {};
  std::optional<Polarity> polarity = {};  ///< negative, neutral or positive
  /// Bits of issue types, the main one first; empty: none applies.
  std::optional<std::vector<std::uint8_t>> issues = {};
  std::optional<std::string> note = {};
  std::string by = {};  ///< who says so; empty: nobody in particular
  Timestamp at = {};
  bool operator==(const Label&) const = default;
};

/// A label as it is kept, with what the rules said when it was given.
struct LabelRow {
  MentionId mention = {};
  BrandId brand = {};
  std::optional<Polarity> polarity = {};
  std::optional<std::uint64_t> issues = {};  ///< bit mask
  std::optional<std::uint8_t> top_issue = {};
  std::string note = {}, by = {};
  Timestamp at = {};
  Polarity said_polarity = Polarity::unscored;
  std::uint64_t said_issues = 0;
  double said_confidence = 0;  ///< 0 … 1: probability that the rules gave their polarity
  std::uint32_t said_version = 0;
  bool operator==(const LabelRow&) const = default;
};

struct IdeaDecision {
  IdeaId id = {};
  std::optional<std::string> state = {};  ///< new, accepted, writing, published, rejected
  std::optional<std::string> owner = {}, url = {}, note = {};
  std::optional<Timestamp> due = {};  ///< the epoch takes it away
  /// Without it, now, where the state becomes published.
  std::optional<Timestamp> published_at = {};
  Timestamp at = {};
};

struct IncidentDecision {
  IncidentId id = {};
  std::optional<std::string> state = {};  ///< acknowledged; dismissed: a false alarm; open: neither; advised:
                                          ///< followers were told, which changes none of these
  std::optional<std::string> owner = {}, note = {};
  Timestamp at = {};
};

/// Something the brand does for a while. A new one needs brand, name and beginning; of one brand a name is
/// there once, so that adding it again changes it.
struct CampaignDecision {
  CampaignId id = {};  ///< none: add it
  BrandId brand = {};
  std::optional<std::string> name = {}, url = {}, note = {};
  std::optional<Timestamp> from = {}, to = {};  ///< [from, to); as `to` the epoch stands for "it goes on"
  Timestamp at = {};
};

/// Something the brand promises. A new one needs brand, text and beginning; the same text from the same
/// moment on is the same claim. Changed wording keeps the wording before, and the time at which it changed.
struct ClaimDecision {
  ClaimId id = {};  ///< none: add it
  BrandId brand = {};
  std::optional<CampaignId> campaign = {};  ///< 0 takes it away
  std::optional<std::string> product = {}, text = {}, url = {};
  std::optional<Timestamp> from = {}, to = {};
  std::optional<Timestamp> edited_at =
      {};  ///< without it, now, where `text` differs; the epoch takes it away
  Timestamp at = {};
};

/// What a customer said when asked whether their story may be told, by the post with which it began.
struct StoryDecision {
  MentionId rant = {};
  BrandId brand = {};
  std::optional<std::string> consent = {};  ///< unknown, asked, given, refused
  std::optional<std::string> note = {};
  std::string by = {};  ///< who says so; empty: nobody in particular
  Timestamp at = {};
};

/// What becomes of one that waits for an answer.
struct WaitingDecision {
  MentionId mention = {};
  BrandId brand = {};
  std::optional<std::string> state = {};  ///< waiting, done, snoozed, dismissed
  std::optional<std::string> owner = {}, note = {};
  std::optional<Timestamp> until = {};  ///< needed by snoozed
  Timestamp at = {};
};

}  // namespace earshot::store
