#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/pipeline.hpp"
#include "store/batch.hpp"
#include "store/rows.hpp"

/// Items that were kept as they were received, read by the connector as it is now.
namespace earshot::daemon {

/// What reading them again changes.
struct Reparsed {
  std::int64_t items = 0, same = 0, changed = 0;
  std::int64_t unreadable = 0;                  ///< no longer parse: left as they are
  std::int64_t renamed = 0;                     ///< have another native id now: left as they are
  std::int64_t brandless = 0;                   ///< would speak of no brand any more: left as they are
  std::map<std::string, std::int64_t> fields;   ///< of those that change, by field
  std::map<std::string, std::int64_t> reasons;  ///< of those that do not parse

  bool operator==(const Reparsed&) const = default;
};

/// Reads the items again, and judges those that come out otherwise. The batch holds these alone, each in the
/// place of its row. What lay beside an item in its page is not there any more: a field that is found no
/// longer keeps what is stored, as do counts, what was answered, ids and the time of writing.
store::Batch reparse(const connectors::Connector& connector, const Pipeline& pipeline,
                     const PageOrigin& origin, const std::vector<store::ReceivedRow>& rows, Timestamp now,
                     Reparsed& counts);

/// How far it has come, as the cursor of the source's stream "reparse".
struct ReparsePlace {
  static constexpr const char* stream = "reparse";
  MentionId reached = {};  ///< none: it begins anew
  static Result<ReparsePlace> read(const std::optional<Cursor>& cursor);
  Cursor write() const;
};

}  // namespace earshot::daemon
