// What people decide about mentions, incidents, ideas and those who wait.
#include <algorithm>

#include "core/model/identity.hpp"
#include "store/sqlite/decision_checks.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* target_sql =
    "SELECT m.source_id,m.text IS NULL,v.brand_id IS NOT NULL,m.author_key FROM mention m "
    "LEFT JOIN verdict v ON v.mention_id=m.mention_id AND v.brand_id=? WHERE m.mention_id=?";
// Parameters in pairs: whether it is given, and what it is.
constexpr const char* idea_sql =
    "UPDATE idea SET state=CASE WHEN ?2 THEN ?3 ELSE state END,owner=CASE WHEN ?4 THEN ?5 ELSE owner END,"
    "url=CASE WHEN ?6 THEN ?7 ELSE url END,note=CASE WHEN ?8 THEN ?9 ELSE note END,"
    "due=CASE WHEN ?10 THEN ?11 ELSE due END,decided_at=?12,"
    "published_at=CASE WHEN ?13 IS NOT NULL THEN nullif(?13,0) WHEN ?2 AND ?3='published' THEN "
    "coalesce(published_at,?12) ELSE published_at END WHERE idea_id=?1 AND "
    "((?2 AND state IS NOT ?3) OR (?4 AND owner IS NOT ?5) OR (?6 AND url IS NOT ?7) OR "
    "(?8 AND note IS NOT ?9) OR (?10 AND due IS NOT ?11) OR "
    "(?13 IS NOT NULL AND published_at IS NOT nullif(?13,0)))";
constexpr const char* idea_exists_sql = "SELECT 1 FROM idea WHERE idea_id=?";
constexpr const char* incident_key_sql =
    "SELECT brand_id,issue_id,detected_at FROM incident WHERE incident_id=?";
// ?4, ?6: owner and note are given; ?8: acknowledged, dismissed, open (neither after all), or NULL; ?9: now;
// ?10: followers were told. What is a false alarm is not acknowledged as a problem, and the other way round.
constexpr const char* incident_sql =
    "INSERT INTO incident_decision(brand_id,issue_id,detected_at,owner,note,acknowledged_at,dismissed_at,"
    "advised_at,decided_at) VALUES(?1,?2,?3,?5,?7,CASE WHEN ?8='acknowledged' THEN ?9 END,"
    "CASE WHEN ?8='dismissed' THEN ?9 END,CASE WHEN ?10 THEN ?9 END,?9) "
    "ON CONFLICT(brand_id,issue_id,detected_at) DO UPDATE SET owner=CASE WHEN ?4 THEN ?5 ELSE owner END,"
    "note=CASE WHEN ?6 THEN ?7 ELSE note END,"
    "acknowledged_at=CASE WHEN ?8 IS NULL THEN acknowledged_at WHEN ?8='acknowledged' THEN "
    "coalesce(acknowledged_at,?9) END,"
    "dismissed_at=CASE WHEN ?8 IS NULL THEN dismissed_at WHEN ?8='dismissed' THEN coalesce(dismissed_at,?9) "
    "END,advised_at=CASE WHEN ?10 THEN coalesce(advised_at,?9) ELSE advised_at END,decided_at=?9 WHERE (?4 "
    "AND owner IS NOT ?5) OR (?6 AND note IS NOT ?7) OR "
    "(?10 AND advised_at IS NULL) OR (?8 IS NOT NULL AND ((?8='acknowledged') IS NOT "
    "(acknowledged_at IS NOT NULL) OR (?8='dismissed') IS NOT (dismissed_at IS NOT NULL)))";
// ?1 mention, ?2 brand, ?3 author, ?4 state; ?5, ?7: owner and note are given; ?9 until, ?10 now. The owner
// of the same person's earlier posts goes on.
constexpr const char* queue_state_sql =
    "INSERT INTO waiting_decision VALUES(?1,?2,?3,coalesce(?4,'waiting'),CASE WHEN ?5 THEN ?6 ELSE "
    "(SELECT e.owner FROM waiting_decision e WHERE ?3<>0 AND e.brand_id=?2 AND e.author_key=?3 AND "
    "e.mention_id<?1 ORDER BY e.mention_id DESC LIMIT 1) END,?9,?8,?10) "
    "ON CONFLICT(mention_id,brand_id) DO UPDATE SET state=coalesce(?4,state),"
    "owner=CASE WHEN ?5 THEN ?6 ELSE owner END,note=CASE WHEN ?7 THEN ?8 ELSE note END,"
    "until=CASE WHEN ?4 IS NULL THEN until ELSE ?9 END,decided_at=?10 "
    "WHERE (?4 IS NOT NULL AND (state<>?4 OR until IS NOT ?9)) OR (?5 AND owner IS NOT ?6) OR "
    "(?7 AND note IS NOT ?8)";

template <std::size_t N>
Status known_state(const std::optional<std::string>& state, const char* const (&states)[N]) {
  if (!state) return Done{};
  std::string all;
  for (const char* one : states) {
    if (*state == one) return Done{};
    all += (all.empty() ? "" : ", ") + std::string(one);
  }
  return wrong("there is no state '" + *state + "' here; there are " + all);
}

/// Two parameters: whether the text is given, and what it is; empty text becomes NULL.
void bind_given(Statement::Use& use, const std::optional<std::string>& text) {
  use.bind(static_cast<int>(text.has_value()));
  use.bind_text_or_null(text ? std::string_view(*text) : std::string_view());
}

/// What a decision about a mention needs to know of it.
struct Target {
  SourceId source = {};
  bool words = false;
  std::int64_t author_key = 0;
};

Result<Target> target_of(Database& database, MentionId mention, BrandId brand) {
  auto statement = Statement::prepare(database, target_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(brand.value).bind(mention.value);
  if (!use.step()) {
    if (auto status = use.finish(); !status) return unexpected(status.error());
    return unexpected(ErrorKind::invalid, "there is no mention " + std::to_string(mention.value));
  }
  if (use.integer(2) == 0)
    return unexpected(ErrorKind::invalid,
                      "mention " + std::to_string(mention.value) + " does not speak of that brand");
  return Target{
      .source = SourceId{use.integer(0)}, .words = use.integer(1) == 0, .author_key = use.integer(3)};
}

Status check(const Label& label) {
  if (!label.polarity && !label.issues && !label.note)
    return wrong("a label needs a polarity, issue types or a note");
  if (label.polarity && *label.polarity != Polarity::negative && *label.polarity != Polarity::neutral &&
      *label.polarity != Polarity::positive)
    return wrong("the polarity of a label is negative, neutral or positive");
  if (label.issues && std::ranges::any_of(*label.issues, [](std::uint8_t bit) {
        return bit >= 64 || (bit >= issue_type_count && bit < own_issue_first);
      }))
    return wrong("a label names an issue type that there is not");
  if (auto status = fits(label.note, note_max, "note"); !status) return status;
  return fits(label.by, name_max, "name");
}

}  // namespace

Result<Status> SqliteStore::label_one(const Label& label) {
  if (auto status = check(label); !status) return status;
  auto target = target_of(database_, label.mention, label.brand);
  if (!target) {
    if (target.error().kind != ErrorKind::invalid) return unexpected(target.error());
    return Status(unexpected(target.error()));
  }
  if (!target->words)
    return wrong("mention " + std::to_string(label.mention.value) +
                 " was deleted by its author: there is nothing left to judge");
  if (!label.polarity && !label.issues) {
    auto labelled = mentions_.labels().has(label.mention, label.brand);
    if (!labelled) return unexpected(labelled.error());
    if (!*labelled) return wrong("a label needs a polarity or issue types beside its note");
  }
  if (auto status = mentions_.labels().save(label); !status) return unexpected(status.error());
  rollups_.recompute({label.brand.value, to_ms(identity::hour_of(label.mention)), target->source.value});
  return Status(Done{});
}

Result<std::vector<Status>> SqliteStore::label(std::span<const Label> labels) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  const auto fail = [&](Error error) -> Result<std::vector<Status>> {
    rollups_.discard();
    return unexpected(std::move(error));
  };
  std::vector<Status> out;
  for (const auto& label : labels) {
    auto done = label_one(label);
    if (!done) return fail(done.error());
    out.push_back(std::move(*done));
  }
  if (auto status = rollups_.flush(); !status) return fail(status.error());
  if (auto status = transaction->commit(); !status) return fail(status.error());
  return out;
}

Status SqliteStore::unlabel(MentionId mention, BrandId brand) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto target = target_of(database_, mention, brand);
  if (!target) return unexpected(target.error());
  const auto fail = [&](Error error) -> Status {
    rollups_.discard();
    return unexpected(std::move(error));
  };
  if (auto status = mentions_.labels().remove(mention, brand); !status) return fail(status.error());
  rollups_.recompute({brand.value, to_ms(identity::hour_of(mention)), target->source.value});
  if (auto status = rollups_.flush(); !status) return fail(status.error());
  auto status = transaction->commit();
  return status ? status : fail(status.error());
}

Status SqliteStore::decide_idea(const IdeaDecision& decision) {
  auto status = known_state(decision.state, {"new", "accepted", "writing", "published", "rejected"});
  if (status) status = fits(decision.owner, name_max, "owner's name");
  if (status) status = fits(decision.note, note_max, "note");
  if (status) status = fits(decision.url, link_max, "url");
  if (status) status = is_link(decision.url);
  if (!status) return status;
  auto exists = Statement::prepare(database_, idea_exists_sql);
  if (!exists) return unexpected(exists.error());
  {
    Statement::Use use(*exists);
    use.bind(decision.id.value);
    const bool found = use.step();
    if (status = use.finish(); !status) return status;
    if (!found) return wrong("there is no idea " + std::to_string(decision.id.value));
  }
  auto save = Statement::prepare(database_, idea_sql);
  if (!save) return unexpected(save.error());
  Statement::Use use(*save);
  use.bind(decision.id.value).bind(static_cast<int>(decision.state.has_value())).bind(decision.state);
  bind_given(use, decision.owner);
  bind_given(use, decision.url);
  bind_given(use, decision.note);
  use.bind(static_cast<int>(decision.due.has_value()));
  decision.due&&* decision.due != Timestamp{} ? use.bind(to_ms(*decision.due)) : use.bind_null();
  use.bind(to_ms(decision.at));
  decision.published_at ? use.bind(to_ms(*decision.published_at)) : use.bind_null();
  return use.run();
}

Status SqliteStore::decide_incident(const IncidentDecision& decision) {
  auto status = known_state(decision.state, {"acknowledged", "advised", "dismissed", "open"});
  if (status) status = fits(decision.owner, name_max, "owner's name");
  if (status) status = fits(decision.note, note_max, "note");
  if (!status) return status;
  auto find = Statement::prepare(database_, incident_key_sql);
  if (!find) return unexpected(find.error());
  std::int64_t brand = 0, issue = 0, detected_at = 0;
  {
    Statement::Use use(*find);
    use.bind(decision.id.value);
    const bool found = use.step();
    if (found) brand = use.integer(0), issue = use.integer(1), detected_at = use.integer(2);
    if (status = use.finish(); !status) return status;
    if (!found) return wrong("there is no incident " + std::to_string(decision.id.value));
  }
  auto save = Statement::prepare(database_, incident_sql);
  if (!save) return unexpected(save.error());
  Statement::Use use(*save);
  use.bind(brand).bind(issue).bind(detected_at);
  bind_given(use, decision.owner);
  bind_given(use, decision.note);
  // That followers were told says nothing of how far it is.
  const bool advised = decision.state == "advised";
  const auto state = advised ? std::nullopt : decision.state;
  use.bind(state).bind(to_ms(decision.at)).bind(advised ? 1 : 0);
  return use.run();
}

Status SqliteStore::decide_waiting(const WaitingDecision& decision) {
  auto status = known_state(decision.state, {"waiting", "done", "snoozed", "dismissed"});
  if (status) status = fits(decision.owner, name_max, "owner's name");
  if (status) status = fits(decision.note, note_max, "note");
  if (!status) return status;
  const bool snoozed = decision.state && *decision.state == "snoozed";
  if (snoozed != decision.until.has_value())
    return wrong(snoozed ? "snoozed needs a time until which" : "a time until which goes with snoozed only");
  if (snoozed && *decision.until <= decision.at) return wrong("the time until which it is put off is past");
  auto target = target_of(database_, decision.mention, decision.brand);
  if (!target) return unexpected(target.error());
  // Notes go with a mention's words; none is written afterwards.
  if (!target->words && decision.note && !decision.note->empty())
    return wrong("mention " + std::to_string(decision.mention.value) +
                 " was deleted by its author: a note is not kept for it");
  auto save = Statement::prepare(database_, queue_state_sql);
  if (!save) return unexpected(save.error());
  Statement::Use use(*save);
  use.bind(decision.mention.value).bind(decision.brand.value).bind(target->author_key).bind(decision.state);
  bind_given(use, decision.owner);
  bind_given(use, decision.note);
  decision.until ? use.bind(to_ms(*decision.until)) : use.bind_null();
  use.bind(to_ms(decision.at));
  return use.run();
}

}  // namespace earshot::store::sqlite
