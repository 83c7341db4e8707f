// What people see of deliveries, and what they do about those that failed.
#include "store/sqlite/deliveries.hpp"
#include "store/sqlite/delivery_rows.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* reopen_sql =
    "UPDATE outbox SET delivered_at=NULL WHERE outbox_id IN (SELECT outbox_id FROM delivery WHERE "
    "state='dead' AND "
    "(?1=0 OR delivery_id=?1) AND (?2='' OR destination=?2))";
constexpr const char* requeue_sql =
    "UPDATE delivery SET state='waiting',attempts=0,due_at=?3,next_at=?3,settled_at=NULL,batch=NULL WHERE "
    "state='dead' AND (?1=0 OR delivery_id=?1) AND (?2='' OR destination=?2)";
// What holds the destination back ends, too: somebody has seen to it.
constexpr const char* wake_sql =
    "UPDATE destination SET paused_until=NULL WHERE name IN (SELECT destination FROM delivery WHERE "
    "state='waiting') AND (?1='' OR name=?1)";

constexpr const char* drop_delivery_sql =
    "UPDATE delivery SET state='dropped',leased_until=NULL,settled_at=?2,batch=NULL WHERE delivery_id=?1 AND "
    "state IN('waiting','dead')";
constexpr const char* unmake_sql =
    "UPDATE delivery SET batch=NULL WHERE state='waiting' AND batch=(SELECT batch FROM delivery WHERE "
    "delivery_id=?)";

constexpr const char* list_sql = EARSHOT_DELIVERY_COLUMNS
    "WHERE (?1='' OR d.destination=?1) AND (?2='' OR d.state=?2) ORDER BY d.delivery_id DESC LIMIT ?3";
/// Dead letters are few, and have an index of their own.
constexpr const char* list_dead_sql = EARSHOT_DELIVERY_COLUMNS
    "WHERE (?1='' OR d.destination=?1) AND ?2<>'' AND d.state='dead' ORDER BY d.delivery_id DESC LIMIT ?3";
constexpr const char* list_one_sql = EARSHOT_DELIVERY_COLUMNS "WHERE d.delivery_id=?";
constexpr const char* destinations_sql =
    "SELECT name,failures,paused_until,last_ok_at,last_error,(SELECT count(*) FROM delivery d WHERE "
    "d.destination=name AND state IN('waiting','sending')),(SELECT count(*) FROM delivery d WHERE "
    "d.destination=name AND state='dead'),last_error_at,(SELECT count(*) FROM delivery d WHERE "
    "d.destination=name AND state IN('waiting','sending') AND attempts>0),sent,failed,(SELECT min(due_at) "
    "FROM delivery d WHERE d.destination=name AND state IN('waiting','sending')) FROM destination WHERE "
    "?1='' OR name=?1 ORDER BY name";

}  // namespace

OutboxItem item_of(const Statement::Use& use, int first) {
  return OutboxItem{.id = use.integer(first),
                    .kind = std::string(use.text(first + 1)),
                    .key = std::string(use.text(first + 2)),
                    .payload = std::string(use.text(first + 3)),
                    .created_at = from_ms(use.integer(first + 4))};
}

Delivery delivery_of(const Statement::Use& use) {
  Delivery out;
  out.id = use.integer(0);
  out.destination = use.text(1);
  out.item = item_of(use, 2);
  out.thread = use.text(7);
  out.state = use.text(8);
  out.digest = use.integer(9) != 0;
  out.attempts = static_cast<int>(use.integer(10));
  out.due_at = from_ms(use.integer(11));
  out.next_at = from_ms(use.integer(12));
  out.settled_at = optional_time(use, 13);
  out.external_id = use.text(14);
  out.last_error = use.text(15);
  out.thread_external_id = use.text(16);
  return out;
}

Status SqliteDeliveries::requeue(std::int64_t delivery_id, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto status = run(database_, reopen_sql, [&](Statement::Use& use) { use.bind(delivery_id).bind(""); });
  if (!status) return status;
  status = run(database_, requeue_sql,
               [&](Statement::Use& use) { use.bind(delivery_id).bind("").bind(to_ms(now)); });
  if (!status) return status;
  if (database_.changes() == 0)
    return unexpected(ErrorKind::invalid, "there is no dead letter " + std::to_string(delivery_id) +
                                              ": `earshot outbox --dead` lists them");
  status = run(database_, wake_sql, [&](Statement::Use& use) { use.bind(""); });
  if (!status) return status;
  return transaction->commit();
}

Result<std::int64_t> SqliteDeliveries::requeue_dead(std::string_view destination, Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto status = run(database_, reopen_sql, [&](Statement::Use& use) { use.bind(0).bind(destination); });
  if (!status) return unexpected(status.error());
  status = run(database_, requeue_sql,
               [&](Statement::Use& use) { use.bind(0).bind(destination).bind(to_ms(now)); });
  if (!status) return unexpected(status.error());
  const auto count = database_.changes();
  status = run(database_, wake_sql, [&](Statement::Use& use) { use.bind(destination); });
  if (status) status = transaction->commit();
  if (!status) return unexpected(status.error());
  return count;
}

Status SqliteDeliveries::drop(std::int64_t delivery_id, Timestamp now) {
  auto found = list_deliveries(database_, {.id = delivery_id});
  if (!found) return unexpected(found.error());
  const auto name = std::to_string(delivery_id);
  if (found->empty()) return unexpected(ErrorKind::invalid, "there is no delivery " + name);
  const auto& state = found->front().state;
  if (state == "dropped") return Done{};
  if (state == "delivered") return unexpected(ErrorKind::invalid, "delivery " + name + " went out already");
  if (state == "sending")
    return unexpected(ErrorKind::busy, "delivery " + name + " is being sent: try again in a minute");
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto status = run(database_, unmake_sql, [&](Statement::Use& use) { use.bind(delivery_id); });
  if (status)
    status = run(database_, drop_delivery_sql,
                 [&](Statement::Use& use) { use.bind(delivery_id).bind(to_ms(now)); });
  return status ? transaction->commit() : status;
}

Result<std::vector<Delivery>> list_deliveries(Database& database, const DeliveryFilter& filter) {
  std::vector<Delivery> out;
  const auto* sql = filter.id != 0 ? list_one_sql : filter.state == "dead" ? list_dead_sql : list_sql;
  auto status = each(
      database, sql,
      [&](Statement::Use& use) {
        if (filter.id != 0)
          use.bind(filter.id);
        else
          use.bind(filter.destination).bind(filter.state).bind(static_cast<std::int64_t>(filter.limit));
      },
      [&](const Statement::Use& use) { out.push_back(delivery_of(use)); });
  if (!status) return unexpected(status.error());
  return out;
}

Result<std::vector<DestinationState>> list_destinations(Database& database) {
  std::vector<DestinationState> out;
  auto status = each(
      database, destinations_sql, [&](Statement::Use& use) { use.bind(""); },
      [&](const Statement::Use& use) {
        out.push_back({.name = std::string(use.text(0)),
                       .failures = static_cast<int>(use.integer(1)),
                       .paused_until = optional_time(use, 2),
                       .last_ok_at = optional_time(use, 3),
                       .last_error_at = optional_time(use, 7),
                       .last_error = std::string(use.text(4)),
                       .waiting = use.integer(5),
                       .retrying = use.integer(8),
                       .dead = use.integer(6),
                       .sent = use.integer(9),
                       .failed = use.integer(10),
                       .oldest_due_at = optional_time(use, 11)});
      });
  if (!status) return unexpected(status.error());
  return out;
}

}  // namespace earshot::store::sqlite
