// What the service job reads and writes: conversations, who waits, how soon answers came, and journeys.
#include "core/model/identity.hpp"
#include "store/sqlite/changed_days.hpp"
#include "store/sqlite/fresh_rows.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/store.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

// The newest decision about an earlier post of the same author, for who looks after them.
constexpr const char* earlier_owner_sql =
    "(SELECT e.owner FROM waiting_decision e WHERE m.author_key<>0 AND e.brand_id=v.brand_id AND "
    "e.author_key=m.author_key AND e.mention_id<v.mention_id ORDER BY e.mention_id DESC LIMIT 1)";
// ?1 brand, ?2 now.
constexpr const char* still_waits_sql =
    "FROM waiting w JOIN mention m ON m.mention_id=w.mention_id "
    "JOIN verdict v ON v.mention_id=w.mention_id AND v.brand_id=w.brand_id "
    "LEFT JOIN waiting_decision d ON d.mention_id=w.mention_id AND d.brand_id=w.brand_id "
    "WHERE w.brand_id=?1 AND m.deleted_at IS NULL AND (d.state IS NULL OR d.state='waiting' OR "
    "(d.state='snoozed' AND d.until<=?2)) ";
constexpr const char* response_days_sql =
    "SELECT day_at,source_id,contacts,answered,settled,median_s,slow_s,open_median_s,open_slow_s,late FROM "
    "response_day "
    "WHERE brand_id=? AND day_at>=? AND day_at<? ORDER BY day_at,source_id";
// The post was deleted while the job was thinking.
constexpr const char* is_gone =
    "NOT EXISTS (SELECT 1 FROM mention m WHERE m.mention_id=fresh_waiting.mention_id AND m.deleted_at IS "
    "NULL)";
constexpr const char* rant_day = EARSHOT_DAY_OF("rant_mention");
constexpr const char* drop_journey_days_sql = "DELETE FROM journey_day WHERE brand_id=? AND day_at>=?";

Status run_for(Database& database, const char* sql, BrandId brand, std::optional<std::int64_t> since = {}) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(brand.value);
  if (since) use.bind(*since);
  return use.run();
}

/// Counts the journeys of every day from that of `since` on anew.
Status count_journeys(Database& database, BrandId brand, Timestamp since) {
  const Timestamp day = std::chrono::floor<std::chrono::days>(since);
  if (auto status = run_for(database, drop_journey_days_sql, brand, to_ms(day)); !status) return status;
  return run_for(database,
                 (std::string("INSERT INTO journey_day SELECT brand_id,") + rant_day +
                  ",outcome,count(*) FROM journey WHERE brand_id=? AND rant_mention>=? GROUP BY 1,2,3")
                     .c_str(),
                 brand, identity::make_id(day, 0).value);
}

std::optional<std::int64_t> value_of(const std::optional<MentionId>& id) {
  return id ? std::optional(id->value) : std::nullopt;
}

std::optional<MentionId> optional_id(const Statement::Use& use, int column) {
  const auto value = use.optional_integer(column);
  return value ? std::optional(MentionId{*value}) : std::nullopt;
}

}  // namespace

std::string contacts_sql() {
  return "SELECT "
         "m.mention_id,m.source_id,m.native_hash,p.name,m.in_reply_to,m.conversation,m.author_key,m.reach,"
         "m.created_at,m.kind,m.fingerprint,length(m.text)," +
         std::string(verdict_columns) +
         ",m.text,m.author_handle,m.author_name,"
         "CASE WHEN p.name='mastodon' AND json_valid(m.extra) THEN json_extract(m.extra,'$.local_id') END "
         "FROM verdict v INDEXED BY verdict_brand CROSS JOIN mention m ON m.mention_id=v.mention_id "
         "JOIN platform p ON p.platform_id=m.platform_id "
         "WHERE v.brand_id=? AND v.mention_id>=? AND v.mention_id<? AND (v.intents&" +
         std::to_string(std::uint64_t{1} << static_cast<unsigned>(Intent::spam)) +
         ")=0 AND m.deleted_at IS NULL ORDER BY v.mention_id DESC LIMIT ?";
}

Result<std::vector<ContactRow>> SqliteReader::contacts(const HistoryPage& page) {
  auto statement = Statement::prepare(database_, contacts_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use, page);
  const auto hash = [&](int column) {
    return use.text(column).empty() ? 0 : identity::native_hash(use.text(3), use.text(column));
  };
  std::vector<ContactRow> rows;
  while (use.step())
    rows.push_back(ContactRow{.id = MentionId{use.integer(0)},
                              .source = SourceId{use.integer(1)},
                              .post = static_cast<std::uint64_t>(use.integer(2)),
                              .parent = hash(4),
                              .thread = hash(5),
                              .local = hash(29),
                              .author_key = static_cast<std::uint64_t>(use.integer(6)),
                              .fingerprint = static_cast<std::uint64_t>(use.integer(10)),
                              .text_bytes = use.integer(11),
                              .reach = use.integer(7),
                              .created_at = from_ms(use.integer(8)),
                              .article = static_cast<MentionKind>(use.integer(9)) == MentionKind::article,
                              .verdict = read_verdict(use, 12),
                              .text = std::string(use.text(26)),
                              .author_handle = std::string(use.text(27)),
                              .author_name = std::string(use.text(28))});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

std::string waiting_sql() {
  return std::string(
             "SELECT w.mention_id,w.priority,w.reasons,coalesce(d.state,'waiting'),CASE WHEN d.state IS NULL "
             "THEN ") +
         earlier_owner_sql + " ELSE d.owner END,d.until,d.note,w.at_risk,w.due_at " + still_waits_sql +
         "ORDER BY w.priority DESC,w.mention_id LIMIT ?3";
}

namespace {

WaitingRow read_waiting(const Statement::Use& use) {
  return WaitingRow{.id = MentionId{use.integer(0)},
                    .priority = static_cast<int>(use.integer(1)),
                    .reasons = std::string(use.text(2)),
                    .at_risk = use.integer(7) != 0,
                    .due_at = optional_time(use, 8),
                    .state = std::string(use.text(3)),
                    .owner = std::string(use.text(4)),
                    .note = std::string(use.text(6)),
                    .until = optional_time(use, 5)};
}

}  // namespace

Result<std::vector<WaitingRow>> SqliteReader::waiting(BrandId brand, std::size_t limit, Timestamp now) {
  return rows_of<WaitingRow>(
      database_, waiting_sql(),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(to_ms(now)).bind(static_cast<std::int64_t>(limit));
      },
      read_waiting);
}

Result<WaitingRow> SqliteReader::waiting_of(BrandId brand, MentionId mention) {
  auto rows = rows_of<WaitingRow>(
      database_,
      std::string("SELECT v.mention_id,w.priority,coalesce(w.reasons,'{}'),coalesce(d.state,'waiting'),"
                  "CASE WHEN d.state IS NULL THEN ") +
          earlier_owner_sql +
          " ELSE d.owner END,d.until,d.note,w.at_risk,w.due_at FROM verdict v JOIN mention m ON "
          "m.mention_id=v.mention_id "
          "LEFT JOIN waiting w ON w.mention_id=v.mention_id AND w.brand_id=v.brand_id "
          "LEFT JOIN waiting_decision d ON d.mention_id=v.mention_id AND d.brand_id=v.brand_id "
          "WHERE v.mention_id=? AND v.brand_id=? AND (w.priority IS NOT NULL OR d.state IS NOT NULL)",
      [&](Statement::Use& use) { use.bind(mention.value).bind(brand.value); }, read_waiting);
  if (!rows) return unexpected(rows.error());
  if (rows->empty())
    return unexpected(ErrorKind::invalid,
                      "mention " + std::to_string(mention.value) + " does not wait for an answer");
  return std::move(rows->front());
}

// All that wait, and those of them that people set aside; older decisions than the oldest that waits are
// about nobody in the queue.
std::string waiting_count_sql() {
  return "SELECT count(*),coalesce(sum(at_risk),0) FROM waiting INDEXED BY waiting_priority WHERE "
         "brand_id=?1 "
         "UNION ALL "
         "SELECT -count(*),-coalesce(sum(w.at_risk),0) FROM waiting_decision d CROSS JOIN waiting w ON "
         "w.brand_id=d.brand_id AND w.mention_id=d.mention_id WHERE d.mention_id>="
         "(SELECT min(mention_id) FROM waiting WHERE brand_id=?1) AND +d.brand_id=?1 AND "
         "(d.state IN ('done','dismissed') OR (d.state='snoozed' AND d.until>?2))";
}

Result<WaitingCount> SqliteReader::waiting_count(BrandId brand, Timestamp now) {
  auto statement = Statement::prepare(database_, waiting_count_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(brand.value).bind(to_ms(now));
  WaitingCount count;
  while (use.step()) {
    count.people += use.integer(0);
    count.at_risk += use.integer(1);
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return count;
}

Result<std::vector<ResponseDay>> SqliteReader::response_days(BrandId brand, Timestamp since,
                                                             Timestamp until) {
  auto statement = Statement::prepare(database_, response_days_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until));
  std::vector<ResponseDay> rows;
  while (use.step())
    rows.push_back(ResponseDay{.day_at = from_ms(use.integer(0)),
                               .source = SourceId{use.integer(1)},
                               .contacts = use.integer(2),
                               .answered = use.integer(3),
                               .settled = use.integer(4),
                               .median_s = use.optional_integer(5),
                               .slow_s = use.optional_integer(6),
                               .open_median_s = use.optional_integer(7),
                               .open_slow_s = use.optional_integer(8),
                               .late = use.integer(9)});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

std::string journeys_sql(bool one_outcome) {
  return std::string(
             "SELECT "
             "j.rant_mention,j.author_key,j.outcome,j.fallen,j.issue_id,j.reply_mention,j.last_mention,"
             "m.author_handle FROM journey j ") +
         (one_outcome ? "INDEXED BY journey_outcome " : "") +
         "LEFT JOIN mention m ON m.mention_id=j.rant_mention "
         "WHERE j.brand_id=?1 AND j.rant_mention>=?2 AND j.rant_mention<?3 " +
         (one_outcome ? "AND j.outcome=?4 " : "") + "ORDER BY j.rant_mention DESC LIMIT ?5";
}

Result<std::vector<JourneyRow>> SqliteReader::journeys(BrandId brand, Timestamp since, Timestamp until,
                                                       std::string_view outcome, std::size_t limit) {
  auto statement = Statement::prepare(database_, journeys_sql(!outcome.empty()));
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(brand.value).bind(identity::make_id(since, 0).value).bind(identity::make_id(until, 0).value);
  use.bind(outcome).bind(static_cast<std::int64_t>(limit));
  std::vector<JourneyRow> rows;
  while (use.step()) {
    JourneyRow row{.rant = MentionId{use.integer(0)},
                   .author_key = static_cast<std::uint64_t>(use.integer(1)),
                   .outcome = std::string(use.text(2)),
                   .fallen = use.integer(3) != 0};
    if (const auto issue = use.optional_integer(4)) row.issue = static_cast<std::uint8_t>(*issue);
    row.reply = optional_id(use, 5);
    row.last = optional_id(use, 6);
    row.author_handle = use.text(7);
    rows.push_back(std::move(row));
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

// Whole days from their counts, the ends from the journeys themselves.
std::string journey_counts_sql() {
  const auto arm = [](const char* from, const char* until) {
    return std::string("SELECT ") + rant_day +
           " AS day_at,outcome,1 AS journeys FROM journey WHERE brand_id=?1 "
           "AND rant_mention>=" +
           from + " AND rant_mention<" + until;
  };
  return "SELECT day_at,outcome,sum(journeys) FROM (" + arm("?2", "?3") + " UNION ALL " + arm("?4", "?5") +
         " UNION ALL SELECT day_at,outcome,journeys FROM journey_day WHERE brand_id=?1 AND day_at>=?6 AND "
         "day_at<?7) GROUP BY 1,2 ORDER BY 1,2";
}

Result<std::vector<JourneyCount>> SqliteReader::journey_counts(BrandId brand, Timestamp since,
                                                               Timestamp until) {
  const auto first = std::min<Timestamp>(std::chrono::ceil<std::chrono::days>(since), until);
  const auto last = std::max<Timestamp>(std::chrono::floor<std::chrono::days>(until), first);
  const auto bind = [&](Statement::Use& use) {
    use.bind(brand.value);
    for (const auto at : {since, first, last, until}) use.bind(identity::make_id(at, 0).value);
    use.bind(to_ms(first)).bind(to_ms(last));
  };
  return rows_of<JourneyCount>(database_, journey_counts_sql(), bind, [](const Statement::Use& use) {
    return JourneyCount{
        .day_at = from_ms(use.integer(0)), .outcome = std::string(use.text(1)), .journeys = use.integer(2)};
  });
}

Status SqliteStore::write_service(BrandId brand, const ServiceFindings& found) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto waiting = FreshRows::create(database_, "waiting");
  if (!waiting) return unexpected(waiting.error());
  auto status = waiting->add(brand, found.waiting, [](auto& use, const WaitingRow& row) {
    use.bind(row.id.value).bind(row.priority).bind(row.reasons);
    use.bind(static_cast<std::int64_t>(row.at_risk));
    row.due_at ? use.bind(to_ms(*row.due_at)) : use.bind_null();
  });
  if (status) status = waiting->drop_if(is_gone);
  if (status) status = waiting->replace("brand_id=?1 AND ?2 IS NOT NULL", brand);
  if (!status) return status;
  auto days = FreshRows::create(database_, "response_day");
  if (!days) return unexpected(days.error());
  status = days->add(brand, found.days, [](auto& use, const ResponseDay& row) {
    use.bind(to_ms(row.day_at)).bind(row.source.value).bind(row.contacts).bind(row.answered);
    use.bind(row.settled).bind(row.median_s).bind(row.slow_s);
    use.bind(row.open_median_s).bind(row.open_slow_s).bind(row.late);
  });
  if (status) status = days->replace("brand_id=?1 AND day_at>=?2", brand, to_ms(found.since));
  if (!status) return status;
  auto journeys = FreshRows::create(database_, "journey");
  if (!journeys) return unexpected(journeys.error());
  status = journeys->add(brand, found.journeys, [](auto& use, const JourneyRow& row) {
    use.bind(row.rant.value).bind(static_cast<std::int64_t>(row.author_key)).bind(row.outcome);
    use.bind(static_cast<std::int64_t>(row.fallen));
    row.issue ? use.bind(static_cast<std::int64_t>(*row.issue)) : use.bind_null();
    use.bind(value_of(row.reply)).bind(value_of(row.last));
  });
  if (status)
    status =
        journeys->replace("brand_id=?1 AND rant_mention>=?2", brand, identity::make_id(found.since, 0).value);
  if (status) status = count_journeys(database_, brand, found.since);
  if (!status) return status;
  return transaction->commit();
}

}  // namespace earshot::store::sqlite
