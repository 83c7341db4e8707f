#pragma once
#include <atomic>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/database.hpp"
#include "store/sqlite/row_feed.hpp"
#include "store/store.hpp"

namespace earshot::store::sqlite {

/// The full-text index: a database file of its own beside the main one, fed with what was committed there.
/// It remembers in the same transaction how far it has come, so that a crash only makes it lag; lost, damaged
/// or from another version it is made anew from the mentions.
///
/// A mention is indexed with the words it had at the commit the index has come to, not with those it has now:
/// only so can later rows of the queue take them out again. Where it was changed since, these words are those
/// of the first removal that waits; else they are in its row.
class SearchIndex final : public Indexer {
 public:
  /// `position` is where the writer reads how much of the queue may go.
  static Result<std::unique_ptr<Indexer>> open(const std::string& database_path,
                                               std::shared_ptr<std::atomic<std::int64_t>> position);
  Result<bool> advance(std::size_t mentions_max) override;

 private:
  struct Words {
    std::string title, text;
    bool operator==(const Words&) const = default;
  };
  struct Waiting {
    std::int64_t queue_id = 0;
    Words words;
  };
  /// A mention that is to be found from now on, and the row of the queue that first names it.
  struct Added {
    std::int64_t id = 0, queue_id = 0;
    auto operator<=>(const Added&) const = default;
  };
  SearchIndex() = default;
  /// Opens the index's file, or makes it, and finds its place in the queue.
  Status connect();
  Status recreate();
  Status start_anew();
  Status start_over(std::int64_t newest);
  Result<bool> take_in(std::size_t mentions_max);
  Result<bool> take_queue(std::size_t mentions_max);
  Result<bool> rebuild(std::size_t mentions_max);
  Result<bool> tidy();
  /// Rewrites the file, so that no word of what was erased is left in it.
  Result<bool> clean(std::int64_t erasure);
  Result<std::map<std::int64_t, Waiting>> removed(std::int64_t after, std::int64_t until);
  Result<std::vector<Added>> added(std::int64_t after, std::size_t limit, std::int64_t& until);
  static std::optional<std::int64_t> queue_row(const std::vector<Added>& added, std::int64_t id);
  /// Ids in ascending order, each with the words it has in the removal that waits for it in `later`, else
  /// with those in its row; without either it cannot be found.
  Status put_all(const std::vector<std::int64_t>& ids, const std::map<std::int64_t, Waiting>& later);
  Status put(std::int64_t id, std::string_view title, std::string_view text);
  Status take_out(std::int64_t id, const Words& words);
  Status remember(const char* key, std::int64_t value);

  std::string path_;
  Database main_, index_;
  RowFeed wanted_;  ///< ids whose words are read from `main_`
  Statement words_, rows_, queue_, removed_, put_, take_out_, remember_;
  std::shared_ptr<std::atomic<std::int64_t>> shared_;
  std::int64_t position_ = 0;
  std::optional<std::int64_t> rebuilt_to_;  ///< last mention taken in; nothing: the rebuilding is done
  bool idle_ = false;                       ///< the last look found nothing new
  int put_off_ = 0;                         ///< steps of merging since the last that was made
  bool damaged_ = false;                    ///< the file must be made anew before anything else
  bool mended_ = false;                     ///< it was, and has not caught up since
};

/// "earshot.search.db" beside "earshot.db".
std::string search_path(const std::string& database_path);

}  // namespace earshot::store::sqlite
