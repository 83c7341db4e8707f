#pragma once

/// Where it is noted that a brand's day is other than it was, for those who remember what they read of it.
/// Inside the transaction that changes it; a day may be noted oftener than needed, and never too seldom.
namespace earshot::store::sqlite {

/// The UTC day (ms, its beginning) of a mention's id, which is milliseconds since 2000 above 22 bits of hash.
#define EARSHOT_DAY_OF(id) "((" id ">>22)+946684800000)/86400000*86400000"

/// Parameters: brand, day (ms, its beginning).
inline constexpr const char* day_changed_sql =
    "INSERT INTO changed_day VALUES(?,?,1) ON CONFLICT DO UPDATE SET changes=changes+1";
/// Of every brand that one of the mentions speaks of: a JSON list of their numbers.
inline constexpr const char* mentions_changed_sql =
    "INSERT INTO changed_day SELECT brand_id," EARSHOT_DAY_OF("mention_id") ",1 FROM verdict "
    "WHERE mention_id IN (SELECT value FROM json_each(?1)) GROUP BY 1,2 "
    "ON CONFLICT DO UPDATE SET changes=changes+1";
/// The same of one mention.
inline constexpr const char* mention_changed_sql =
    "INSERT INTO changed_day SELECT brand_id," EARSHOT_DAY_OF("mention_id") ",1 FROM verdict "
    "WHERE mention_id=?1 ON CONFLICT DO UPDATE SET changes=changes+1";
/// What is left when every mention up to this one is gone.
inline constexpr const char* days_gone_sql = "DELETE FROM changed_day WHERE day_at<" EARSHOT_DAY_OF("?1");
inline constexpr const char* day_cut_sql =
    "UPDATE changed_day SET changes=changes+1 WHERE day_at=" EARSHOT_DAY_OF("?1");

}  // namespace earshot::store::sqlite
