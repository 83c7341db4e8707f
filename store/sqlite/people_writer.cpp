// Writes what the people job found: findings of the time it looks back on are replaced, older ones stay.
#include "core/model/identity.hpp"
#include "store/sqlite/store.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

/// What is replaced: by the time of the mention, by a moment, or whole.
struct Table {
  const char* drop;
  enum class By { id, time, whole } by;
};
constexpr Table tables[] = {
    {"DELETE FROM person_role WHERE brand_id=? AND author_key IN "
     "(SELECT author_key FROM person WHERE brand_id=?1 AND last_at>=?2)",
     Table::By::time},
    {"DELETE FROM person WHERE brand_id=? AND last_at>=?", Table::By::time},
    {"DELETE FROM stance_step WHERE brand_id=? AND at>=?", Table::By::time},
    {"DELETE FROM defence WHERE brand_id=? AND mention_id>=?", Table::By::id},
    {"DELETE FROM person_event WHERE brand_id=? AND mention_id>=?", Table::By::id},
    {"DELETE FROM promise WHERE brand_id=? AND mention_id>=?", Table::By::id},
    {"DELETE FROM praise WHERE brand_id=?", Table::By::whole},
    {"DELETE FROM conduct WHERE brand_id=? AND mention_id>=?", Table::By::id},
    {"DELETE FROM conduct_day WHERE brand_id=? AND day_at>=?", Table::By::time},
};

std::int64_t signed_key(std::uint64_t key) { return static_cast<std::int64_t>(key); }

void bind_span(Statement::Use& use, const std::optional<Span>& span) {
  if (span)
    use.bind(static_cast<std::int64_t>(span->begin)).bind(static_cast<std::int64_t>(span->end));
  else
    use.bind_null().bind_null();
}

Status drop_all(Database& database, BrandId brand, Timestamp since) {
  for (const auto& table : tables) {
    auto statement = Statement::prepare(database, table.drop);
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(brand.value);
    if (table.by == Table::By::id) use.bind(identity::make_id(since, 0).value);
    if (table.by == Table::By::time) use.bind(to_ms(since));
    if (auto status = use.run(); !status) return status;
  }
  return Done{};
}

Status save_people(Database& database, BrandId brand, const PeopleFindings& found) {
  auto status = save_all(database, "INSERT OR REPLACE INTO person_role VALUES(?,?,?,?,?)", brand, found.roles,
                         [](auto& use, const RoleRow& row) {
                           use.bind(signed_key(row.author_key)).bind(row.role).bind(row.reason);
                           use.bind(row.mention.value);
                         });
  if (status)
    status = save_all(database, "INSERT OR REPLACE INTO person VALUES(?,?,?,?,?,?,?,?,?,?,?)", brand,
                      found.people, [](auto& use, const PersonRow& row) {
                        use.bind(signed_key(row.author_key)).bind(row.stance);
                        use.bind(row.stance_at);
                        use.bind(row.mentions).bind(row.praises).bind(row.defences).bind(row.referrals);
                        use.bind(row.reach).bind(to_ms(row.last_at)).bind(row.last_mention.value);
                      });
  if (status)
    status = save_all(database, "INSERT OR REPLACE INTO stance_step VALUES(?,?,?,?,?,?,?)", brand,
                      found.steps, [](auto& use, const StanceStepRow& row) {
                        use.bind(to_ms(row.at)).bind(signed_key(row.author_key)).bind(row.to).bind(row.from);
                        use.bind(row.before);
                        use.bind(row.after);
                      });
  if (status)
    status = save_all(database, "INSERT INTO defence VALUES(?,?,?,?)", brand, found.defences,
                      [](auto& use, const DefenceRow& row) {
                        use.bind(row.mention.value).bind(signed_key(row.author_key)).bind(row.target.value);
                      });
  if (status)
    status = save_all(database, "INSERT OR REPLACE INTO person_event VALUES(?,?,?,?,?,?,?,?,?,?)", brand,
                      found.events, [](auto& use, const PersonEventRow& row) {
                        use.bind(row.kind).bind(row.mention.value).bind(signed_key(row.author_key));
                        use.bind(row.about);
                        use.bind(row.thanks);
                        bind_span(use, row.span);
                        bind_span(use, row.reason);
                      });
  return status;
}

Status save_service(Database& database, BrandId brand, const PeopleFindings& found) {
  auto status = save_all(database, "INSERT INTO promise VALUES(?,?,?,?,?,?,?,?,?,?,?)", brand, found.promises,
                         [](auto& use, const PromiseRow& row) {
                           use.bind(row.mention.value).bind(row.to.value).bind(signed_key(row.author_key));
                           use.bind(to_ms(row.due_at)).bind(static_cast<int>(row.named)).bind(row.state);
                           use.bind(row.settled_at);
                           use.bind(row.settled);
                           bind_span(use, row.span);
                         });
  if (status)
    status = save_all(
        database, "INSERT INTO praise VALUES(?,?,?,?)", brand, found.praise,
        [](auto& use, const PraiseRow& row) { use.bind(row.id.value).bind(row.priority).bind(row.reasons); });
  if (status)
    status = save_all(database, "INSERT INTO conduct VALUES(?,?,?,?,?)", brand, found.conduct,
                      [](auto& use, const ConductRow& row) {
                        use.bind(row.kind).bind(row.mention.value).bind(row.about.value).bind(row.times);
                      });
  if (status)
    status = save_all(database, "INSERT OR REPLACE INTO conduct_day VALUES(?,?,?,?,?,?)", brand,
                      found.conduct_days, [](auto& use, const ConductDay& row) {
                        use.bind(to_ms(row.day_at)).bind(row.replies).bind(row.canned);
                        use.bind(row.followups).bind(row.unanswered);
                      });
  return status;
}

}  // namespace

Status SqliteStore::write_people(BrandId brand, const PeopleFindings& found) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto status = drop_all(database_, brand, found.since);
  if (status) status = save_people(database_, brand, found);
  if (status) status = save_service(database_, brand, found);
  if (!status) return status;
  return transaction->commit();
}

}  // namespace earshot::store::sqlite
