#pragma once
#include <string>

#include "store/erasure.hpp"

namespace earshot::store::sqlite {

/// A table with rows about one person: `where` chooses them, of ?1 a JSON array of the ids of their mentions
/// and ?2 one of their author keys.
struct AuthorTable {
  const char* name;
  const char* where;
};

/// The last erasure of which nothing is left in any file.
inline constexpr const char* settled_to_sql =
    "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key='erasures_settled_to'),0)";

inline constexpr const char* of_mention = "mention_id IN (SELECT value FROM json_each(?1))";
inline constexpr const char* of_key = "author_key IN (SELECT value FROM json_each(?2))";

/// Everything that is kept of a person, in the order in which it is handed out. A new table that names
/// mentions or authors belongs here (a test compares the list with the schema).
inline constexpr AuthorTable author_tables[] = {
    {"mention", of_mention},
    {"mention_alias", of_mention},
    {"account_mention", of_key},
    {"verdict", of_mention},
    {"verdict_products", of_mention},
    {"label", of_mention},
    {"waiting",
     "brand_id IN (SELECT brand_id FROM brand) AND mention_id IN (SELECT value FROM json_each(?1))"},
    {"waiting_decision", of_mention},
    {"praise",
     "brand_id IN (SELECT brand_id FROM brand) AND mention_id IN (SELECT value FROM json_each(?1))"},
    {"journey", of_key},
    {"story_consent", "rant_mention IN (SELECT value FROM json_each(?1))"},
    {"person", of_key},
    {"person_role", of_key},
    {"stance_step", of_key},
    {"person_event", of_key},
    {"defence",
     "author_key IN (SELECT value FROM json_each(?2)) OR target_mention IN (SELECT value FROM "
     "json_each(?1))"},
    {"promise", of_key},
    {"conduct",
     "about_mention IN (SELECT value FROM json_each(?1)) OR mention_id IN (SELECT value FROM json_each(?1))"},
    {"incident_mention", of_mention},
    {"idea_mention", of_mention},
    {"idea_answer", of_mention},
    {"misled_mention", of_mention},
    {"page", "reply_mention IN (SELECT value FROM json_each(?1))"},
    {"term_mention", of_mention},
};

/// The parameters ?1 and ?2.
std::string ids_json(const std::vector<MentionId>& ids);
std::string keys_json(const std::vector<std::uint64_t>& keys);

}  // namespace earshot::store::sqlite
