// Scoring the whole store again, hour by hour: an hour's rollups are made anew from what its mentions now
// say, in the transaction that says it, so that they are right at every step and need no second look at the
// rows.
#include "core/model/identity.hpp"
#include "store/sqlite/mention_writer.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

StoredMention read_mention(const Statement::Use& use) {
  StoredMention out{.id = MentionId{use.integer(0)},
                    .source = SourceId{use.integer(1)},
                    .author_key = static_cast<std::uint64_t>(use.integer(2)),
                    .reach = use.integer(3)};
  std::string* const texts[] = {&out.mention.platform,     &out.mention.native_id, &out.mention.title,
                                &out.mention.text,         &out.mention.lang,      &out.mention.author.id,
                                &out.mention.author.handle};
  for (int i = 0; i < 7; ++i) *texts[i] = use.text(4 + i);
  out.mention.deleted = use.integer(11) != 0;
  out.mention.created_at = identity::time_of(out.id);
  return out;
}

}  // namespace

std::string whole_hours_sql() {
  return "SELECT v.mention_id,m.source_id,m.author_key,m.reach,p.name,m.native_id,m.title,m.text,m.lang,"
         "m.author_id,m.author_handle,m.text IS NULL," +
         std::string(verdict_columns) +
         "FROM verdict v CROSS JOIN mention m ON m.mention_id=v.mention_id "
         "JOIN platform p ON p.platform_id=m.platform_id "
         "WHERE v.mention_id>=? ORDER BY v.mention_id,v.brand_id";
}

Result<std::vector<StoredMention>> SqliteReader::whole_hours(MentionId from, std::size_t mentions_min) {
  auto statement = Statement::prepare(database_, whole_hours_sql());
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(from ? identity::make_id(identity::hour_of(from), 0).value : 0);
  std::vector<StoredMention> out;
  while (use.step()) {
    const MentionId id{use.integer(0)};
    if (out.empty() || out.back().id != id) {
      if (out.size() >= mentions_min && identity::hour_of(id) != identity::hour_of(out.back().id)) break;
      out.push_back(read_mention(use));
    }
    out.back().verdicts.push_back(read_verdict(use, 12));
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return out;
}

Result<MentionId> SqliteStore::rescored_to(std::uint32_t lexicon_version) {
  const auto key = "rescore_" + std::to_string(lexicon_version);
  auto statement = Statement::prepare(database_, "SELECT CAST(value AS INTEGER) FROM meta WHERE key=?");
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(key);
  MentionId id;
  if (use.step()) id = MentionId{use.integer(0)};
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return id;
}

Status SqliteStore::rescore(std::span<const StoredMention> mentions, std::uint32_t lexicon_version,
                            MentionId next) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  const auto fail = [&](Error error) -> Status {
    rollups_.discard();
    mentions_.forget();
    lexicon_version_ = 0;
    return unexpected(std::move(error));
  };
  if (auto status = note_lexicon(lexicon_version); !status) return fail(status.error());
  for (const auto& mention : mentions)
    if (auto status = mentions_.rescore(mention, rollups_); !status) return fail(status.error());
  if (auto status = rollups_.flush(); !status) return fail(status.error());
  auto mark = Statement::prepare(database_, "INSERT OR REPLACE INTO meta VALUES(?,?)");
  if (!mark) return fail(mark.error());
  const auto key = "rescore_" + std::to_string(lexicon_version), value = std::to_string(next.value);
  auto clear = database_.execute("DELETE FROM meta WHERE key GLOB 'rescore_*'");
  if (!clear) return fail(clear.error());
  if (next) {
    Statement::Use use(*mark);
    use.bind(key).bind(value);
    if (auto status = use.run(); !status) return fail(status.error());
  }
  auto status = transaction->commit();
  return status ? status : fail(status.error());
}

}  // namespace earshot::store::sqlite
