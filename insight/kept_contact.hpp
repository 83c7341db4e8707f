#pragma once
#include <cstdint>

#include "store/rows.hpp"

namespace earshot::insight {

/// A post of a conversation in little space: a third of a ContactRow. Its words, language and lexicon are not
/// kept, nor who labelled it.
struct KeptContact {
  MentionId id = {};
  std::uint64_t post = 0, parent = 0, thread = 0, local = 0, author_key = 0, fingerprint = 0, issues = 0;
  std::int64_t reach = 0, created_ms = 0;
  std::uint32_t source = 0, text_bytes = 0, intents = 0;
  std::int16_t score = 0, urgency = 0, severity = 0;  ///< per mille, as they are stored
  MatchKind match = MatchKind::query;
  Polarity polarity = Polarity::unscored;
  std::uint8_t top_issue = no_issue;
  bool article : 1 = false, question : 1 = false, complaint : 1 = false;

  static constexpr std::uint8_t no_issue = 255;

  explicit KeptContact(const store::ContactRow& row);
  store::ContactRow row(BrandId brand) const;
};

}  // namespace earshot::insight
