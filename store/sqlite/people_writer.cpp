// Writes what the people job found: findings of the time it looks back on are replaced, older ones stay.
#include "core/model/identity.hpp"
#include "store/sqlite/fresh_rows.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

/// What is replaced of a table.
struct Scope {
  const char* condition;    ///< as of FreshRows
  bool by_mention = false;  ///< else ?2 is a moment
};
constexpr Scope of_mentions{.condition = "brand_id=?1 AND mention_id>=?2", .by_mention = true};
constexpr Scope of_people{.condition = "brand_id=?1 AND last_at>=?2"};
constexpr Scope of_steps{.condition = "brand_id=?1 AND at>=?2"};
constexpr Scope of_days{.condition = "brand_id=?1 AND day_at>=?2"};
constexpr Scope whole{.condition = "brand_id=?1 AND ?2 IS NOT NULL"};
constexpr Scope of_roles{
    .condition =
        "brand_id=?1 AND author_key IN (SELECT author_key FROM person WHERE brand_id=?1 AND last_at>=?2)"};

std::int64_t signed_key(std::uint64_t key) { return static_cast<std::int64_t>(key); }

void bind_span(Statement::Use& use, const std::optional<Span>& span) {
  if (span)
    use.bind(static_cast<std::int64_t>(span->begin)).bind(static_cast<std::int64_t>(span->end));
  else
    use.bind_null().bind_null();
}

/// The tables of one brand's people, one after the other.
class PeopleTables {
 public:
  PeopleTables(Database& database, BrandId brand, Timestamp since)
      : database_(database), brand_(brand), since_(since) {}

  /// Nothing where one before failed.
  template <typename Rows, typename Bind>
  void replace(const char* table, const Scope& scope, const Rows& rows, Bind bind) {
    if (!status_) return;
    auto fresh = FreshRows::create(database_, table);
    if (!fresh) {
      status_ = unexpected(fresh.error());
      return;
    }
    status_ = fresh->add(brand_, rows, bind);
    const auto since = scope.by_mention ? identity::make_id(since_, 0).value : to_ms(since_);
    if (status_) status_ = fresh->replace(scope.condition, brand_, since);
  }

  const Status& status() const { return status_; }

 private:
  Database& database_;
  BrandId brand_;
  Timestamp since_;
  Status status_ = Done{};
};

void write_persons(PeopleTables& tables, const PeopleFindings& found) {
  // Before the people by whom it is known which roles are replaced.
  tables.replace("person_role", of_roles, found.roles, [](auto& use, const RoleRow& row) {
    use.bind(signed_key(row.author_key)).bind(row.role).bind(row.reason).bind(row.mention.value);
  });
  tables.replace("person", of_people, found.people, [](auto& use, const PersonRow& row) {
    use.bind(signed_key(row.author_key)).bind(row.stance);
    use.bind(row.stance_at);
    use.bind(row.mentions).bind(row.praises).bind(row.defences).bind(row.referrals);
    use.bind(row.reach).bind(to_ms(row.last_at)).bind(row.last_mention.value);
  });
  tables.replace("stance_step", of_steps, found.steps, [](auto& use, const StanceStepRow& row) {
    use.bind(to_ms(row.at)).bind(signed_key(row.author_key)).bind(row.to).bind(row.from);
    use.bind(row.before);
    use.bind(row.after);
  });
}

void write_deeds(PeopleTables& tables, const PeopleFindings& found) {
  tables.replace("defence", of_mentions, found.defences, [](auto& use, const DefenceRow& row) {
    use.bind(row.mention.value).bind(signed_key(row.author_key)).bind(row.target.value);
  });
  tables.replace("person_event", of_mentions, found.events, [](auto& use, const PersonEventRow& row) {
    use.bind(row.kind).bind(row.mention.value).bind(signed_key(row.author_key));
    use.bind(row.about);
    use.bind(row.thanks);
    bind_span(use, row.span);
    bind_span(use, row.reason);
  });
  tables.replace("promise", of_mentions, found.promises, [](auto& use, const PromiseRow& row) {
    use.bind(row.mention.value).bind(row.to.value).bind(signed_key(row.author_key));
    use.bind(to_ms(row.due_at)).bind(static_cast<int>(row.named)).bind(row.state);
    use.bind(row.settled_at);
    use.bind(row.settled);
    bind_span(use, row.span);
  });
  tables.replace("praise", whole, found.praise, [](auto& use, const PraiseRow& row) {
    use.bind(row.id.value).bind(row.priority).bind(row.reasons);
  });
  tables.replace("conduct", of_mentions, found.conduct, [](auto& use, const ConductRow& row) {
    use.bind(row.kind).bind(row.mention.value).bind(row.about.value).bind(row.times);
  });
  tables.replace("conduct_day", of_days, found.conduct_days, [](auto& use, const ConductDay& row) {
    use.bind(to_ms(row.day_at)).bind(row.replies).bind(row.canned);
    use.bind(row.followups).bind(row.unanswered);
  });
}

}  // namespace

Status SqliteStore::write_people(BrandId brand, const PeopleFindings& found) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  PeopleTables tables(database_, brand, found.since);
  write_persons(tables, found);
  write_deeds(tables, found);
  if (!tables.status()) return tables.status();
  return transaction->commit();
}

}  // namespace earshot::store::sqlite
