#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/ids.hpp"
#include "core/model/page.hpp"

namespace earshot::connectors {

/// A stored mention as its platform can be asked for it.
struct KeptMention {
  MentionId id = {};
  std::string native_id = {}, url = {}, in_reply_to = {}, conversation = {};
  std::string extra = {};  ///< JSON object, or empty
  Timestamp created_at = {};
  bool operator==(const KeptMention&) const = default;
};

/// What became of mentions at their platform. Who is neither in the page nor gone could not be asked for, and
/// is left as it is.
struct Hydrated {
  Page page = {};                    ///< those that are there, as they are now; without a cursor
  std::vector<MentionId> gone = {};  ///< deleted, hidden, or of an account that is no more
};

/// So many requests in every such stretch of time.
struct RequestBudget {
  std::int64_t requests = 0;
  std::chrono::milliseconds per{0};
  bool operator==(const RequestBudget&) const = default;
};

/// Tells apart, by their native ids, who is on the page of an answer to a request for many. Who is not, is
/// gone; so is who comes as a tombstone. Items that nobody asked for are left out. An answer with an item
/// that could not be read calls nobody gone: it may have been that one. `present` are further ids that the
/// answer held. When a mention was written and whom it answers stays as it was first heard: other endpoints
/// of a platform often say it less well.
Hydrated sort_out(const std::vector<KeptMention>& asked, Page page,
                  const std::vector<std::string>& present = {});

/// A member of the mention's `extra`, where it is text; empty: there is none.
std::string extra_text(const KeptMention& mention, std::string_view name);

}  // namespace earshot::connectors
