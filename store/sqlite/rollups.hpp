#pragma once
#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/rows.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/day_rollups.hpp"

namespace earshot::store::sqlite {

/// Which hour of which brand in which source.
struct BucketKey {
  std::int64_t brand = 0;
  std::int64_t hour_at = 0;
  std::int64_t source = 0;
  auto operator<=>(const BucketKey&) const = default;
};

/// What one stored verdict adds to its bucket.
struct Contribution {
  MatchKind match = MatchKind::query;
  Polarity polarity = Polarity::unscored;
  std::int64_t score = 0;  ///< per mille
  std::uint64_t issues = 0;
  bool spam = false;
  bool question = false;
  bool complaint = false;
  std::uint64_t author_key = 0;
  std::int64_t reach = 0;
  std::string_view lang = {};  ///< read before what it points to may change; so are the products' names
  std::vector<std::pair<std::string_view, Polarity>> products = {};
};

Contribution contribution_of(const BrandVerdict& verdict, std::uint64_t author_key, std::int64_t reach);

struct Bucket {
  HourRow hour;
  std::map<std::uint8_t, IssueCount> issues;
  std::map<std::string, LanguageCount, std::less<>> languages;
  std::map<std::string, ProductCount, std::less<>> products;
  std::map<std::pair<Polarity, std::uint64_t>, std::int64_t> tones;  ///< mentions by polarity and issue types
  void add_product(std::string_view name, Polarity polarity);
  void add(const Contribution& contribution);
  void merge(const Bucket& other);
};

/// The rollup increments of one transaction, by hour and by day. New verdicts are added up in memory and
/// merged by one upsert per bucket; a bucket that lost or changed a verdict (edit, overruling) is recomputed
/// from its rows instead, because sketches of distinct authors cannot subtract.
class Rollups {
 public:
  static Result<Rollups> prepare(Database& database);
  void add(const BucketKey& key, const Contribution& contribution);
  /// Adds to a bucket that is made anew: what it held before this transaction no longer counts.
  void put(const BucketKey& key, const Contribution& contribution) {
    if (key.hour_at >= fixed_before_) renewed_[key].add(contribution);
  }
  void recompute(const BucketKey& key) {
    if (key.hour_at >= fixed_before_) dirty_.insert(key);
  }
  /// Writes everything gathered; called once, inside the transaction, after the last verdict was written.
  Status flush();
  void discard();
  /// Buckets of earlier hours outlive their mentions: they stay as they are, whatever becomes of the last of
  /// these.
  void fixed_before(Timestamp hour) { fixed_before_ = std::max(fixed_before_, to_ms(hour)); }

  Result<std::vector<std::string>> verify();

 private:
  Result<Bucket> load(const BucketKey& key);
  Status load_languages(const BucketKey& key, Bucket& bucket);
  Status load_products(const BucketKey& key, Bucket& bucket);
  Status load_tones(const BucketKey& key, Bucket& bucket);
  Status compute_products(const BucketKey& key, Bucket& bucket);
  Result<Bucket> compute(const BucketKey& key);
  Status save(const BucketKey& key, const Bucket& bucket);
  Status save_parts(const BucketKey& key, const Bucket& bucket);

  Database* database_ = nullptr;
  std::int64_t fixed_before_ = 0;
  Statement load_hour_, load_issues_, load_languages_, load_products_, rows_, product_rows_, save_hour_,
      save_issue_, save_language_, save_product_, drop_hour_, drop_issues_, drop_languages_, drop_products_,
      load_tones_, save_tone_, drop_tones_;
  DayRollups days_;
  Statement day_changed_;
  std::map<BucketKey, Bucket> added_;
  std::map<BucketKey, Bucket> renewed_;
  std::set<BucketKey> dirty_;
};

}  // namespace earshot::store::sqlite
