#pragma once
#include "store/deliveries.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/rows_of.hpp"

/// What the queries of deliveries have in common.
namespace earshot::store::sqlite {

#define EARSHOT_DELIVERY_COLUMNS                                                                             \
  "SELECT d.delivery_id,d.destination,o.outbox_id,o.kind,o.key,o.payload,o.created_at,d.thread,d.state,"     \
  "d.digest,d.attempts,d.due_at,d.next_at,d.settled_at,d.external_id,d.last_error,(SELECT e.external_id "    \
  "FROM delivery e WHERE e.destination=d.destination AND e.thread=d.thread AND e.delivery_id<d.delivery_id " \
  "AND e.state='delivered' AND e.external_id IS NOT NULL ORDER BY e.delivery_id LIMIT 1) "                   \
  "FROM delivery d JOIN outbox o USING(outbox_id) "

/// Runs a query and hands over each row.
template <typename Bind, typename Row>
Status each(Database& database, const char* sql, Bind&& bind, Row&& row) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  bind(use);
  while (use.step()) row(use);
  return use.finish();
}

/// Five columns from `first` on.
OutboxItem item_of(const Statement::Use& use, int first);
/// EARSHOT_DELIVERY_COLUMNS.
Delivery delivery_of(const Statement::Use& use);

}  // namespace earshot::store::sqlite
