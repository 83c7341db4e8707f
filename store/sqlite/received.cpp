// Items as they were received, for a parser that has learned since.
#include "store/raw_payload.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* received_sql =
    "SELECT m.mention_id,m.kind,m.created_at,m.edited_at,m.fetched_at,m.reach,m.likes,m.reposts,m.replies,"
    "m.views,m.rating,p.name,m.native_id,m.lang,m.author_id,m.author_handle,m.author_name,m.url,"
    "m.in_reply_to,m.conversation,m.title,m.text,m.extra,m.tags,m.links,m.raw "
    "FROM mention m JOIN platform p ON p.platform_id=m.platform_id "
    "WHERE m.mention_id>? AND m.source_id=? AND m.deleted_at IS NULL AND m.raw IS NOT NULL "
    "ORDER BY m.mention_id LIMIT ?";

ReceivedRow read_received(const Statement::Use& use) {
  ReceivedRow row{.id = MentionId{use.integer(0)}};
  auto& m = row.mention;
  m.kind = static_cast<MentionKind>(use.integer(1));
  m.created_at = from_ms(use.integer(2));
  m.edited_at = optional_time(use, 3);
  m.fetched_at = from_ms(use.integer(4));
  if (const auto reach = use.integer(5); reach > 0) m.author.followers = reach;
  m.engagement = {.likes = use.optional_integer(6),
                  .reposts = use.optional_integer(7),
                  .replies = use.optional_integer(8),
                  .views = use.optional_integer(9)};
  if (!use.is_null(10)) m.rating = use.real(10);
  std::string* const texts[] = {
      &m.platform,    &m.native_id,    &m.lang,  &m.author.id, &m.author.handle, &m.author.name, &m.url,
      &m.in_reply_to, &m.conversation, &m.title, &m.text,      &m.extra,         &row.tags,      &row.links};
  int column = 11;
  for (auto* text : texts) *text = use.text(column++);
  if (auto raw = decompress_raw(use.text(column))) m.raw = std::move(*raw);
  return row;
}

}  // namespace

Result<std::vector<ReceivedRow>> SqliteReader::received(SourceId source, MentionId after, std::size_t limit) {
  const auto bind = [&](Statement::Use& use) {
    use.bind(after).bind(source.value).bind(static_cast<std::int64_t>(limit));
  };
  return rows_of<ReceivedRow>(database_, received_sql, bind, read_received);
}

}  // namespace earshot::store::sqlite
