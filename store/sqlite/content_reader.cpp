// Stories with what customers said of telling them, and the pages that answer what people ask.
#include "store/sqlite/content_reader.hpp"

#include <array>
#include <limits>

#include "core/base/hash.hpp"
#include "core/model/identity.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr std::size_t history_max = 100;
constexpr const char* history_sql =
    "SELECT decided_at,consent,coalesce(note,''),coalesce(decided_by,'') FROM story_consent WHERE brand_id=? "
    "AND rant_mention=? ORDER BY consent_id DESC LIMIT ?";
constexpr const char* pages_sql =
    "SELECT p.url,p.title,p.origin='config',p.replies,p.reply_mention,count(i.idea_id),"
    "coalesce(sum(i.askers),0) FROM page p LEFT JOIN idea_page f ON f.page_id=p.page_id "
    "LEFT JOIN idea i ON i.idea_id=f.idea_id WHERE p.brand_id=? GROUP BY p.page_id "
    "ORDER BY 7 DESC,p.replies DESC,p.url LIMIT 1000";

constexpr const char* term_moves_sql =
    "SELECT term,kind,direction,week_at,authors,people,authors_before,people_before,weeks_before,ratio,low,"
    "high FROM term_move WHERE brand_id=? ORDER BY direction DESC,CASE direction WHEN 'rising' THEN -low "
    "ELSE "
    "coalesce(high,1) END,term LIMIT 1000";
constexpr const char* term_mentions_sql =
    "SELECT mention_id FROM term_mention WHERE brand_id=? AND term=? ORDER BY mention_id";

double real_or_infinite(const Statement::Use& use, int column) {
  return use.is_null(column) ? std::numeric_limits<double>::infinity() : use.real(column);
}

StoryRow read_story(const Statement::Use& use) {
  StoryRow story{.journey = {.rant = MentionId{use.integer(0)},
                             .author_key = static_cast<std::uint64_t>(use.integer(1)),
                             .outcome = "converted",
                             .fallen = use.integer(2) != 0,
                             .author_handle = std::string(use.text(6))},
                 .consent = std::string(use.text(7))};
  if (const auto issue = use.optional_integer(3)) story.journey.issue = static_cast<std::uint8_t>(*issue);
  if (const auto reply = use.optional_integer(4)) story.journey.reply = MentionId{*reply};
  if (const auto last = use.optional_integer(5)) story.journey.last = MentionId{*last};
  return story;
}

}  // namespace

std::string stories_sql(bool one_story) {
  return std::string(
             "SELECT j.rant_mention,j.author_key,j.fallen,j.issue_id,j.reply_mention,j.last_mention,"
             "coalesce(m.author_handle,''),coalesce((SELECT c.consent FROM story_consent c WHERE "
             "c.brand_id=j.brand_id AND c.rant_mention=j.rant_mention ORDER BY c.consent_id DESC LIMIT 1),"
             "'unknown') AS said FROM journey j ") +
         (one_story ? "" : "INDEXED BY journey_outcome ") +
         "LEFT JOIN mention m ON m.mention_id=j.rant_mention WHERE j.brand_id=?1 AND j.outcome='converted' "
         "AND j.rant_mention>=?2 AND j.rant_mention<?3 AND (?4='' OR said=?4) ORDER BY j.rant_mention DESC "
         "LIMIT ?5";
}

// Looks once at every verdict of the span.
std::string own_links_sql() {
  return "SELECT v.mention_id,l.value FROM verdict v INDEXED BY verdict_brand CROSS JOIN mention m ON "
         "m.mention_id=v.mention_id CROSS JOIN json_each(m.links) l WHERE v.brand_id=?1 AND v.mention_id>=?2 "
         "AND v.mention_id<?3 AND v.match=" +
         std::to_string(static_cast<int>(MatchKind::own)) +
         " AND m.deleted_at IS NULL AND m.links IS NOT NULL ORDER BY v.mention_id DESC LIMIT ?4";
}

std::string bonds_sql() {
  const auto bit = [](Intent intent) {
    return std::to_string(std::uint64_t{1} << static_cast<unsigned>(intent));
  };
  const std::string others =
      "v.brand_id=?1 AND v.mention_id>=?2 AND v.mention_id<?3 AND v.polarity<>-1 AND v.match<>" +
      std::to_string(static_cast<int>(MatchKind::own)) + " AND (v.intents&" + bit(Intent::spam) + ")=0 ";
  return "SELECT a.kind,a.mention_id,a.author_key,coalesce(m.author_handle,'') FROM ("
         "SELECT 'recommend' AS kind,e.mention_id,e.author_key FROM person_event e WHERE e.brand_id=?1 AND "
         "e.kind='referral' AND e.mention_id>=?2 AND e.mention_id<?3 UNION ALL "
         "SELECT 'defend',d.mention_id,d.author_key FROM defence d WHERE d.brand_id=?1 AND d.mention_id>=?2 "
         "AND d.mention_id<?3 UNION ALL "
         "SELECT 'thank',v.mention_id,t.author_key FROM verdict v INDEXED BY verdict_brand CROSS JOIN "
         "mention t "
         "ON t.mention_id=v.mention_id WHERE " +
         others + "AND (v.intents&" + bit(Intent::thanks) +
         ")<>0 UNION ALL "
         "SELECT 'share',v.mention_id,t.author_key FROM verdict v INDEXED BY verdict_brand CROSS JOIN "
         "mention t "
         "ON t.mention_id=v.mention_id WHERE " +
         others +
         "AND t.links IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(t.links) l CROSS JOIN page p ON "
         "p.brand_id=?1 AND p.url=l.value)) a CROSS JOIN mention m ON m.mention_id=a.mention_id "
         "WHERE m.deleted_at IS NULL AND a.author_key<>0 AND NOT EXISTS (SELECT 1 FROM person_role r WHERE "
         "r.brand_id=?1 AND r.author_key=a.author_key AND r.role IN ('staff','press','bot','affiliate')) "
         "ORDER BY a.mention_id DESC,a.kind LIMIT ?4";
}

// The last column: something of that day is dated later than one looks.
std::string day_marks_sql() {
  return "SELECT c.day_at,c.changes,EXISTS (SELECT 1 FROM verdict v INDEXED BY verdict_brand WHERE "
         "v.brand_id=c.brand_id AND v.mention_id>=?4 AND v.mention_id<c.day_at-946684800000+86400000<<22) "
         "FROM changed_day c WHERE c.brand_id=?1 AND c.day_at>=?2 AND c.day_at<?3 ORDER BY c.day_at";
}

Status SqliteContentReader::add_history(BrandId brand, std::vector<StoryRow>& stories) {
  for (auto& story : stories) {
    auto history = rows_of<ConsentRow>(
        database_, history_sql,
        [&](Statement::Use& use) {
          use.bind(brand.value).bind(story.journey.rant.value).bind(static_cast<std::int64_t>(history_max));
        },
        [](const Statement::Use& use) {
          return ConsentRow{.at = from_ms(use.integer(0)),
                            .consent = std::string(use.text(1)),
                            .note = std::string(use.text(2)),
                            .by = std::string(use.text(3))};
        });
    if (!history) return unexpected(history.error());
    story.history = std::move(*history);
  }
  return Done{};
}

Result<std::vector<StoryRow>> SqliteContentReader::stories(BrandId brand, Timestamp since, Timestamp until,
                                                           std::string_view consent, std::size_t limit) {
  auto stories = rows_of<StoryRow>(
      database_, stories_sql(false),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(identity::make_id(since, 0)).bind(identity::make_id(until, 0));
        use.bind(consent).bind(static_cast<std::int64_t>(limit));
      },
      read_story);
  if (!stories) return stories;
  if (auto status = add_history(brand, *stories); !status) return unexpected(status.error());
  return stories;
}

Result<StoryRow> SqliteContentReader::story(BrandId brand, MentionId rant) {
  auto stories = rows_of<StoryRow>(
      database_, stories_sql(true),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(rant).bind(rant.value + 1).bind("").bind(std::int64_t{1});
      },
      read_story);
  if (!stories) return unexpected(stories.error());
  if (stories->empty())
    return unexpected(ErrorKind::invalid, "no unhappy customer who was won back began with mention " +
                                              std::to_string(rant.value));
  if (auto status = add_history(brand, *stories); !status) return unexpected(status.error());
  return std::move(stories->front());
}

Result<std::vector<PageRow>> SqliteContentReader::pages(BrandId brand) {
  return rows_of<PageRow>(
      database_, pages_sql, [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use& use) {
        PageRow page{.url = std::string(use.text(0)),
                     .title = std::string(use.text(1)),
                     .configured = use.integer(2) != 0,
                     .replies = use.integer(3),
                     .questions = use.integer(5),
                     .askers = use.integer(6)};
        if (const auto reply = use.optional_integer(4)) page.reply = MentionId{*reply};
        return page;
      });
}

Result<std::vector<OwnLink>> SqliteContentReader::own_links(BrandId brand, Timestamp since, Timestamp until,
                                                            std::size_t limit) {
  return rows_of<OwnLink>(
      database_, own_links_sql(),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(identity::make_id(since, 0)).bind(identity::make_id(until, 0));
        use.bind(static_cast<std::int64_t>(limit));
      },
      [](const Statement::Use& use) {
        return OwnLink{.mention = MentionId{use.integer(0)}, .url = std::string(use.text(1))};
      });
}

Result<std::vector<TermMoveRow>> SqliteContentReader::term_moves(BrandId brand) {
  auto moves = rows_of<TermMoveRow>(
      database_, term_moves_sql, [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use& use) {
        return TermMoveRow{.term = std::string(use.text(0)),
                           .kind = std::string(use.text(1)),
                           .direction = std::string(use.text(2)),
                           .week_at = from_ms(use.integer(3)),
                           .authors = use.integer(4),
                           .people = use.integer(5),
                           .authors_before = use.integer(6),
                           .people_before = use.integer(7),
                           .weeks_before = use.integer(8),
                           .ratio = real_or_infinite(use, 9),
                           .low = use.real(10),
                           .high = real_or_infinite(use, 11)};
      });
  if (!moves) return moves;
  for (auto& move : *moves) {
    auto mentions = rows_of<MentionId>(
        database_, term_mentions_sql, [&](Statement::Use& use) { use.bind(brand.value).bind(move.term); },
        [](const Statement::Use& use) { return MentionId{use.integer(0)}; });
    if (!mentions) return unexpected(mentions.error());
    move.mentions = std::move(*mentions);
  }
  return moves;
}

Result<std::vector<BondRow>> SqliteContentReader::bonds(BrandId brand, Timestamp since, Timestamp until,
                                                        std::size_t limit) {
  return rows_of<BondRow>(
      database_, bonds_sql(),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(identity::make_id(since, 0)).bind(identity::make_id(until, 0));
        use.bind(static_cast<std::int64_t>(limit));
      },
      [](const Statement::Use& use) {
        return BondRow{.kind = std::string(use.text(0)),
                       .mention = MentionId{use.integer(1)},
                       .author_key = static_cast<std::uint64_t>(use.integer(2)),
                       .author_handle = std::string(use.text(3))};
      });
}

Result<std::vector<DayMark>> SqliteContentReader::day_marks(BrandId brand, Timestamp since, Timestamp until) {
  return rows_of<DayMark>(
      database_, day_marks_sql(),
      [&](Statement::Use& use) {
        use.bind(brand.value).bind(to_ms(since)).bind(to_ms(until)).bind(identity::make_id(until, 0));
      },
      [&](const Statement::Use& use) {
        const std::array<std::int64_t, 2> made_of{use.integer(1), use.integer(2) != 0 ? to_ms(until) : 0};
        return DayMark{.day = from_ms(use.integer(0)),
                       .mark = hash64({reinterpret_cast<const char*>(made_of.data()), sizeof made_of})};
      });
}

}  // namespace earshot::store::sqlite
