// Mentions that are asked for again at their platform, and those that may not be kept any longer without
// that.
#include "core/model/identity.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

/// Rows of other sources lie between those that are wanted; so many are passed over in milliseconds.
constexpr std::int64_t scan_max = 20'000;
constexpr auto expiry_pause = std::chrono::hours(1);

constexpr const char* scan_sql =
    "SELECT mention_id,native_id,url,conversation,extra,created_at,in_reply_to,"
    "source_id=?4 AND text IS NOT NULL AND fetched_at<?5 AND native_id NOT GLOB 'pseudonym:*' FROM mention "
    "WHERE mention_id>?1 AND mention_id<=?2 ORDER BY mention_id LIMIT ?3";
constexpr const char* overdue_sql =
    "SELECT count(*),min(fetched_at) FROM mention WHERE mention_id>? AND mention_id<=? AND source_id=? AND "
    "text IS NOT NULL AND fetched_at<? AND native_id NOT GLOB 'pseudonym:*'";
constexpr const char* expired_sql =
    "SELECT mention_id,source_id=?4 AND text IS NOT NULL AND fetched_at<?5 FROM mention "
    "WHERE mention_id>?1 AND mention_id<=?2 ORDER BY mention_id LIMIT ?3";
constexpr const char* report_sql =
    "UPDATE source SET hydrated_at=?,hydrate_asked=hydrate_asked+?,hydrate_gone=hydrate_gone+?,"
    "hydrate_overdue=?,hydrate_oldest_at=? WHERE source_id=?";
constexpr const char* source_sql = "SELECT source_id FROM source WHERE name=?";

}  // namespace

Result<HydratePage> SqliteReader::to_hydrate(const HydrateQuery& query) {
  auto statement = Statement::prepare(database_, scan_sql);
  if (!statement) return unexpected(statement.error());
  HydratePage out{.rows = {}, .reached = query.after};
  Statement::Use use(*statement);
  use.bind(query.after.value).bind(query.up_to.value).bind(scan_max).bind(query.source.value);
  use.bind(to_ms(query.read_before));
  std::int64_t scanned = 0;
  while (out.rows.size() < query.limit && use.step()) {
    ++scanned;
    out.reached = MentionId{use.integer(0)};
    if (use.integer(7) == 0) continue;
    out.rows.push_back({.id = out.reached,
                        .native_id = std::string(use.text(1)),
                        .url = std::string(use.text(2)),
                        .in_reply_to = std::string(use.text(6)),
                        .conversation = std::string(use.text(3)),
                        .extra = std::string(use.text(4)),
                        .created_at = from_ms(use.integer(5))});
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  if (scanned < scan_max && out.rows.size() < query.limit) out.reached = query.up_to;
  return out;
}

Result<HydrateStatus> SqliteReader::hydrate_overdue(const HydrateQuery& query) {
  auto statement = Statement::prepare(database_, overdue_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(query.after.value).bind(query.up_to.value).bind(query.source.value).bind(to_ms(query.read_before));
  HydrateStatus out;
  if (use.step()) {
    out.overdue = use.integer(0);
    if (const auto at = use.optional_integer(1)) out.oldest_at = from_ms(*at);
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> SqliteStore::source_names() {
  using Named = std::pair<std::string, std::string>;
  return rows_of<Named>(
      database_, "SELECT name,connector FROM source ORDER BY source_id", [](Statement::Use&) {},
      [](const Statement::Use& use) { return Named(std::string(use.text(0)), std::string(use.text(1))); });
}

Status SqliteStore::report_hydrate(SourceId source, const HydrateStatus& report) {
  auto statement = Statement::prepare(database_, report_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(to_ms(report.at)).bind(report.asked).bind(report.gone).bind(report.overdue);
  use.bind(report.oldest_at).bind(source.value);
  return use.run();
}

Result<Purged> SqliteStore::expire(std::string_view source, Timestamp read_before, std::size_t mentions_max,
                                   Timestamp now) {
  auto& expiry = expiries_[std::string(source)];
  if (expiry.done_at && now - *expiry.done_at < expiry_pause && now >= *expiry.done_at) return Purged{};
  std::optional<std::int64_t> id;
  {
    auto statement = Statement::prepare(database_, source_sql);
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(source);
    if (use.step()) id = use.integer(0);
    if (auto status = use.finish(); !status) return unexpected(status.error());
  }
  if (!id) return Purged{};
  std::vector<MentionId> gone;
  // Nobody reads a post before it is written, but for clocks that differ: a day's grace finds those too.
  const auto end = identity::make_id(read_before + std::chrono::hours(24), 0);
  auto reached = expiry.reached;
  std::int64_t scanned = 0;
  {
    auto statement = Statement::prepare(database_, expired_sql);
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(reached.value).bind(end.value).bind(scan_max).bind(*id).bind(to_ms(read_before));
    while (gone.size() < mentions_max && use.step()) {
      ++scanned;
      reached = MentionId{use.integer(0)};
      if (use.integer(1) != 0) gone.push_back(reached);
    }
    if (auto status = use.finish(); !status) return unexpected(status.error());
  }
  if (!gone.empty()) {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return unexpected(transaction.error());
    const auto bury = [&]() -> Status {
      for (const auto one : gone)
        if (auto status = mentions_.expire(one, now); !status) return status;
      if (auto status = mentions_.flush(); !status) return status;
      return transaction->commit();
    };
    if (auto status = bury(); !status) {
      mentions_.forget();
      return unexpected(status.error());
    }
  }
  const bool more = gone.size() >= mentions_max || scanned >= scan_max;
  expiry.reached = more ? reached : MentionId{};
  if (more)
    expiry.done_at.reset();
  else
    expiry.done_at = now;
  return Purged{.mentions = static_cast<std::int64_t>(gone.size()), .more = more};
}

}  // namespace earshot::store::sqlite
