#include "store/sqlite/store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <deque>
#include <numeric>

#include "core/base/log.hpp"
#include "store/sqlite/migrate.hpp"
#include "store/sqlite/search_index.hpp"
#include "store/sqlite/tombstone_key.hpp"
#include "store/sqlite/upgrade.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* add_stream_sql = "INSERT OR IGNORE INTO stream(source_id,name) VALUES(?,?)";
constexpr const char* get_stream_sql =
    "SELECT cursor_schema,cursor,epoch,caught_up_at FROM stream WHERE source_id=? AND name=?";
constexpr const char* advance_sql =
    "UPDATE stream SET cursor_schema=?,cursor=?,epoch=epoch+1,caught_up_at=coalesce(?,caught_up_at) "
    "WHERE source_id=? AND name=? AND epoch=?";
constexpr const char* fence_sql =
    "UPDATE stream SET epoch=epoch+1,caught_up_at=coalesce(?,caught_up_at) WHERE source_id=? AND name=? AND "
    "epoch=?";
constexpr const char* count_sql =
    "UPDATE source SET received=received+?,stored=stored+?,duplicate=duplicate+?,updated=updated+?,"
    "unmatched=unmatched+?,malformed=malformed+? WHERE source_id=?";
constexpr const char* report_sql =
    "UPDATE source SET state=?1,fail_count=?2,next_poll_at=?3,last_ok_at=CASE WHEN ?4='' THEN ?5 ELSE "
    "last_ok_at END,"
    "last_error_at=CASE WHEN ?4='' THEN last_error_at ELSE ?5 END,"
    "last_error=CASE WHEN ?4='' THEN NULL ELSE ?4 END,"
    "quota_limit=CASE WHEN ?8 IS NULL THEN quota_limit ELSE ?7 END,"
    "quota_resets_at=CASE WHEN ?8 IS NULL THEN quota_resets_at ELSE ?9 END,"
    "quota_remaining=coalesce(?8,quota_remaining),poll_rate=?10 WHERE source_id=?6";
constexpr const char* add_gap_sql =
    "INSERT INTO gap(source_id,stream,from_at,to_at,reason,rate) VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE "
    "SET "
    "to_at=max(to_at,excluded.to_at),rate=excluded.rate";
constexpr const char* drop_gap_sql =
    "DELETE FROM gap WHERE source_id=? AND from_at>=? AND stream=? AND reason=?";

constexpr const char* lexicon_sql =
    "INSERT INTO meta VALUES('lexicon_version',?) ON CONFLICT(key) DO UPDATE SET value=excluded.value";

/// Of the first verdict there is; 0: there is none.
std::uint32_t lexicon_of(std::span<const Batch> batches) {
  for (const auto& batch : batches)
    for (const auto& item : batch.mentions)
      if (!item.verdicts.empty()) return item.verdicts.front().verdict.lexicon_version;
  return 0;
}

/// Order in which a batch is applied: by id, so that the B-trees are appended to.
std::vector<std::size_t> by_id(std::span<const Derived* const> derived) {
  std::vector<std::size_t> order(derived.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return derived[i]->first_id; });
  return order;
}

Result<std::int64_t> ensure(Database& database, const char* insert_sql, const char* find_sql,
                            std::string_view name, std::string_view extra) {
  auto insert = Statement::prepare(database, insert_sql);
  if (!insert) return unexpected(insert.error());
  {
    Statement::Use use(*insert);
    use.bind(name);
    if (!extra.empty()) use.bind(extra);
    if (auto status = use.run(); !status) return unexpected(status.error());
  }
  auto find = Statement::prepare(database, find_sql);
  if (!find) return unexpected(find.error());
  Statement::Use use(*find);
  use.bind(name);
  if (!use.step()) return unexpected(ErrorKind::corrupt, "a row that was just written is not there");
  return use.integer(0);
}

/// What an operator reads of a database that does not open.
Error placed(const std::string& path, Error error) {
  const bool damaged = error.kind == ErrorKind::corrupt;
  error.message = path + ": " + error.message +
                  (damaged ? "; stop everything that uses it and put a backup in its place" : "");
  return error;
}

}  // namespace

Result<std::unique_ptr<Store>> SqliteStore::open(const std::string& path) {
  std::unique_ptr<SqliteStore> store(new SqliteStore);
  store->path_ = path;
  if (path != ":memory:") {
    auto lock = WriterLock::acquire(path);
    if (!lock) return unexpected(lock.error());
    store->lock_ = std::move(*lock);
    auto upgraded = upgrade_locked(path, KeepBackup::yes, [&](std::string_view step) {
      log::info("bringing the database forward", {{"database", path}, {"step", step}});
    });
    if (!upgraded) return unexpected(placed(path, upgraded.error()));
  }
  auto database = Database::open(path, Access::read_write);
  if (!database) return unexpected(database.error());
  store->database_ = std::move(*database);
  auto status = migrate(store->database_);
  if (status) status = store->take_key();
  if (status) status = store->prepare();
  if (!status) return unexpected(placed(path, status.error()));
  return std::unique_ptr<Store>(std::move(store));
}

Status SqliteStore::take_key() {
  auto missing = KeyedHash::Missing::make;
  // Asked only where there is no key: it reads every mention.
  if (!KeyedHash::is_there(path_)) {
    auto needed = needs_its_key(database_);
    if (!needed) return unexpected(needed.error());
    if (*needed) missing = KeyedHash::Missing::refuse;
  }
  auto key = KeyedHash::of_database(path_, missing);
  if (!key) return unexpected(key.error());
  key_ = std::make_shared<const KeyedHash>(std::move(*key));
  if (auto status = add_keyed_hash(database_, *key_); !status) return status;
  return adopt_key(database_, *key_);
}

Status SqliteStore::prepare() {
  auto rollups = Rollups::prepare(database_);
  if (!rollups) return unexpected(rollups.error());
  rollups_ = std::move(*rollups);
  auto mentions = MentionWriter::prepare(database_, *key_);
  if (!mentions) return unexpected(mentions.error());
  mentions_ = std::move(*mentions);
  const std::pair<Statement*, const char*> all[] = {
      {&add_stream_, add_stream_sql}, {&get_stream_, get_stream_sql}, {&advance_, advance_sql},
      {&fence_, fence_sql},           {&count_, count_sql},           {&report_, report_sql},
      {&add_gap_, add_gap_sql},       {&drop_gap_, drop_gap_sql}};
  for (const auto& [statement, sql] : all) {
    auto prepared = Statement::prepare(database_, sql);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return recall_purge();
}

Result<BrandId> SqliteStore::ensure_brand(std::string_view name) {
  auto id = ensure(database_, "INSERT OR IGNORE INTO brand(name) VALUES(?)",
                   "SELECT brand_id FROM brand WHERE name=?", name, {});
  if (!id) return unexpected(id.error());
  return BrandId{*id};
}

Result<SourceId> SqliteStore::ensure_source(std::string_view name, std::string_view connector) {
  auto id = ensure(database_, "INSERT OR IGNORE INTO source(name,connector) VALUES(?,?)",
                   "SELECT source_id FROM source WHERE name=?", name, connector);
  if (!id) return unexpected(id.error());
  return SourceId{*id};
}

Status SqliteStore::ensure_issue_name(std::uint8_t bit, std::string_view name) {
  auto statement = Statement::prepare(
      database_, "INSERT INTO issue_type VALUES(?,?) ON CONFLICT(issue_id) DO UPDATE SET name=excluded.name");
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(static_cast<std::int64_t>(bit)).bind(name);
  return use.run();
}

Status SqliteStore::ensure_stream(SourceId source, std::string_view name) {
  Statement::Use use(add_stream_);
  use.bind(source.value).bind(name);
  return use.run();
}

Result<StreamState> SqliteStore::stream(SourceId source, std::string_view name) {
  if (auto status = ensure_stream(source, name); !status) return unexpected(status.error());
  Statement::Use use(get_stream_);
  use.bind(source.value).bind(name);
  if (!use.step()) return unexpected(ErrorKind::corrupt, "a stream row vanished");
  StreamState state;
  if (!use.is_null(1))
    state.cursor =
        Cursor{.schema = static_cast<std::uint32_t>(use.integer(0)), .json = std::string(use.text(1))};
  state.epoch = use.integer(2);
  if (const auto at = use.optional_integer(3)) state.caught_up_at = from_ms(*at);
  return state;
}

Result<std::vector<Receipt>> SqliteStore::write(std::span<const Batch> batches) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  std::vector<Receipt> receipts;
  auto fail = [&](Error error) -> Result<std::vector<Receipt>> {
    rollups_.discard();
    mentions_.forget();
    lexicon_version_ = 0;
    return unexpected(std::move(error));
  };
  if (auto status = note_lexicon(lexicon_of(batches)); !status) return fail(status.error());
  for (const auto& batch : batches) {
    auto receipt = write_one(batch);
    if (!receipt) return fail(receipt.error());
    receipts.push_back(*receipt);
  }
  if (auto status = rollups_.flush(); !status) return fail(status.error());
  if (auto status = mentions_.flush(); !status) return fail(status.error());
  if (auto status = trim_queue(); !status) return fail(status.error());
  if (auto status = transaction->commit(); !status) return fail(status.error());
  return receipts;
}

Status SqliteStore::note_lexicon(std::uint32_t version) {
  if (version == 0 || version == lexicon_version_) return Done{};
  auto statement = Statement::prepare(database_, lexicon_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  const auto text = std::to_string(version);
  use.bind(text);
  auto status = use.run();
  if (status) lexicon_version_ = version;
  return status;
}

Result<Receipt> SqliteStore::write_one(const Batch& batch) {
  if (auto status = ensure_stream(batch.source, batch.stream); !status) return unexpected(status.error());
  auto epoch = advance(batch);
  if (!epoch) return unexpected(epoch.error());
  Receipt receipt{.epoch = *epoch};
  std::deque<Derived> made;
  std::vector<const Derived*> derived;
  for (const auto& item : batch.mentions)
    derived.push_back(item.derived ? &*item.derived
                                   : &made.emplace_back(derive(item.mention, item.keeps_words())));
  for (const auto index : by_id(derived)) {
    auto status = mentions_.apply(batch.mentions[index], *derived[index], batch.source, rollups_, receipt);
    if (!status) return unexpected(status.error());
  }
  if (auto status = mentions_.flush_rows(); !status) return unexpected(status.error());
  for (const auto& withdrawal : batch.withdrawals)
    if (auto status = mentions_.withdraw(withdrawal, receipt); !status) return unexpected(status.error());
  for (const auto& gap : batch.gaps)
    if (auto status = add_gap(batch.source, batch.stream, gap); !status) return unexpected(status.error());
  Statement::Use use(count_);
  const auto received =
      std::ranges::count_if(batch.mentions, [](const ScoredMention& item) { return !item.again; });
  use.bind(static_cast<std::int64_t>(received) + static_cast<std::int64_t>(batch.malformed));
  use.bind(receipt.stored);
  use.bind(receipt.duplicate).bind(receipt.updated).bind(receipt.unmatched);
  use.bind(static_cast<std::int64_t>(batch.malformed)).bind(batch.source.value);
  if (auto status = use.run(); !status) return unexpected(status.error());
  return receipt;
}

Result<std::int64_t> SqliteStore::advance(const Batch& batch) {
  Statement::Use use(batch.cursor ? advance_ : fence_);
  if (batch.cursor) use.bind(static_cast<std::int64_t>(batch.cursor->schema)).bind(batch.cursor->json);
  batch.caught_up ? use.bind(to_ms(batch.now)) : use.bind_null();
  use.bind(batch.source.value).bind(batch.stream).bind(batch.epoch);
  if (auto status = use.run(); !status) return unexpected(status.error());
  if (database_.changes() != 1)
    return unexpected(ErrorKind::cancelled, "stream " + batch.stream + " was moved by another worker");
  return batch.epoch + 1;
}

Status SqliteStore::report(SourceId source, const SourceReport& report) {
  Statement::Use use(report_);
  use.bind(report.state).bind(report.fail_count);
  report.next_poll_at ? use.bind(to_ms(*report.next_poll_at)) : use.bind_null();
  use.bind(report.error).bind(to_ms(report.at)).bind(source.value);
  const auto& quota = report.quota;
  use.bind(quota ? quota->limit : std::nullopt);
  use.bind(quota ? std::optional(quota->remaining) : std::nullopt);
  use.bind(quota ? quota->resets_at : std::nullopt).bind(report.poll_rate);
  return use.run();
}

Status SqliteStore::add_gap(SourceId source, std::string_view stream, const Gap& gap) {
  Statement::Use use(add_gap_);
  use.bind(source.value).bind(stream).bind(to_ms(gap.from)).bind(to_ms(gap.to)).bind(gap.reason);
  use.bind(gap.rate);
  return use.run();
}

Status SqliteStore::drop_gap(SourceId source, std::string_view stream, Timestamp since,
                             std::string_view reason) {
  Statement::Use use(drop_gap_);
  use.bind(source.value).bind(to_ms(since)).bind(stream).bind(reason);
  return use.run();
}

Status SqliteStore::trim_queue() {
  const auto indexed = indexed_->load();
  if (indexed <= trimmed_) return Done{};
  auto status = mentions_.forget_indexed(indexed);
  if (status) trimmed_ = indexed;
  return status;
}

Status SqliteStore::checkpoint() {
  if (auto status = trim_queue(); !status) return status;
  return database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<std::unique_ptr<Reader>> SqliteStore::reader() { return open_reader(path_); }

Result<std::unique_ptr<Indexer>> SqliteStore::indexer() { return SearchIndex::open(path_, indexed_); }

}  // namespace earshot::store::sqlite
