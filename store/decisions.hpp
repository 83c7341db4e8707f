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
  Timestamp at = {};
};

struct IncidentDecision {
  IncidentId id = {};
  std::optional<std::string> state = {};  ///< acknowledged; open: not acknowledged after all
  std::optional<std::string> owner = {}, note = {};
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
