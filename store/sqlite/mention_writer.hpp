#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/batch.hpp"
#include "store/keyed_hash.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/rollups.hpp"
#include "store/sqlite/row_feed.hpp"
#include "store/sqlite/search_queue.hpp"
#include "store/sqlite/verdict_writer.hpp"

namespace earshot::store::sqlite {

/// Applies one mention to the tables inside the caller's transaction. The outcome does not depend on the
/// order in which versions of a mention arrive: the greatest (edited_at, fetched_at, content hash) wins, a
/// deletion is for ever, and a version that arrives after its deletion only counts (its numbers enter the
/// rollups, its words are not kept).
class MentionWriter {
 public:
  /// `key` must outlive it, and be known to the connection.
  static Result<MentionWriter> prepare(Database& database, const KeyedHash& key);

  /// `derived` is what `derive` gives for the mention. Rows of what is new wait for `flush_rows`, until when
  /// both must live.
  Status apply(const ScoredMention& item, const Derived& derived, SourceId source, Rollups& rollups,
               Receipt& receipt);
  /// Writes the rows that wait: after the mentions of a batch, before anything else is done.
  Status flush_rows();
  /// Makes tombstones of what is there, and nothing of what is not.
  Status withdraw(const Withdrawal& withdrawal, Receipt& receipt);
  /// It was kept long enough: a tombstone remains.
  Status expire(MentionId id, Timestamp at) { return bury(id, at); }
  /// Replaces the verdicts of a stored mention and puts all of them into their buckets anew.
  Status rescore(const StoredMention& item, Rollups& rollups) { return verdicts_.rescore(item, rollups); }
  /// Makes a tombstone of it, and has its hour counted anew.
  Status erase(MentionId id, Timestamp at, Rollups& rollups);
  LabelWriter& labels() { return verdicts_.labels(); }
  /// The transaction was rolled back: what was learnt in it may not be in the tables.
  void forget() {
    rows_.discard();
    greatest_waiting_ = {};
    platforms_.clear();
    verdicts_.forget();
    search_.discard();
  }
  /// Ends a transaction's worth of mentions: what can be found by words has changed.
  Status flush() { return search_.flush(); }
  /// The words of a mention that goes: it is to be found by them no more.
  void unfind(MentionId id, std::string_view title, std::string_view text) {
    search_.remove(id, title, text);
  }
  /// Mentions from before were let go: they do not come back.
  void ignore_before(MentionId id) { ignored_before_ = std::max(ignored_before_, id); }
  Status forget_indexed(std::int64_t position) { return search_.forget(position); }

 private:
  /// The version and state of a row that is already there.
  struct Stored {
    MentionId id;
    bool deleted = false;
    bool bare = false;  ///< a tombstone that never saw content
    /// Hash of the content; of a tombstone keyed.
    std::int64_t source = 0, edited_at = 0, fetched_at = 0, content_hash = 0;
  };
  struct Incoming;
  struct References {
    std::string in_reply_to = {}, conversation = {};
  };

  Result<std::optional<Stored>> find(const Incoming& incoming, MentionId& free_id);
  Result<std::optional<Stored>> probe(const Incoming& incoming, MentionId id, MentionId& free_id);
  Status learn_newest();
  Result<std::optional<MentionId>> alias(std::uint64_t native_hash);
  std::int64_t keyed(std::uint64_t number) const { return static_cast<std::int64_t>((*key_)(number)); }
  bool same_content(const Incoming& incoming, const Stored& stored) const;
  Result<std::int64_t> platform(std::string_view name);

  Status insert(const Incoming& incoming, MentionId id, Rollups& rollups);
  Status replace_again(const Incoming& incoming, Rollups& rollups, Receipt& receipt);
  Status replace(const Incoming& incoming, const Stored& stored, Rollups& rollups);
  Status bury(MentionId id, Timestamp at);
  /// From the queues of all brands, or of those that the stored verdicts do not name.
  Status drop_waiting(MentionId id, bool all);
  Status note_account(const Incoming& incoming, MentionId id);
  Result<bool> is_alive(MentionId id);
  Result<std::vector<MentionId>> mentions_of(std::string_view platform, std::string_view author_id);
  Status refresh_counts(const Incoming& incoming, const Stored& stored);
  /// `erased`: instead of what it says that it answers, and of the item as it was received.
  Status feed_row(const Incoming& incoming, MentionId id, SourceId source, bool deleted,
                  const std::optional<References>& erased);
  /// Whom a stored mention answered was erased: another reading does not bring them back.
  Result<std::optional<References>> erased_references(MentionId id);
  Status unindex_text(MentionId id);

  const KeyedHash* key_ = nullptr;
  Statement newest_known_, probe_, alias_, save_alias_, save_platform_, find_platform_, add_rows_,
      replace_row_, stored_text_, counts_, bury_, bury_alias_, drop_note_, drop_consent_note_, drop_waiting_,
      save_account_, of_account_, erased_references_, changed_;
  RowFeed rows_;
  MentionId greatest_waiting_;  ///< of the rows that are not in the table yet
  SearchQueue search_;
  MentionId ignored_before_;
  /// No stored mention has a greater id; after a rollback there may be none so great. Asked for once.
  std::optional<MentionId> newest_;
  bool any_alias_ = false;
  VerdictWriter verdicts_;
  std::map<std::string, std::int64_t, std::less<>> platforms_;
};

}  // namespace earshot::store::sqlite
