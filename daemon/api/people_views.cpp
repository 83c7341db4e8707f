#include "daemon/api/people_views.hpp"

#include <algorithm>
#include <array>

#include "analysis/people/ladder.hpp"
#include "analysis/people/roles.hpp"
#include "core/base/time_format.hpp"
#include "daemon/api/json_text.hpp"
#include "daemon/api/json_views.hpp"

namespace earshot::api {
namespace {

constexpr std::array<std::string_view, 6> event_kinds{"referral",      "purchase_intent", "churn_threat",
                                                      "switched_from", "switched_to",     "peer_answer"};
constexpr std::size_t counted_max = 10'000;

/// The mention with its words, or null when it has gone.
void write_mention(JsonWriter& out, store::Reader& reader, const char* key,
                   const std::optional<MentionId>& id, const store::NamedBrand& brand) {
  out.key(key);
  if (id)
    if (const auto rows = reader.mention(*id); rows)
      for (const auto& row : *rows)
        if (row.verdict.brand == brand.id) return write_json(out, row, brand.name);
  out.null();
}

void write_person(JsonWriter& out, const store::PersonRow& row) {
  out.begin_object().field("author", row.author_handle).field("stance", row.stance);
  out.field("stance_at", time_text(row.stance_at))
      .field("mentions", row.mentions)
      .field("praises", row.praises);
  out.field("defences", row.defences).field("referrals", row.referrals).field("reach", row.reach);
  out.field("last_at", format_rfc3339(row.last_at)).field("last_mention", id_text(row.last_mention));
  out.key("roles").begin_array();
  for (const auto& role : row.roles)
    out.begin_object()
        .field("role", role.role)
        .field("reason", role.reason)
        .field("mention", id_text(role.mention))
        .end_object();
  out.end_array().key("evidence").begin_array();
  for (const auto id : row.evidence) out.value(id_text(id));
  out.end_array().end_object();
}

void write_event(JsonWriter& out, store::Reader& reader, const store::PersonEventRow& row,
                 const store::NamedBrand& brand) {
  out.begin_object().field("kind", row.kind);
  write_mention(out, reader, "mention", row.mention, brand);
  out.field("about_mention", optional_id(row.about)).field("thanks_mention", optional_id(row.thanks));
  out.field("words", row.words).field("reason", row.reason_words).end_object();
}

}  // namespace

PeopleKind people_kind(std::string_view kind) {
  if (analysis::stance_from(kind)) return PeopleKind::stance;
  if (analysis::role_from(kind)) return PeopleKind::role;
  return std::ranges::find(event_kinds, kind) != event_kinds.end() ? PeopleKind::event : PeopleKind::unknown;
}

Result<std::string> people_json(store::Reader& reader, const store::NamedBrand& brand, std::string_view kind,
                                const daemon::Window& window, std::size_t limit) {
  const auto what = people_kind(kind);
  if (what == PeopleKind::unknown)
    return unexpected(ErrorKind::invalid, std::string("the kind is ") + people_kinds);
  JsonWriter out;
  out.begin_object().field("kind", kind).key("people").begin_array();
  if (what != PeopleKind::event) {
    store::PeopleFilter filter{.limit = limit};
    (what == PeopleKind::stance ? filter.stance : filter.role) = kind;
    const auto rows = reader.people().people(brand.id, filter);
    if (!rows) return unexpected(rows.error());
    for (const auto& row : *rows) write_person(out, row);
  }
  out.end_array().key("events").begin_array();
  if (what == PeopleKind::event) {
    const auto rows = reader.people().events(brand.id, kind, window.since, window.until, limit);
    if (!rows) return unexpected(rows.error());
    for (const auto& row : *rows) write_event(out, reader, row, brand);
  }
  return out.end_array().end_object().str();
}

Result<std::string> matrix_json(store::Reader& reader, const store::NamedBrand& brand,
                                const daemon::Window& window) {
  const auto rows = reader.people().stance_months(brand.id, window.since, window.until);
  if (!rows) return unexpected(rows.error());
  JsonWriter out;
  out.begin_object().key("months").begin_array();
  for (const auto& row : *rows)
    out.begin_object()
        .field("month", row.month)
        .field("from", row.from)
        .field("to", row.to)
        .field("people", row.people)
        .field("steps", row.steps)
        .end_object();
  return out.end_array().end_object().str();
}

Result<PromiseCounts> count_promises(store::Reader& reader, BrandId brand, const daemon::Window& window) {
  const auto rows = reader.people().promises(brand, window.since, window.until, "", counted_max);
  if (!rows) return unexpected(rows.error());
  PromiseCounts out;
  for (const auto& row : *rows)
    ++(row.state == "kept"     ? out.kept
       : row.state == "late"   ? out.late
       : row.state == "missed" ? out.missed
                               : out.open);
  return out;
}

Result<std::string> promises_json(store::Reader& reader, const store::NamedBrand& brand,
                                  std::string_view state, const daemon::Window& window, std::size_t limit) {
  const auto counts = count_promises(reader, brand.id, window);
  if (!counts) return unexpected(counts.error());
  const auto rows = reader.people().promises(brand.id, window.since, window.until, state, limit);
  if (!rows) return unexpected(rows.error());
  JsonWriter out;
  out.begin_object().key("promises").begin_array();
  for (const auto& row : *rows) {
    out.begin_object()
        .field("state", row.state)
        .field("words", row.words)
        .field("to_author", row.author_handle);
    out.field("due_at", format_rfc3339(row.due_at)).field("named", row.named);
    out.field("settled_at", time_text(row.settled_at)).field("settled_mention", optional_id(row.settled));
    write_mention(out, reader, "mention", row.mention, brand);
    write_mention(out, reader, "to", row.to, brand);
    out.end_object();
  }
  out.end_array().key("counts").begin_object();
  out.field("open", counts->open).field("kept", counts->kept).field("late", counts->late);
  return out.field("missed", counts->missed).end_object().end_object().str();
}

Result<std::string> praise_json(store::Reader& reader, const store::NamedBrand& brand, std::size_t limit,
                                Timestamp now) {
  const auto rows = reader.people().praise(brand.id, limit, now);
  if (!rows) return unexpected(rows.error());
  JsonWriter out;
  out.begin_object().key("praise").begin_array();
  for (const auto& row : *rows) {
    out.begin_object();
    write_mention(out, reader, "mention", row.id, brand);
    out.field("priority", row.priority).key("reasons").raw(row.reasons).end_object();
  }
  return out.end_array().end_object().str();
}

Result<std::string> conduct_json(store::Reader& reader, const store::NamedBrand& brand,
                                 const daemon::Window& window, std::size_t limit) {
  const auto days = reader.people().conduct_days(brand.id, window.since, window.until);
  if (!days) return unexpected(days.error());
  const auto rows = reader.people().conduct(brand.id, window.since, window.until, limit);
  if (!rows) return unexpected(rows.error());
  store::ConductDay sum;
  for (const auto& day : *days) {
    sum.replies += day.replies;
    sum.canned += day.canned;
    sum.followups += day.followups;
    sum.unanswered += day.unanswered;
  }
  JsonWriter out;
  out.begin_object()
      .field("replies", sum.replies)
      .field("canned", sum.canned)
      .field("followups", sum.followups);
  out.field("unanswered", sum.unanswered).key("cases").begin_array();
  for (const auto& row : *rows) {
    out.begin_object().field("kind", row.kind).field("times", row.times);
    write_mention(out, reader, "mention", row.mention, brand);
    write_mention(out, reader, "about", row.about, brand);
    out.end_object();
  }
  return out.end_array().end_object().str();
}

}  // namespace earshot::api
