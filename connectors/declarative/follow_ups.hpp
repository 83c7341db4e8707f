#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "connectors/declarative/paging.hpp"

namespace earshot::connectors::declarative {

/// What a stream still has to ask about items that it heard, and how far it asked about others. It is part of
/// the stream's cursor, which commits with the page that the items came with: what is owed is neither lost
/// nor passed over, wherever the walk is cut.
///
/// Before the walk's next page its debts are paid, the newest first, each by as many pages as its answer has,
/// until the [[follow]] has asked as often as a poll may. What is left over waits for the next poll, where
/// what is new goes before it. An item is asked about again when its mark is another one.
class FollowUps {
 public:
  static constexpr std::size_t owed_bytes_max = 20 * 1024;
  static constexpr std::size_t heard_bytes_max = 16 * 1024;
  static constexpr std::int64_t pages_max = 10;  ///< of one answer, where the file does not say

  static FollowUps read(JsonValue object);
  void write(JsonWriter& out) const;
  bool empty() const { return owed_.empty() && heard_.empty(); }

  /// Takes over what a page of the stream owes, and says whether more is to be fetched. What there is no room
  /// for is noted as a gap.
  void note(ReadPage& read, const StreamSpec& stream, Timestamp now);
  /// What is to be asked now; nothing: the stream itself. What the file asks no more is forgotten.
  const FollowSpec* due(const StreamSpec& stream);
  /// {ids}, {heard}, {page} and the item's values, as templates may name them.
  void provide(const FollowSpec& follow, Variables& variables) const;
  /// After a page of the answer: sets `more` and gaps.
  void advance(const Arrival& arrival, const FollowSpec& follow, const StreamSpec& stream);
  /// The platform does not answer, and asking again would change nothing: the walk goes on without. Gone
  /// items are no gap.
  void give_up(ReadPage& read, ErrorKind why, const StreamSpec& stream, Timestamp now);

 private:
  struct Heard {
    std::string key, mark;
    bool operator==(const Heard&) const = default;
  };
  static std::string key_of(const Debt& debt) { return short_hash(debt.follow + '\n' + debt.id); }
  /// When the last of what is being asked about was written, as far as it is known.
  Timestamp asked_from() const { return from_ms(owed_[asking_ - 1].at); }
  const Heard* heard_of(const Debt& debt) const;
  void drop_oldest(ReadPage& read, Timestamp now);
  void choose(const StreamSpec& stream);
  void go_on(ReadPage& read, const StreamSpec& stream);
  enum class Remember { no, yes };
  void settle(Remember remember);

  std::vector<Debt> owed_;     // those being asked about, then the newest first
  std::vector<Heard> heard_;   // the last asked at the end
  Paging paging_;              // of what is being asked
  std::size_t asking_ = 0;     // about so many of those owed
  std::int64_t asked_ = 0;     // times in this poll
  bool walk_goes_on_ = false;  // when the debts are paid
};

}  // namespace earshot::connectors::declarative
