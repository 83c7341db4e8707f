// What customers said of telling their story, and which pages answer which questions.
#include "store/sqlite/content_writer.hpp"

#include <algorithm>
#include <cmath>

#include "store/sqlite/content_reader.hpp"
#include "store/sqlite/decision_checks.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* save_consent_sql =
    "INSERT INTO story_consent(brand_id,rant_mention,consent,note,decided_by,decided_at) VALUES(?,?,?,?,?,?)";
constexpr const char* has_words_sql = "SELECT 1 FROM mention WHERE mention_id=? AND text IS NOT NULL";
constexpr const char* clear_pages_sql = "DELETE FROM page WHERE brand_id=?";
constexpr const char* save_page_sql =
    "INSERT OR IGNORE INTO page(brand_id,url,title,origin,replies,reply_mention) VALUES(?,?,?,?,?,?)";
constexpr const char* save_match_sql =
    "INSERT OR REPLACE INTO idea_page SELECT i.idea_id,p.page_id,?4,?5 FROM idea i JOIN page p ON "
    "p.brand_id=i.brand_id AND p.url=?3 WHERE i.brand_id=?1 AND i.key=?2";

constexpr const char* drop_moves_sql = "DELETE FROM term_move WHERE brand_id=?";
constexpr const char* drop_move_mentions_sql = "DELETE FROM term_mention WHERE brand_id=?";
constexpr const char* save_move_sql = "INSERT INTO term_move VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)";
constexpr const char* save_move_mention_sql = "INSERT OR IGNORE INTO term_mention VALUES(?,?,?)";

std::string spaced(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

Result<bool> has_words(Database& database, MentionId id) {
  auto found = rows_of<bool>(
      database, has_words_sql, [&](Statement::Use& use) { use.bind(id); },
      [](const Statement::Use&) { return true; });
  if (!found) return unexpected(found.error());
  return !found->empty();
}

}  // namespace

Status SqliteContentWriter::decide_story(const StoryDecision& decision) {
  if (decision.consent && std::ranges::find(consents, *decision.consent) == consents.end())
    return wrong("there is no consent '" + *decision.consent + "'; there are unknown, asked, given, refused");
  auto status = fits(decision.note, note_max, "note");
  if (status) status = fits(decision.by, name_max, "name");
  if (!status) return status;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  const auto known = SqliteContentReader(database_).story(decision.brand, decision.rant);
  if (!known) return unexpected(known.error());
  const auto note_before = known->history.empty() ? std::string() : known->history.front().note;
  const auto consent = decision.consent.value_or(known->consent);
  const auto note = decision.note.value_or(note_before);
  if (consent == known->consent && note == note_before) return Done{};
  const auto words = has_words(database_, decision.rant);
  if (!words) return unexpected(words.error());
  if (!*words && (!note.empty() || consent == "given"))
    return wrong("mention " + std::to_string(decision.rant.value) +
                 " was deleted by its author: their story is not told, and no note is kept for it");
  status = run(database_, save_consent_sql, [&](Statement::Use& use) {
    use.bind(decision.brand.value).bind(decision.rant).bind(consent).bind_text_or_null(note);
    use.bind_text_or_null(decision.by).bind(to_ms(decision.at));
  });
  return status ? transaction->commit() : status;
}

Status SqliteContentWriter::write_pages(BrandId brand, const PageFindings& findings) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto status = run(database_, clear_pages_sql, [&](Statement::Use& use) { use.bind(brand.value); });
  if (status)
    status = save_all(database_, save_page_sql, brand, findings.pages, [](auto& use, const PageRow& row) {
      use.bind(row.url).bind(row.title).bind(row.configured ? "config" : "reply").bind(row.replies);
      use.bind(row.reply);
    });
  if (!status) return status;
  for (const auto& match : findings.matches) {
    const auto terms = spaced(match.page.terms);
    status = run(database_, save_match_sql, [&](Statement::Use& use) {
      use.bind(brand.value).bind(match.idea).bind(match.page.url).bind(match.page.score).bind(terms);
    });
    if (!status) return status;
  }
  return transaction->commit();
}

Status SqliteContentWriter::write_term_moves(BrandId brand, std::span<const TermMoveRow> rows) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto status = Status(Done{});
  for (const char* sql : {drop_moves_sql, drop_move_mentions_sql})
    if (status) status = run(database_, sql, [&](Statement::Use& use) { use.bind(brand.value); });
  if (status)
    status = save_all(database_, save_move_sql, brand, rows, [](auto& use, const TermMoveRow& row) {
      use.bind(row.term).bind(row.kind).bind(row.direction).bind(row.week_at).bind(row.authors);
      use.bind(row.people).bind(row.authors_before).bind(row.people_before).bind(row.weeks_before);
      std::isinf(row.ratio) ? use.bind_null() : use.bind(row.ratio);
      use.bind(row.low);
      std::isinf(row.high) ? use.bind_null() : use.bind(row.high);
    });
  for (const auto& row : rows)
    if (status)
      status = save_all(database_, save_move_mention_sql, brand, row.mentions,
                        [&](auto& use, MentionId id) { use.bind(row.term).bind(id); });
  return status ? transaction->commit() : status;
}

}  // namespace earshot::store::sqlite
