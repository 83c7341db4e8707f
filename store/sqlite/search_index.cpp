#include "store/sqlite/search_index.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "store/sqlite/search_queue.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr std::int64_t version = 1;
/// Steps of merging that a stream of commits may put off in a row: searches read every run that is not
/// merged.
constexpr int put_off_max = 8;
constexpr auto newest = std::numeric_limits<std::int64_t>::max();

/// Merging is left to the idle moments, or to when 64 runs have piled up.
constexpr const char* schema =
    "CREATE TABLE search_meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE mention_fts USING fts5(title,text,content='',columnsize=0,"
    "tokenize='unicode61 remove_diacritics 2');"
    "INSERT INTO mention_fts(mention_fts,rank) VALUES('automerge',0);"
    "INSERT INTO mention_fts(mention_fts,rank) VALUES('crisismerge',64);"
    "INSERT INTO mention_fts(mention_fts,rank) VALUES('hashsize',16777216);";
constexpr const char* newest_row_sql =
    "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name='search_queue'),0)";
/// First row that still waits; the one to come where none does.
constexpr const char* oldest_row_sql =
    "SELECT coalesce((SELECT min(queue_id) FROM search_queue),"
    "(SELECT seq+1 FROM sqlite_sequence WHERE name='search_queue'),1)";
constexpr const char* meta_sql = "SELECT coalesce((SELECT value FROM search_meta WHERE key='";

Result<std::int64_t> meta(Database& database, const std::string& key) {
  return database.integer((meta_sql + key + "'),-1)").c_str());
}

}  // namespace

std::string search_path(const std::string& database_path) {
  const std::string ending = ".db";
  const auto stem =
      database_path.ends_with(ending) ? database_path.substr(0, database_path.size() - 3) : database_path;
  return stem + ".search" + ending;
}

Result<std::unique_ptr<Indexer>> SearchIndex::open(const std::string& database_path,
                                                   std::shared_ptr<std::atomic<std::int64_t>> position) {
  std::unique_ptr<SearchIndex> index(new SearchIndex);
  index->shared_ = std::move(position);
  index->path_ = search_path(database_path);
  auto main = Database::open(database_path, Access::read_only);
  if (!main) return unexpected(main.error());
  index->main_ = std::move(*main);
  auto wanted = RowFeed::create(index->main_, "wanted_mention", 1);
  if (!wanted) return unexpected(wanted.error());
  index->wanted_ = *wanted;
  auto status = index->connect();
  if (!status && status.error().kind == ErrorKind::corrupt) status = index->start_anew();
  if (!status) return unexpected(status.error());
  return std::unique_ptr<Indexer>(std::move(index));
}

Status SearchIndex::connect() {
  auto index = Database::open(path_, Access::read_write);
  if (!index) return unexpected(index.error());
  index_ = std::move(*index);
  auto made_by = index_.integer("SELECT count(*) FROM sqlite_schema WHERE name='search_meta'");
  if (made_by && *made_by == 1) made_by = meta(index_, "version");
  if (!made_by) return unexpected(made_by.error());
  if (*made_by != version)
    if (auto status = recreate(); !status) return status;
  const std::pair<Statement*, std::pair<Database*, const char*>> all[] = {
      {&words_,
       {&main_,
        "SELECT m.mention_id,m.title,m.text FROM wanted_mention w CROSS JOIN mention m ON m.mention_id=w.c0 "
        "WHERE m.text IS NOT NULL"}},
      {&rows_,
       {&main_,
        "SELECT mention_id FROM mention WHERE mention_id>? AND mention_id<=? ORDER BY mention_id LIMIT ?"}},
      {&queue_, {&main_, "SELECT queue_id,mentions FROM search_queue WHERE queue_id>? ORDER BY queue_id"}},
      {&removed_,
       {&main_,
        "SELECT queue_id,mention_id,title,text FROM search_removed WHERE queue_id>? AND queue_id<=? "
        "ORDER BY queue_id"}},
      {&put_, {&index_, "INSERT INTO mention_fts(rowid,title,text) VALUES(?,?,?)"}},
      {&take_out_, {&index_, "INSERT INTO mention_fts(mention_fts,rowid,title,text) VALUES('delete',?,?,?)"}},
      {&remember_, {&index_, "INSERT OR REPLACE INTO search_meta VALUES(?,?)"}}};
  for (const auto& [statement, source] : all) {
    auto prepared = Statement::prepare(*source.first, source.second);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  auto position = meta(index_, "position"), cursor = meta(index_, "rebuilt_to");
  auto newest_row = main_.integer(newest_row_sql), oldest_row = main_.integer(oldest_row_sql);
  for (const auto* value : {&position, &cursor, &newest_row, &oldest_row})
    if (!*value) return unexpected(value->error());
  // Further than the queue has ever been, or behind what was dropped from it: one of the files is an older
  // copy.
  if (*position < 0 || *position > *newest_row || *position + 1 < *oldest_row) return start_over(*newest_row);
  position_ = *position;
  rebuilt_to_ = *cursor >= 0 ? std::optional(*cursor) : std::nullopt;
  shared_->store(position_);
  return Done{};
}

/// A damaged index holds nothing that cannot be read again elsewhere.
Status SearchIndex::start_anew() {
  if (auto status = recreate(); !status) return status;
  return connect();
}

Status SearchIndex::recreate() {
  index_ = Database();
  std::error_code failed;
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + part, failed);
  auto index = Database::open(path_, Access::read_write);
  if (!index) return unexpected(index.error());
  index_ = std::move(*index);
  auto transaction = Transaction::begin(index_);
  if (!transaction) return unexpected(transaction.error());
  if (auto status = index_.execute(schema); !status) return status;
  const auto stamp = "INSERT INTO search_meta VALUES('version'," + std::to_string(version) + ")";
  if (auto status = index_.execute(stamp.c_str()); !status) return status;
  return transaction->commit();
}

Status SearchIndex::start_over(std::int64_t newest_row) {
  auto transaction = Transaction::begin(index_);
  if (!transaction) return unexpected(transaction.error());
  if (auto status = index_.execute("INSERT INTO mention_fts(mention_fts) VALUES('delete-all')"); !status)
    return status;
  if (auto status = remember("position", newest_row); !status) return status;
  if (auto status = remember("rebuilt_to", 0); !status) return status;
  if (auto status = transaction->commit(); !status) return status;
  position_ = newest_row;
  rebuilt_to_ = 0;
  shared_->store(position_);
  return Done{};
}

Result<bool> SearchIndex::advance(std::size_t mentions_max) {
  if (damaged_) {
    if (auto status = start_anew(); !status) return unexpected(status.error());
    damaged_ = false;
    mended_ = true;
    return true;
  }
  // One snapshot of the main file for all that is read below.
  if (auto status = main_.execute("BEGIN"); !status) return unexpected(status.error());
  const auto position = position_;
  const auto rebuilt_to = rebuilt_to_;
  auto more = take_in(mentions_max);
  static_cast<void>(main_.execute("COMMIT"));
  if (more && *more) {
    idle_ = false;
    return more;
  }
  if (more) more = tidy();
  if (more) {
    mended_ = false;
    return more;
  }
  // Nothing was committed: what is remembered here must not be ahead of the file.
  position_ = position;
  rebuilt_to_ = rebuilt_to;
  if (more.error().kind != ErrorKind::corrupt) return more;
  // Made anew, but not again and again: it may be the main file that is damaged.
  damaged_ = true;
  return mended_ ? more : Result<bool>(true);
}

Result<bool> SearchIndex::take_in(std::size_t mentions_max) {
  auto transaction = Transaction::begin(index_);
  if (!transaction) return unexpected(transaction.error());
  auto more = rebuilt_to_ ? rebuild(mentions_max) : take_queue(mentions_max);
  if (!more) return more;
  if (auto status = transaction->commit(); !status) return unexpected(status.error());
  shared_->store(position_);
  return more;
}

Result<std::map<std::int64_t, SearchIndex::Waiting>> SearchIndex::removed(std::int64_t after,
                                                                          std::int64_t until) {
  std::map<std::int64_t, Waiting> out;
  Statement::Use use(removed_);
  use.bind(after).bind(until);
  while (use.step())
    out.try_emplace(use.integer(1),
                    Waiting{.queue_id = use.integer(0),
                            .words = {.title = std::string(use.text(2)), .text = std::string(use.text(3))}});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return out;
}

/// By id; `until` becomes the last row that was read.
Result<std::vector<SearchIndex::Added>> SearchIndex::added(std::int64_t after, std::size_t limit,
                                                           std::int64_t& until) {
  std::vector<Added> out;
  until = after;
  Statement::Use use(queue_);
  use.bind(after);
  while (out.size() < limit && use.step()) {
    until = use.integer(0);
    for (const auto id : decode_ids(use.text(1))) out.push_back({.id = id, .queue_id = until});
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  std::ranges::sort(out);
  const auto again = std::ranges::unique(out, {}, &Added::id);
  out.erase(again.begin(), again.end());
  return out;
}

/// The row of the queue that first names it.
std::optional<std::int64_t> SearchIndex::queue_row(const std::vector<Added>& added, std::int64_t id) {
  const auto found = std::ranges::lower_bound(added, id, {}, &Added::id);
  return found != added.end() && found->id == id ? std::optional(found->queue_id) : std::nullopt;
}

/// In their order: a run is cut short by any id that is not greater than the one before.
Status SearchIndex::put_all(const std::vector<std::int64_t>& ids,
                            const std::map<std::int64_t, Waiting>& later) {
  std::vector<std::int64_t> changed;
  wanted_.discard();
  for (const auto id : ids) later.contains(id) ? changed.push_back(id) : void(wanted_.bind(id));
  auto next = changed.begin();
  const auto put_before = [&](std::int64_t id) -> Status {
    for (; next != changed.end() && *next < id; ++next) {
      const auto& words = later.at(*next).words;
      if (auto status = put(*next, words.title, words.text); !status) return status;
    }
    return Done{};
  };
  Statement::Use use(words_);
  while (use.step()) {
    const auto id = use.integer(0);
    auto status = put_before(id);
    if (status) status = put(id, use.text(1), use.text(2));
    if (!status) return status;
  }
  if (auto status = use.finish(); !status) return status;
  return put_before(newest);
}

Result<bool> SearchIndex::take_queue(std::size_t mentions_max) {
  std::int64_t until = 0;
  auto changed = added(position_, mentions_max, until);
  if (!changed) return unexpected(changed.error());
  if (until == position_) return false;
  auto gone = removed(position_, until);
  if (!gone) return unexpected(gone.error());
  auto later = removed(until, newest);
  if (!later) return unexpected(later.error());
  for (const auto& [id, waiting] : *gone) {
    const auto came = queue_row(*changed, id);
    // Named as new before it was removed: it is not in the index yet.
    if (came && *came < waiting.queue_id) continue;
    if (auto status = take_out(id, waiting.words); !status) return unexpected(status.error());
  }
  std::vector<std::int64_t> ids(changed->size());
  std::ranges::transform(*changed, ids.begin(), &Added::id);
  if (auto status = put_all(ids, *later); !status) return unexpected(status.error());
  position_ = until;
  if (auto status = remember("position", position_); !status) return unexpected(status.error());
  return true;
}

Result<bool> SearchIndex::rebuild(std::size_t mentions_max) {
  auto later = removed(position_, newest);
  if (!later) return unexpected(later.error());
  std::int64_t until = 0;
  auto fresh = added(position_, std::numeric_limits<std::size_t>::max(), until);
  if (!fresh) return unexpected(fresh.error());
  std::vector<std::int64_t> ids;
  {
    Statement::Use use(rows_);
    use.bind(*rebuilt_to_).bind(newest).bind(static_cast<std::int64_t>(mentions_max));
    while (use.step()) ids.push_back(use.integer(0));
    if (auto status = use.finish(); !status) return unexpected(status.error());
  }
  const bool last = ids.size() < mentions_max;
  const auto end = last ? newest : ids.back();
  // Mentions that were let go since have no row any more, but a removal waits for them.
  for (auto gone = later->upper_bound(*rebuilt_to_); gone != later->end() && gone->first <= end; ++gone)
    ids.push_back(gone->first);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::erase_if(ids, [&](std::int64_t id) {
    const auto came = queue_row(*fresh, id);
    const auto went = later->find(id);
    // Its first row in the queue brings it.
    return came && (went == later->end() || *came < went->second.queue_id);
  });
  if (auto status = put_all(ids, *later); !status) return unexpected(status.error());
  rebuilt_to_ = end;
  if (last) rebuilt_to_.reset();
  if (auto status = remember("rebuilt_to", rebuilt_to_.value_or(-1)); !status)
    return unexpected(status.error());
  return true;
}

/// One bounded step of merging, for a moment in which nothing waits. While something comes between any two
/// looks it is made more rarely: an index that is ahead of a busy writer would take the cores from it.
Result<bool> SearchIndex::tidy() {
  auto erased = main_.integer("SELECT coalesce(max(erasure_id),0) FROM erasure"),
       cleaned = meta(index_, "cleaned_to");
  if (!erased) return unexpected(erased.error());
  if (!cleaned) return unexpected(cleaned.error());
  if (*erased > std::max<std::int64_t>(*cleaned, 0)) return clean(*erased);
  if (!std::exchange(idle_, true) && ++put_off_ < put_off_max) return false;
  put_off_ = 0;
  auto status = index_.execute("INSERT INTO mention_fts(mention_fts,rank) VALUES('merge',500)");
  if (!status) return unexpected(status.error());
  return false;
}

/// What was taken out is still written in older runs until they are merged.
Result<bool> SearchIndex::clean(std::int64_t erasure) {
  auto transaction = Transaction::begin(index_);
  if (!transaction) return unexpected(transaction.error());
  auto status = index_.execute("INSERT INTO mention_fts(mention_fts) VALUES('optimize')");
  if (status) status = transaction->commit();
  if (!status) return unexpected(status.error());
  // The old runs are in the log as well. While a reader needs it, or after a kill, the next idle moment tries
  // again; an index that is one run already costs nothing.
  auto cut = index_.truncate_log();
  if (!cut) return cut;
  if (*cut) status = remember("cleaned_to", erasure);
  if (!status) return unexpected(status.error());
  return false;
}

Status SearchIndex::put(std::int64_t id, std::string_view title, std::string_view text) {
  Statement::Use use(put_);
  use.bind(id).bind(title).bind(text);
  return use.run();
}

Status SearchIndex::take_out(std::int64_t id, const Words& words) {
  Statement::Use use(take_out_);
  use.bind(id).bind(words.title).bind(words.text);
  return use.run();
}

Status SearchIndex::remember(const char* key, std::int64_t value) {
  Statement::Use use(remember_);
  use.bind(key).bind(value);
  return use.run();
}

}  // namespace earshot::store::sqlite
