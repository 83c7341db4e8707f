#pragma once
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "store/rows.hpp"

namespace earshot::delivery {

/// One entry of a feed of findings, ready to be written in any format.
struct FeedEntry {
  std::string id;  ///< stable: "tag:earshot,2026:idea/fernwave/how-export-invoices"
  std::string title;
  std::string summary;  ///< plain text, may have several lines
  std::string url;      ///< the first piece of evidence, or empty
  Timestamp published;
  Timestamp updated;
  std::vector<std::string> tags = {};
};

struct Feed {
  std::string id;
  std::string title;
  Timestamp updated;
  std::vector<FeedEntry> entries = {};
};

/// Atom 1.0 (RFC 4287) and JSON Feed 1.1. Text is escaped; nothing of a post becomes markup.
std::string atom(const Feed& feed);
std::string json_feed(const Feed& feed);

Feed idea_feed(const std::string& brand, const std::vector<store::IdeaRow>& ideas, Timestamp now);
Feed incident_feed(const std::string& brand, const std::vector<store::IncidentRow>& incidents, Timestamp now);

/// People who feel misled, by claim.
Feed gap_feed(const std::string& brand, const std::vector<store::MisledRow>& rows, Timestamp now);

/// Writes `<directory>/<brand>-<kind>.atom|.json`, each by rename, so that a reader never sees half a file.
Status write_feed(const std::string& directory, const std::string& brand, const std::string& kind,
                  const Feed& feed);

}  // namespace earshot::delivery
