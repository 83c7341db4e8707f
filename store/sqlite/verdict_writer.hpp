#pragma once
#include <span>

#include "store/rows.hpp"
#include "store/sqlite/label_writer.hpp"
#include "store/sqlite/product_writer.hpp"
#include "store/sqlite/rollups.hpp"
#include "store/sqlite/row_feed.hpp"

namespace earshot::store::sqlite {

/// Writes what the rules think of mentions, and what people think over it, inside the caller's transaction.
class VerdictWriter {
 public:
  static Result<VerdictWriter> prepare(Database& database);

  /// Verdicts of a mention that was not stored before: nobody can have labelled it. They are in the table
  /// after `flush`, until when their texts must live.
  Status add(MentionId id, std::span<const BrandVerdict> verdicts);
  Status flush() { return rows_.run(save_); }
  /// Replaces all verdicts of a mention; labels stay over the new ones.
  Status replace(MentionId id, std::span<const BrandVerdict> verdicts);
  /// The verdicts of a mention that was scored again, and what all of them add to their buckets.
  Status rescore(const StoredMention& item, Rollups& rollups);
  /// Marks every bucket that the stored verdicts of this mention lie in.
  Status mark_buckets(MentionId id, std::int64_t source, Rollups& rollups);
  /// The transaction was rolled back.
  void forget() {
    rows_.discard();
    products_.forget();
  }

  LabelWriter& labels() { return labels_; }

 private:
  Status update(MentionId id, const BrandVerdict& verdict);

  RowFeed rows_;
  Statement save_, update_, drop_, brands_;
  ProductWriter products_;
  LabelWriter labels_;
};

}  // namespace earshot::store::sqlite
