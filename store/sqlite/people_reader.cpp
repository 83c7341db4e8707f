#include "store/sqlite/people_reader.hpp"

#include <algorithm>
#include <set>

#include "core/model/identity.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr std::size_t cover_max = 50;

/// Bytes `begin` to `end` of the text of `m`, as text; an edit since may have cut a letter in two, which then
/// shows as the replacement character wherever it is printed.
std::string piece(const char* begin, const char* end) {
  return std::string("coalesce(CAST(substr(CAST(m.text AS BLOB),") + begin + "+1," + end + "-" + begin +
         ") AS TEXT),'')";
}

constexpr const char* step_columns =
    "SELECT at,author_key,from_stance,to_stance,before_mention,after_mention ";
constexpr const char* handle_sql = "SELECT author_handle FROM mention WHERE mention_id=?";
constexpr const char* roles_sql =
    "SELECT r.role,r.reason,r.mention_id FROM person_role r WHERE r.brand_id=? AND r.author_key=? ORDER BY "
    "r.role";
// What moved them where they stand, and their newest defences.
constexpr const char* evidence_sql =
    "SELECT * FROM (SELECT before_mention FROM (SELECT before_mention,after_mention,at FROM stance_step "
    "WHERE brand_id=?1 AND author_key=?2 ORDER BY at DESC LIMIT 1) UNION SELECT after_mention FROM "
    "(SELECT before_mention,after_mention,at FROM stance_step WHERE brand_id=?1 AND author_key=?2 "
    "ORDER BY at DESC LIMIT 1)) WHERE before_mention IS NOT NULL";
constexpr const char* negative_sql = "SELECT mentions+echoes FROM incident WHERE incident_id=?";

std::optional<MentionId> optional_id(const Statement::Use& use, int column) {
  const auto value = use.optional_integer(column);
  return value ? std::optional(MentionId{*value}) : std::nullopt;
}

std::optional<Span> optional_span(const Statement::Use& use, int column) {
  if (use.is_null(column) || use.is_null(column + 1)) return std::nullopt;
  return Span{.begin = static_cast<std::uint32_t>(use.integer(column)),
              .end = static_cast<std::uint32_t>(use.integer(column + 1))};
}

StanceStepRow read_step(const Statement::Use& use) {
  return StanceStepRow{.at = from_ms(use.integer(0)),
                       .author_key = static_cast<std::uint64_t>(use.integer(1)),
                       .from = std::string(use.text(2)),
                       .to = std::string(use.text(3)),
                       .before = optional_id(use, 4),
                       .after = optional_id(use, 5)};
}

void bind_ids(Statement::Use& use, BrandId brand, Timestamp since, Timestamp until) {
  use.bind(brand.value).bind(identity::make_id(since, 0).value).bind(identity::make_id(until, 0).value);
}

std::int64_t limit_of(std::size_t limit) { return static_cast<std::int64_t>(limit); }

}  // namespace

std::string people_sql(const PeopleFilter& filter) {
  return std::string(
             "SELECT "
             "author_key,stance,stance_at,mentions,praises,defences,referrals,reach,last_at,last_mention "
             "FROM person p WHERE p.brand_id=?1 ") +
         (filter.stance.empty() ? "AND ?2='' " : "AND p.stance=?2 ") +
         (filter.role.empty() ? "AND ?3='' "
                              : "AND EXISTS (SELECT 1 FROM person_role r WHERE r.brand_id=p.brand_id AND "
                                "r.author_key=p.author_key AND r.role=?3) ") +
         "ORDER BY reach DESC LIMIT ?4";
}

Result<std::vector<PersonRow>> SqlitePeople::people(BrandId brand, const PeopleFilter& filter) {
  auto rows = rows_of<PersonRow>(
      database_, people_sql(filter),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(filter.stance).bind(filter.role).bind(limit_of(filter.limit));
      },
      [](const Statement::Use& use) {
        return PersonRow{.author_key = static_cast<std::uint64_t>(use.integer(0)),
                         .stance = std::string(use.text(1)),
                         .stance_at = optional_time(use, 2),
                         .mentions = use.integer(3),
                         .praises = use.integer(4),
                         .defences = use.integer(5),
                         .referrals = use.integer(6),
                         .reach = use.integer(7),
                         .last_at = from_ms(use.integer(8)),
                         .last_mention = MentionId{use.integer(9)}};
      });
  if (!rows) return rows;
  for (auto& row : *rows)
    if (auto status = add_details(brand, row); !status) return unexpected(status.error());
  return rows;
}

Status SqlitePeople::add_details(BrandId brand, PersonRow& person) {
  const auto key = static_cast<std::int64_t>(person.author_key);
  auto handle = rows_of<std::string>(
      database_, handle_sql, [&](Statement::Use& use) { use.bind(person.last_mention.value); },
      [](const Statement::Use& use) { return std::string(use.text(0)); });
  if (!handle) return unexpected(handle.error());
  if (!handle->empty()) person.author_handle = std::move(handle->front());
  const auto who = [&](Statement::Use& use) { use.bind(brand.value).bind(key); };
  auto roles = rows_of<RoleRow>(database_, roles_sql, who, [&](const Statement::Use& use) {
    return RoleRow{.author_key = person.author_key,
                   .role = std::string(use.text(0)),
                   .reason = std::string(use.text(1)),
                   .mention = MentionId{use.integer(2)}};
  });
  if (!roles) return unexpected(roles.error());
  person.roles = std::move(*roles);
  auto evidence = rows_of<MentionId>(database_, evidence_sql, who,
                                     [](const Statement::Use& use) { return MentionId{use.integer(0)}; });
  if (!evidence) return unexpected(evidence.error());
  person.evidence = std::move(*evidence);
  return Done{};
}

Result<std::vector<StanceStepRow>> SqlitePeople::last_steps(BrandId brand, Timestamp before) {
  return rows_of<StanceStepRow>(
      database_,
      std::string(step_columns) +
          "FROM (SELECT *,row_number() OVER (PARTITION BY author_key ORDER BY at DESC,to_stance) AS place "
          "FROM stance_step WHERE brand_id=? AND at<?) WHERE place=1",
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(before)); }, read_step);
}

Result<std::vector<StanceStepRow>> SqlitePeople::steps(BrandId brand, Timestamp since, Timestamp until,
                                                       std::size_t limit) {
  return rows_of<StanceStepRow>(
      database_,
      std::string(step_columns) +
          "FROM stance_step WHERE brand_id=? AND at>=? AND at<? ORDER BY at DESC LIMIT ?",
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)).bind(limit_of(limit));
      },
      read_step);
}

Result<std::vector<StanceMonth>> SqlitePeople::stance_months(BrandId brand, Timestamp since,
                                                             Timestamp until) {
  return rows_of<StanceMonth>(
      database_,
      "SELECT strftime('%Y-%m',at/1000,'unixepoch') AS month,from_stance,to_stance,count(DISTINCT "
      "author_key),"
      "count(*) FROM stance_step WHERE brand_id=? AND at>=? AND at<? GROUP BY 1,2,3 ORDER BY 1,2,3 LIMIT "
      "5000",
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)); },
      [](const Statement::Use& use) {
        return StanceMonth{.month = std::string(use.text(0)),
                           .from = std::string(use.text(1)),
                           .to = std::string(use.text(2)),
                           .people = use.integer(3),
                           .steps = use.integer(4)};
      });
}

std::string events_sql() {
  return "SELECT e.kind,e.mention_id,e.author_key,e.about_mention,e.thanks_mention,e.span_begin,e.span_end,"
         "e.reason_begin,e.reason_end," +
         piece("e.span_begin", "e.span_end") + "," + piece("e.reason_begin", "e.reason_end") +
         " FROM person_event e CROSS JOIN mention m ON m.mention_id=e.mention_id "
         "WHERE e.brand_id=?1 AND e.kind=?4 AND e.mention_id>=?2 AND e.mention_id<?3 AND m.deleted_at IS "
         "NULL "
         "ORDER BY e.mention_id DESC LIMIT ?5";
}

Result<std::vector<PersonEventRow>> SqlitePeople::events(BrandId brand, std::string_view kind,
                                                         Timestamp since, Timestamp until,
                                                         std::size_t limit) {
  return rows_of<PersonEventRow>(
      database_, events_sql(),
      [&](Statement::Use& use) {
        bind_ids(use, brand, since, until);
        use.bind(kind).bind(limit_of(limit));
      },
      [](const Statement::Use& use) {
        return PersonEventRow{.kind = std::string(use.text(0)),
                              .mention = MentionId{use.integer(1)},
                              .author_key = static_cast<std::uint64_t>(use.integer(2)),
                              .about = optional_id(use, 3),
                              .thanks = optional_id(use, 4),
                              .span = optional_span(use, 5),
                              .reason = optional_span(use, 7),
                              .words = std::string(use.text(9)),
                              .reason_words = std::string(use.text(10))};
      });
}

std::string promises_sql() {
  return "SELECT "
         "q.mention_id,q.to_mention,q.author_key,q.due_at,q.named,q.state,q.settled_at,q.settled_mention,"
         "q.span_begin,q.span_end," +
         piece("q.span_begin", "q.span_end") +
         ",coalesce(c.author_handle,'') FROM promise q CROSS JOIN mention m ON m.mention_id=q.mention_id "
         "LEFT JOIN mention c ON c.mention_id=q.to_mention "
         "WHERE q.brand_id=?1 AND q.mention_id>=?2 AND q.mention_id<?3 AND (?4='' OR q.state=?4) "
         "AND m.deleted_at IS NULL ORDER BY q.mention_id DESC LIMIT ?5";
}

Result<std::vector<PromiseRow>> SqlitePeople::promises(BrandId brand, Timestamp since, Timestamp until,
                                                       std::string_view state, std::size_t limit) {
  return rows_of<PromiseRow>(
      database_, promises_sql(),
      [&](Statement::Use& use) {
        bind_ids(use, brand, since, until);
        use.bind(state).bind(limit_of(limit));
      },
      [](const Statement::Use& use) {
        return PromiseRow{.mention = MentionId{use.integer(0)},
                          .to = MentionId{use.integer(1)},
                          .author_key = static_cast<std::uint64_t>(use.integer(2)),
                          .due_at = from_ms(use.integer(3)),
                          .named = use.integer(4) != 0,
                          .state = std::string(use.text(5)),
                          .settled_at = optional_time(use, 6),
                          .settled = optional_id(use, 7),
                          .span = *optional_span(use, 8),
                          .words = std::string(use.text(10)),
                          .author_handle = std::string(use.text(11))};
      });
}

std::string praise_sql() {
  return "SELECT w.mention_id,w.priority,w.reasons FROM praise w JOIN mention m ON m.mention_id=w.mention_id "
         "LEFT JOIN waiting_decision d ON d.mention_id=w.mention_id AND d.brand_id=w.brand_id "
         "WHERE w.brand_id=?1 AND m.deleted_at IS NULL AND (d.state IS NULL OR d.state='waiting' OR "
         "(d.state='snoozed' AND d.until<=?2)) ORDER BY w.priority DESC,w.mention_id LIMIT ?3";
}

Result<std::vector<PraiseRow>> SqlitePeople::praise(BrandId brand, std::size_t limit, Timestamp now) {
  return rows_of<PraiseRow>(
      database_, praise_sql(),
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(now)).bind(limit_of(limit)); },
      [](const Statement::Use& use) {
        return PraiseRow{.id = MentionId{use.integer(0)},
                         .priority = static_cast<int>(use.integer(1)),
                         .reasons = std::string(use.text(2))};
      });
}

Result<std::vector<ConductRow>> SqlitePeople::conduct(BrandId brand, Timestamp since, Timestamp until,
                                                      std::size_t limit) {
  return rows_of<ConductRow>(
      database_,
      "SELECT c.kind,c.mention_id,c.about_mention,c.times FROM conduct c WHERE c.brand_id=? AND "
      "c.mention_id>=? "
      "AND c.mention_id<? ORDER BY c.mention_id DESC,c.kind LIMIT ?",
      [&](Statement::Use& use) {
        bind_ids(use, brand, since, until);
        use.bind(limit_of(limit));
      },
      [](const Statement::Use& use) {
        return ConductRow{.kind = std::string(use.text(0)),
                          .mention = MentionId{use.integer(1)},
                          .about = MentionId{use.integer(2)},
                          .times = use.integer(3)};
      });
}

Result<std::vector<ConductDay>> SqlitePeople::conduct_days(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<ConductDay>(
      database_,
      "SELECT day_at,replies,canned,followups,unanswered FROM conduct_day WHERE brand_id=? AND day_at>=? AND "
      "day_at<? ORDER BY day_at LIMIT 5000",
      [&](Statement::Use& use) { use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)); },
      [](const Statement::Use& use) {
        return ConductDay{.day_at = from_ms(use.integer(0)),
                          .replies = use.integer(1),
                          .canned = use.integer(2),
                          .followups = use.integer(3),
                          .unanswered = use.integer(4)};
      });
}

// From the few who took the brand's part in those days, not from the incident's many members.
const char* const cover_sql =
    "SELECT d.mention_id,d.author_key,d.target_mention FROM incident i CROSS JOIN defence d INDEXED BY "
    "defence_target ON d.brand_id=i.brand_id "
    "AND d.target_mention>=(SELECT min(mention_id) FROM incident_mention WHERE incident_id=i.incident_id) "
    "AND d.target_mention<=(SELECT max(mention_id) FROM incident_mention WHERE incident_id=i.incident_id) "
    "CROSS JOIN incident_mention n ON n.incident_id=i.incident_id AND n.mention_id=d.target_mention "
    "JOIN mention m ON m.mention_id=d.mention_id JOIN mention t ON t.mention_id=d.target_mention "
    "JOIN verdict v ON v.mention_id=d.target_mention AND v.brand_id=i.brand_id "
    "WHERE i.incident_id=? AND m.deleted_at IS NULL AND t.deleted_at IS NULL AND (v.polarity=-1 OR "
    "v.complaint)";

Result<Cover> SqlitePeople::cover(IncidentId incident) {
  struct Found {
    std::int64_t mention = 0, author = 0, target = 0;
    auto operator<=>(const Found&) const = default;
  };
  Cover out;
  const auto bind = [&](Statement::Use& use) { use.bind(incident.value); };
  auto negative = rows_of<std::int64_t>(database_, negative_sql, bind,
                                        [](const Statement::Use& use) { return use.integer(0); });
  if (!negative) return unexpected(negative.error());
  if (!negative->empty()) out.negative = negative->front();
  auto found = rows_of<Found>(database_, cover_sql, bind, [](const Statement::Use& use) {
    return Found{.mention = use.integer(0), .author = use.integer(1), .target = use.integer(2)};
  });
  if (!found) return unexpected(found.error());
  std::ranges::sort(*found);
  std::set<std::int64_t> people, targets;
  for (const auto& row : *found) {
    people.insert(row.author);
    targets.insert(row.target);
    if (out.evidence.size() < cover_max) out.evidence.push_back(MentionId{row.mention});
  }
  out.defended = std::ssize(targets);
  out.defenders = std::ssize(people);
  return out;
}

}  // namespace earshot::store::sqlite
