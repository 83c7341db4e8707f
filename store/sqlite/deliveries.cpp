// Which row of the outbox goes where, and how far it got.
#include "store/sqlite/deliveries.hpp"

#include <algorithm>
#include <limits>

#include "store/sqlite/delivery_rows.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

/// More parts than one message can bear; what is over waits for the next.
constexpr int digest_parts_max = 100;

constexpr const char* add_destination_sql =
    "INSERT OR IGNORE INTO destination(name,routed_to) VALUES(?1,coalesce((SELECT min(outbox_id)-1 FROM "
    "outbox "
    "WHERE created_at>=?2),(SELECT max(outbox_id) FROM outbox),0))";
constexpr const char* unrouted_sql =
    "SELECT outbox_id,kind,key,payload,created_at FROM outbox WHERE outbox_id>(SELECT routed_to FROM "
    "destination "
    "WHERE name=?) ORDER BY outbox_id LIMIT ?";
constexpr const char* advance_sql = "UPDATE destination SET routed_to=?2 WHERE name=?1 AND routed_to<?2";
constexpr const char* add_delivery_sql =
    "INSERT OR IGNORE INTO "
    "delivery(outbox_id,destination,thread,topic,state,digest,created_at,due_at,next_at) "
    "VALUES(?1,?2,?3,?4,'waiting',?5,?6,?7,?7)";
constexpr const char* singles_sql =
    "SELECT count(*) FROM delivery WHERE destination=? AND digest=0 AND due_at>=? AND due_at<?";
constexpr const char* topic_sql =
    "SELECT max(due_at) FROM delivery WHERE destination=? AND topic=? AND digest=0";
constexpr const char* thread_sql =
    "SELECT count(*),coalesce(max(digest=1 AND state='waiting'),0) FROM delivery WHERE destination=? AND "
    "thread=?";

/// The oldest that is due and whose thread is clear before it; of a digest that is its first part.
constexpr const char* next_sql =
    "SELECT delivery_id,batch FROM delivery d WHERE destination=?1 AND state IN('waiting','sending') AND "
    "((state='waiting' AND next_at<=?2) OR (state='sending' AND leased_until<=?2)) AND "
    "(digest=0 OR batch=delivery_id) AND (digest=1 OR NOT EXISTS(SELECT 1 FROM delivery e WHERE "
    "e.destination=d.destination AND e.thread=d.thread AND e.delivery_id<d.delivery_id AND e.state "
    "IN('waiting','sending'))) ORDER BY delivery_id LIMIT 1";
constexpr const char* lease_sql =
    "UPDATE delivery SET state='sending',attempts=attempts+1,leased_until=?3 WHERE state "
    "IN('waiting','sending') "
    "AND (delivery_id=?1 OR batch=?2) AND destination=?4";
constexpr const char* leased_sql = EARSHOT_DELIVERY_COLUMNS
    "WHERE d.destination=?3 AND d.state='sending' AND (d.delivery_id=?1 OR d.batch=?2) ORDER BY "
    "d.delivery_id";
constexpr const char* make_up_sql =
    "UPDATE delivery SET batch=(SELECT min(delivery_id) FROM delivery WHERE destination=?1 AND "
    "state='waiting' AND "
    "digest=1 AND batch IS NULL AND next_at<=?2) WHERE delivery_id IN (SELECT delivery_id FROM delivery "
    "WHERE "
    "destination=?1 AND state='waiting' AND digest=1 AND batch IS NULL AND next_at<=?2 ORDER BY delivery_id "
    "LIMIT ?3)";
constexpr const char* delivered_sql =
    "UPDATE delivery SET state='delivered',leased_until=NULL,settled_at=?2,external_id=?3,last_error=NULL "
    "WHERE "
    "delivery_id=?1";
// Counted before it changes, so that the same again counts nothing.
constexpr const char* count_sent_sql =
    "UPDATE destination SET sent=sent+1 WHERE name=(SELECT destination FROM delivery WHERE delivery_id=? AND "
    "state<>'delivered')";
constexpr const char* count_failed_sql =
    "UPDATE destination SET failed=failed+1 WHERE name=(SELECT destination FROM delivery WHERE "
    "delivery_id=?)";
constexpr const char* retry_sql =
    "UPDATE delivery SET state='waiting',leased_until=NULL,next_at=?2,last_error=?3 WHERE delivery_id=?1";
constexpr const char* defer_sql =
    "UPDATE delivery SET state='waiting',leased_until=NULL,next_at=?2,attempts=max(attempts-1,0) WHERE "
    "delivery_id=?1";
constexpr const char* give_up_sql =
    "UPDATE delivery SET state='dead',leased_until=NULL,settled_at=?2,last_error=?3 WHERE delivery_id=?1";
constexpr const char* release_sql =
    "UPDATE delivery SET state='waiting',leased_until=NULL,next_at=min(next_at,?1) WHERE state='sending' AND "
    "destination=?2";
constexpr const char* note_sql =
    "UPDATE destination SET failures=?2,paused_until=?3,last_ok_at=CASE WHEN ?4 IS NULL THEN ?5 ELSE "
    "last_ok_at "
    "END,last_error_at=CASE WHEN ?4 IS NULL THEN last_error_at ELSE ?5 END,last_error=?4 WHERE name=?1";
// A report's page quotes people: it is kept no longer than somebody waits for it.
constexpr const char* close_sql =
    "UPDATE outbox SET delivered_at=?1,payload=CASE kind WHEN 'report' THEN "
    "json_remove(payload,'$.text','$.markdown','$.html') ELSE payload END WHERE delivered_at IS NULL AND "
    "outbox_id<=?2 AND NOT EXISTS(SELECT 1 "
    "FROM "
    "delivery d WHERE d.outbox_id=outbox.outbox_id AND d.state NOT IN('delivered','dropped'))";
constexpr const char* routed_to_sql = "SELECT routed_to FROM destination WHERE name=?";
}  // namespace

Status SqliteDeliveries::ensure_destination(std::string_view name, Timestamp since) {
  return run(database_, add_destination_sql, [&](Statement::Use& use) { use.bind(name).bind(to_ms(since)); });
}

Result<std::vector<OutboxItem>> SqliteDeliveries::unrouted(std::string_view destination, std::size_t limit) {
  std::vector<OutboxItem> out;
  auto status = each(
      database_, unrouted_sql,
      [&](Statement::Use& use) { use.bind(destination).bind(static_cast<std::int64_t>(limit)); },
      [&](const Statement::Use& use) { out.push_back(item_of(use, 0)); });
  if (!status) return unexpected(status.error());
  return out;
}

Status SqliteDeliveries::route(std::string_view destination, std::int64_t routed_to,
                               const std::optional<NewDelivery>& chosen, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  if (chosen) {
    auto status = run(database_, add_delivery_sql, [&](Statement::Use& use) {
      use.bind(chosen->outbox_id).bind(destination).bind(chosen->thread).bind(chosen->topic);
      use.bind(chosen->digest ? 1 : 0).bind(to_ms(now)).bind(to_ms(chosen->due_at));
    });
    if (!status) return status;
  }
  auto status =
      run(database_, advance_sql, [&](Statement::Use& use) { use.bind(destination).bind(routed_to); });
  if (!status) return status;
  return transaction->commit();
}

Result<std::int64_t> SqliteDeliveries::singles_due(std::string_view destination, Timestamp since,
                                                   Timestamp until) {
  std::int64_t count = 0;
  auto status = each(
      database_, singles_sql,
      [&](Statement::Use& use) { use.bind(destination).bind(to_ms(since)).bind(to_ms(until)); },
      [&](const Statement::Use& use) { count = use.integer(0); });
  if (!status) return unexpected(status.error());
  return count;
}

Result<std::optional<Timestamp>> SqliteDeliveries::topic_due(std::string_view destination,
                                                             std::string_view topic) {
  std::optional<Timestamp> last;
  auto status = each(
      database_, topic_sql, [&](Statement::Use& use) { use.bind(destination).bind(topic); },
      [&](const Statement::Use& use) { last = optional_time(use, 0); });
  if (!status) return unexpected(status.error());
  return last;
}

Result<Deliveries::Thread> SqliteDeliveries::thread(std::string_view destination, std::string_view thread) {
  Thread out;
  auto status = each(
      database_, thread_sql, [&](Statement::Use& use) { use.bind(destination).bind(thread); },
      [&](const Statement::Use& use) {
        out.known = use.integer(0) > 0;
        out.in_digest = use.integer(1) != 0;
      });
  if (!status) return unexpected(status.error());
  return out;
}

/// Once made up, a digest keeps its parts through every attempt: the receiver knows it by its first.
Status SqliteDeliveries::make_up_digest(std::string_view destination, Timestamp now) {
  return run(database_, make_up_sql,
             [&](Statement::Use& use) { use.bind(destination).bind(to_ms(now)).bind(digest_parts_max); });
}

Result<std::vector<Delivery>> SqliteDeliveries::claim(std::string_view destination, Timestamp now,
                                                      Milliseconds lease) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  if (auto status = make_up_digest(destination, now); !status) return unexpected(status.error());
  std::int64_t first = 0, batch = -1;
  auto status = each(
      database_, next_sql, [&](Statement::Use& use) { use.bind(destination).bind(to_ms(now)); },
      [&](const Statement::Use& use) {
        first = use.integer(0);
        batch = use.optional_integer(1).value_or(-1);
      });
  if (!status) return unexpected(status.error());
  std::vector<Delivery> out;
  if (first != 0) {
    status = run(database_, lease_sql, [&](Statement::Use& use) {
      use.bind(first).bind(batch).bind(to_ms(now + lease)).bind(destination);
    });
    if (status)
      status = each(
          database_, leased_sql, [&](Statement::Use& use) { use.bind(first).bind(batch).bind(destination); },
          [&](const Statement::Use& use) { out.push_back(delivery_of(use)); });
    if (!status) return unexpected(status.error());
  }
  if (status = transaction->commit(); !status) return unexpected(status.error());
  return out;
}

Status SqliteDeliveries::delivered(std::span<const std::int64_t> ids, std::string_view external_id,
                                   Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  for (const auto id : ids) {
    auto status = run(database_, count_sent_sql, [&](Statement::Use& use) { use.bind(id); });
    if (!status) return status;
    status = run(database_, delivered_sql,
                 [&](Statement::Use& use) { use.bind(id).bind(to_ms(now)).bind_text_or_null(external_id); });
    if (!status) return status;
  }
  return transaction->commit();
}

Status SqliteDeliveries::retry(std::span<const std::int64_t> ids, Timestamp next_at, std::string_view error) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  for (const auto id : ids) {
    if (!error.empty())
      if (auto status = run(database_, count_failed_sql, [&](Statement::Use& use) { use.bind(id); }); !status)
        return status;
    auto status = run(database_, error.empty() ? defer_sql : retry_sql, [&](Statement::Use& use) {
      use.bind(id).bind(to_ms(next_at));
      if (!error.empty()) use.bind(error);
    });
    if (!status) return status;
  }
  return transaction->commit();
}

Status SqliteDeliveries::give_up(std::span<const std::int64_t> ids, std::string_view error, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  for (const auto id : ids) {
    auto status = run(database_, count_failed_sql, [&](Statement::Use& use) { use.bind(id); });
    if (!status) return status;
    status =
        run(database_, give_up_sql, [&](Statement::Use& use) { use.bind(id).bind(to_ms(now)).bind(error); });
    if (!status) return status;
  }
  return transaction->commit();
}

Status SqliteDeliveries::release(std::string_view destination, Timestamp now) {
  return run(database_, release_sql, [&](Statement::Use& use) { use.bind(to_ms(now)).bind(destination); });
}

Result<DestinationState> SqliteDeliveries::destination(std::string_view name) {
  auto all = list_destinations(database_);
  if (!all) return unexpected(all.error());
  for (auto& state : *all)
    if (state.name == name) return std::move(state);
  return unexpected(ErrorKind::invalid, "there is no destination '" + std::string(name) + "'");
}

Status SqliteDeliveries::note(std::string_view destination, int failures,
                              std::optional<Timestamp> paused_until, std::string_view error, Timestamp now) {
  return run(database_, note_sql, [&](Statement::Use& use) {
    use.bind(destination).bind(failures);
    paused_until ? use.bind(to_ms(*paused_until)) : use.bind_null();
    use.bind_text_or_null(error).bind(to_ms(now));
  });
}

Status SqliteDeliveries::close(std::span<const std::string> destinations, Timestamp now) {
  auto decided = std::numeric_limits<std::int64_t>::max();
  for (const auto& name : destinations) {
    std::int64_t routed_to = 0;
    auto status = each(
        database_, routed_to_sql, [&](Statement::Use& use) { use.bind(name); },
        [&](const Statement::Use& use) { routed_to = use.integer(0); });
    if (!status) return status;
    decided = std::min(decided, routed_to);
  }
  return run(database_, close_sql, [&](Statement::Use& use) { use.bind(to_ms(now)).bind(decided); });
}

}  // namespace earshot::store::sqlite
