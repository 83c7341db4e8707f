// Everything that is kept of one person: where it is, and a copy of it.
#include <algorithm>

#include "core/base/json_writer.hpp"
#include "core/model/identity.hpp"
#include "store/raw_payload.hpp"
#include "store/sqlite/author_tables.hpp"
#include "store/sqlite/pseudonyms.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

/// There is no index over authors, which every post would pay for: this reads all of them, once for each
/// SELECT.
constexpr const char* theirs_sql =
    "SELECT mention_id,author_key,coalesce(author_id,''),coalesce(author_handle,''),coalesce(native_id,'') "
    "FROM mention WHERE author_key<>0 AND (author_key=?1 OR author_key IN (SELECT author_key FROM mention "
    "WHERE platform_id=(SELECT platform_id FROM platform WHERE name=?2) AND author_handle=?3 COLLATE "
    "NOCASE))";
constexpr const char* replies_sql =
    "SELECT mention_id FROM mention WHERE (in_reply_to IN (SELECT value FROM json_each(?1)) OR conversation "
    "IN "
    "(SELECT value FROM json_each(?1))) AND mention_id NOT IN (SELECT value FROM json_each(?2))";
/// Numbers that are names, and may have 64 bits, are text as in all JSON.
constexpr const char* columns_sql =
    "SELECT group_concat(CASE WHEN name GLOB '*_id' OR name GLOB '*_key' OR name GLOB '*_hash' OR "
    "name GLOB '*_mention' OR name='fingerprint' THEN '''' || name || ''',CAST(' || name || ' AS TEXT)' ELSE "
    "'''' || name || ''',' || name END, ',') FROM pragma_table_info(?1) WHERE type<>'BLOB'";

void add(std::vector<std::string>& list, std::string_view value) {
  if (!value.empty() && std::ranges::find(list, value) == list.end()) list.emplace_back(value);
}

template <typename Items, typename Number>
std::string numbers_json(const Items& items, Number number) {
  JsonWriter out;
  out.begin_array();
  for (const auto& item : items) out.value(number(item));
  return out.end_array().str();
}

}  // namespace

std::string ids_json(const std::vector<MentionId>& ids) {
  return numbers_json(ids, [](MentionId id) { return id.value; });
}

std::string keys_json(const std::vector<std::uint64_t>& keys) {
  return numbers_json(keys, [](std::uint64_t key) { return static_cast<std::int64_t>(key); });
}

Result<AuthorTrace> SqliteReader::author(std::string_view platform, std::string_view called) {
  const auto stored = stored_name(database_, path_, called);
  if (!stored) return unexpected(stored.error());
  const std::string_view name = *stored;
  AuthorTrace out{.platform = std::string(platform)};
  std::vector<std::string> native_ids;
  {
    auto statement = Statement::prepare(database_, theirs_sql);
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(static_cast<std::int64_t>(identity::native_hash(platform, name)));
    use.bind(platform).bind(name.substr(name.starts_with('@') ? 1 : 0));
    while (use.step()) {
      out.mentions.push_back(MentionId{use.integer(0)});
      const auto key = static_cast<std::uint64_t>(use.integer(1));
      if (std::ranges::find(out.keys, key) == out.keys.end()) out.keys.push_back(key);
      add(out.ids, use.text(2));
      add(out.handles, use.text(3));
      if (const auto native = use.text(4); !native.empty()) native_ids.emplace_back(native);
    }
    if (auto status = use.finish(); !status) return unexpected(status.error());
  }
  if (out.mentions.empty())
    return unexpected(ErrorKind::invalid, "nothing is kept of '" + std::string(called) + "' on " +
                                              std::string(platform) +
                                              "; name the platform as `earshot mentions` shows it, then the "
                                              "account's id or handle");
  if (out.ids.size() > 1) {  // one after the other, or on servers of their own
    std::string all;
    for (const auto& id : out.ids) all += (all.empty() ? "" : ", ") + id;
    return unexpected(ErrorKind::invalid,
                      "several accounts on " + out.platform + " have that name; say which by its id: " + all);
  }
  std::ranges::sort(out.mentions);
  JsonWriter posts;
  posts.begin_array();
  for (const auto& id : native_ids) posts.value(id);
  const auto names = posts.end_array().str(), ids = ids_json(out.mentions);
  auto replies = rows_of<MentionId>(
      database_, replies_sql, [&](Statement::Use& use) { use.bind(names).bind(ids); },
      [](const Statement::Use& use) { return MentionId{use.integer(0)}; });
  if (!replies) return unexpected(replies.error());
  out.replies = std::move(*replies);
  return out;
}

Status SqliteReader::author_rows(const AuthorTrace& trace, const RowTaker& take) {
  const auto ids = ids_json(trace.mentions), keys = keys_json(trace.keys);
  for (const auto& table : author_tables) {
    std::string columns;
    {
      auto statement = Statement::prepare(database_, columns_sql);
      if (!statement) return unexpected(statement.error());
      Statement::Use use(*statement);
      use.bind(table.name);
      if (use.step()) columns = use.text(0);
      if (auto status = use.finish(); !status) return status;
    }
    // Both parameters are in the statement, whichever the rows are chosen by.
    auto statement =
        Statement::prepare(database_, "SELECT json_object(" + columns + ") FROM " + table.name + " WHERE (" +
                                          table.where + ") AND ?1 IS NOT NULL AND ?2 IS NOT NULL");
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(ids).bind(keys);
    while (use.step())
      if (auto status = take(table.name, use.text(0)); !status) return status;
    if (auto status = use.finish(); !status) return status;
  }
  auto statement = Statement::prepare(
      database_, std::string("SELECT mention_id,raw FROM mention WHERE raw IS NOT NULL AND ") + of_mention);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(ids);
  while (use.step()) {
    auto raw = decompress_raw(use.text(1));
    if (!raw) return unexpected(raw.error());
    JsonWriter row;
    row.begin_object().field("mention_id", std::to_string(use.integer(0))).field("as_received", *raw);
    if (auto status = take("mention.raw", row.end_object().str()); !status) return status;
  }
  return use.finish();
}

}  // namespace earshot::store::sqlite
