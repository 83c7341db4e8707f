#include "store/sqlite/mention_writer.hpp"

#include <algorithm>
#include <tuple>

#include "core/model/identity.hpp"
#include "store/sqlite/changed_days.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* probe_sql =
    "SELECT native_hash,deleted_at,content_hash,source_id,edited_at,fetched_at FROM mention WHERE "
    "mention_id=?";
constexpr const char* alias_sql = "SELECT mention_id FROM mention_alias WHERE native_hash=?";
constexpr const char* save_alias_sql = "INSERT OR REPLACE INTO mention_alias VALUES(?,?)";
constexpr const char* save_platform_sql = "INSERT OR IGNORE INTO platform(name) VALUES(?)";
constexpr const char* find_platform_sql = "SELECT platform_id FROM platform WHERE name=?";
constexpr const char* newest_known_sql =
    "SELECT coalesce((SELECT max(mention_id) FROM mention),0),EXISTS (SELECT 1 FROM mention_alias)";
constexpr const char* new_mentions = "new_mention";
constexpr std::size_t mention_columns_fed = 32;
constexpr std::string_view mention_rows_sql =
    "mention(mention_id,native_hash,platform_id,source_id,kind,created_at,edited_at,fetched_at,"
    "deleted_at,content_hash,author_key,fingerprint,reach,likes,reposts,replies,views,rating,lang,native_id,"
    "author_id,"
    "author_handle,author_name,url,in_reply_to,conversation,tags,links,title,text,extra,raw) "
    "SELECT * FROM new_mention";
constexpr const char* stored_text_sql =
    "SELECT title,text FROM mention WHERE mention_id=? AND text IS NOT NULL";
constexpr const char* counts_sql =
    "UPDATE mention SET fetched_at=?,likes=coalesce(?,likes),reposts=coalesce(?,reposts),"
    "replies=coalesce(?,replies),views=coalesce(?,views) WHERE mention_id=?";
constexpr const char* bury_sql =
    "UPDATE mention SET "
    "deleted_at=?,native_hash=keyed_hash(native_hash),content_hash=CASE content_hash WHEN 0 THEN 0 ELSE "
    "keyed_hash(content_hash) END,native_id=NULL,author_id=NULL,author_handle=NULL,author_name=NULL,url=NULL,"
    "in_reply_to=NULL,conversation=NULL,tags=NULL,links=NULL,title=NULL,text=NULL,extra=NULL,raw=NULL,"
    "fingerprint=0 WHERE mention_id=?";

// Before the row: a number that leads to the post must not stay behind in the other table.
constexpr const char* bury_alias_sql =
    "UPDATE mention_alias SET native_hash=keyed_hash(native_hash) WHERE native_hash=(SELECT native_hash FROM "
    "mention WHERE mention_id=?1) AND mention_id=?1";

constexpr const char* drop_note_sql =
    "UPDATE waiting_decision SET note=NULL WHERE mention_id=? AND note IS NOT NULL";
constexpr const char* drop_consent_note_sql =
    "UPDATE story_consent SET note=NULL WHERE rant_mention=? AND note IS NOT NULL";
// Whoever took the post back, or no longer speaks of the brand in it, waits no more.
constexpr const char* drop_waiting_sql =
    "DELETE FROM waiting WHERE mention_id=?1 AND brand_id IN (SELECT brand_id FROM brand) AND (?2 OR "
    "brand_id "
    "NOT IN (SELECT brand_id FROM verdict WHERE mention_id=?1))";
constexpr const char* save_account_sql = "INSERT OR IGNORE INTO account_mention VALUES(?,?)";
constexpr const char* of_account_sql =
    "SELECT mention_id FROM account_mention JOIN mention USING(mention_id) WHERE "
    "account_mention.author_key=? "
    "AND deleted_at IS NULL";

// What `erase` left of what a reply answers.
constexpr const char* erased_references_sql =
    "SELECT in_reply_to,conversation FROM mention WHERE mention_id=? AND (in_reply_to GLOB 'erased-*' OR "
    "conversation GLOB 'erased-*')";

std::int64_t as_signed(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }

}  // namespace

/// A mention with everything derived from it that the tables need.
struct MentionWriter::Incoming {
  const ScoredMention& item;
  const Derived& derived;
  SourceId source;

  std::int64_t content() const { return as_signed(derived.content_hash); }
  const Mention& mention() const { return item.mention; }
  std::int64_t edited_at() const { return item.mention.edited_at ? to_ms(*item.mention.edited_at) : 0; }
  /// Of versions of the same time the content decides; what a tombstone's was is not known any more.
  bool newer_than(const Stored& stored) const {
    const auto mine = std::pair(edited_at(), to_ms(item.mention.fetched_at)),
               theirs = std::pair(stored.edited_at, stored.fetched_at);
    return mine > theirs || (mine == theirs && !stored.deleted && content() > stored.content_hash);
  }
};

Result<MentionWriter> MentionWriter::prepare(Database& database, const KeyedHash& key) {
  MentionWriter out;
  out.key_ = &key;
  auto rows = RowFeed::create(database, new_mentions, mention_columns_fed);
  if (!rows) return unexpected(rows.error());
  out.rows_ = *rows;
  const auto add_rows = "INSERT INTO " + std::string(mention_rows_sql);
  const auto replace_row = "INSERT OR REPLACE INTO " + std::string(mention_rows_sql);
  const std::pair<Statement*, const char*> all[] = {{&out.probe_, probe_sql},
                                                    {&out.alias_, alias_sql},
                                                    {&out.newest_known_, newest_known_sql},
                                                    {&out.save_alias_, save_alias_sql},
                                                    {&out.save_platform_, save_platform_sql},
                                                    {&out.find_platform_, find_platform_sql},
                                                    {&out.add_rows_, add_rows.c_str()},
                                                    {&out.replace_row_, replace_row.c_str()},
                                                    {&out.stored_text_, stored_text_sql},
                                                    {&out.counts_, counts_sql},
                                                    {&out.bury_, bury_sql},
                                                    {&out.bury_alias_, bury_alias_sql},
                                                    {&out.drop_note_, drop_note_sql},
                                                    {&out.drop_consent_note_, drop_consent_note_sql},
                                                    {&out.drop_waiting_, drop_waiting_sql},
                                                    {&out.save_account_, save_account_sql},
                                                    {&out.of_account_, of_account_sql},
                                                    {&out.erased_references_, erased_references_sql},
                                                    {&out.changed_, mention_changed_sql}};
  for (const auto& [statement, sql] : all) {
    auto prepared = Statement::prepare(database, sql);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  auto verdicts = VerdictWriter::prepare(database);
  if (!verdicts) return unexpected(verdicts.error());
  out.verdicts_ = std::move(*verdicts);
  auto search = SearchQueue::prepare(database);
  if (!search) return unexpected(search.error());
  out.search_ = std::move(*search);
  return out;
}

Status MentionWriter::apply(const ScoredMention& item, const Derived& derived, SourceId source,
                            Rollups& rollups, Receipt& receipt) {
  const auto& mention = item.mention;
  const Incoming incoming{.item = item, .derived = derived, .source = source};
  if (item.again) return replace_again(incoming, rollups, receipt);
  MentionId free_id;
  auto found = find(incoming, free_id);
  if (!found) return unexpected(found.error());

  // What goes is neither brought back nor changed; but who takes it back is not made to wait until it has
  // gone.
  const bool takes_back = *found && mention.deleted;
  if (!takes_back && (*found ? (*found)->id : free_id) < ignored_before_) {
    ++receipt.unmatched;
    return Done{};
  }
  if (!*found) {
    // An edit that no longer speaks of any brand is kept as a version without words, so that an older version
    // which arrives later does not win.
    if (item.verdicts.empty() && !mention.deleted && !mention.edited_at) {
      ++receipt.unmatched;
      return Done{};
    }
    ++(item.verdicts.empty() && !mention.deleted ? receipt.unmatched : receipt.stored);
    return insert(incoming, free_id, rollups);
  }
  const Stored& stored = **found;
  if (mention.deleted) {
    ++(stored.deleted ? receipt.duplicate : receipt.updated);
    return stored.deleted ? Status(Done{}) : bury(stored.id, mention.fetched_at);
  }
  if (!stored.bare && same_content(incoming, stored)) {
    ++receipt.duplicate;
    const bool later_edit = incoming.edited_at() > stored.edited_at;
    if (stored.deleted) return Done{};
    return later_edit ? replace(incoming, stored, rollups) : refresh_counts(incoming, stored);
  }
  if (!stored.bare && !incoming.newer_than(stored)) {
    ++receipt.duplicate;
    return Done{};
  }
  ++receipt.updated;
  return replace(incoming, stored, rollups);
}

/// Another reading of the same version. Nothing is brought back, and nothing newer is overwritten.
Status MentionWriter::replace_again(const Incoming& incoming, Rollups& rollups, Receipt& receipt) {
  const auto id = incoming.item.again;
  std::optional<Stored> stored;
  {
    Statement::Use use(probe_);
    use.bind(id);
    if (use.step() && use.is_null(1) && use.integer(0) == as_signed(incoming.derived.native_hash))
      stored = Stored{.id = id,
                      .deleted = false,
                      .bare = use.integer(2) == 0,
                      .source = use.integer(3),
                      .edited_at = use.integer(4),
                      .fetched_at = use.integer(5),
                      .content_hash = use.integer(2)};
    if (auto status = use.finish(); !status) return status;
  }
  if (!stored || id < ignored_before_ || stored->fetched_at != to_ms(incoming.mention().fetched_at)) {
    ++receipt.duplicate;
    return Done{};
  }
  ++receipt.updated;
  return replace(incoming, *stored, rollups);
}

bool MentionWriter::same_content(const Incoming& incoming, const Stored& stored) const {
  const auto& hash = incoming.derived.content_hash;
  return stored.content_hash == (stored.deleted ? keyed(hash) : as_signed(hash));
}

/// Whole accounts go on Bluesky alone; the others are spared the look-up at a random place.
Status MentionWriter::note_account(const Incoming& incoming, MentionId id) {
  if (incoming.mention().platform != "bluesky" || !incoming.item.keeps_words() ||
      incoming.derived.author_key == 0)
    return Done{};
  Statement::Use use(save_account_);
  use.bind(as_signed(incoming.derived.author_key)).bind(id.value);
  return use.run();
}

Result<std::vector<MentionId>> MentionWriter::mentions_of(std::string_view platform,
                                                          std::string_view author_id) {
  std::vector<MentionId> ids;
  Statement::Use use(of_account_);
  use.bind(as_signed(identity::native_hash(platform, author_id)));
  while (use.step()) ids.push_back(MentionId{use.integer(0)});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return ids;
}

Status MentionWriter::withdraw(const Withdrawal& withdrawal, Receipt& receipt) {
  if (withdrawal.id) {
    auto living = is_alive(withdrawal.id);
    if (!living) return unexpected(living.error());
    if (!*living) return Done{};
    ++receipt.updated;
    return bury(withdrawal.id, withdrawal.at);
  }
  if (withdrawal.native_id.empty()) {
    auto ids = mentions_of(withdrawal.platform, withdrawal.author_id);
    if (!ids) return unexpected(ids.error());
    for (const auto id : *ids) {
      if (auto status = bury(id, withdrawal.at); !status) return status;
      ++receipt.updated;
    }
    return Done{};
  }
  const ScoredMention item{.mention = {.platform = withdrawal.platform,
                                       .native_id = withdrawal.native_id,
                                       .created_at = withdrawal.created_at,
                                       .fetched_at = withdrawal.at,
                                       .deleted = true}};
  const auto derived = derive(item.mention, false);
  const Incoming incoming{.item = item, .derived = derived, .source = {}};
  MentionId free_id;
  auto found = find(incoming, free_id);
  if (!found) return unexpected(found.error());
  if (!*found || (*found)->deleted) return Done{};
  ++receipt.updated;
  return bury((*found)->id, withdrawal.at);
}

Result<bool> MentionWriter::is_alive(MentionId id) {
  Statement::Use use(probe_);
  use.bind(id.value);
  const bool living = use.step() && use.is_null(1);
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return living;
}

Result<std::optional<MentionId>> MentionWriter::alias(std::uint64_t native_hash) {
  if (!any_alias_) return std::optional<MentionId>();
  Statement::Use use(alias_);
  use.bind(as_signed(native_hash));
  std::optional<MentionId> id;
  if (use.step()) id = MentionId{use.integer(0)};
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return id;
}

Result<std::optional<MentionWriter::Stored>> MentionWriter::probe(const Incoming& incoming, MentionId id,
                                                                  MentionId& free_id) {
  for (;; ++id.value) {
    if (*newest_ < id) {  // as nearly always: posts come in the order of their times
      free_id = id;
      return std::optional<Stored>();
    }
    if (!(greatest_waiting_ < id))
      if (auto status = flush_rows(); !status) return unexpected(status.error());
    Statement::Use use(probe_);
    use.bind(id.value);
    if (!use.step()) {
      if (auto status = use.finish(); !status) return unexpected(status.error());
      free_id = id;
      return std::optional<Stored>();
    }
    const bool deleted = !use.is_null(1);
    const auto hash = incoming.derived.native_hash;
    if (use.integer(0) != (deleted ? keyed(hash) : as_signed(hash))) continue;
    return std::optional(Stored{.id = id,
                                .deleted = deleted,
                                .bare = use.integer(2) == 0,
                                .source = use.integer(3),
                                .edited_at = use.integer(4),
                                .fetched_at = use.integer(5),
                                .content_hash = use.integer(2)});
  }
}

Status MentionWriter::learn_newest() {
  Statement::Use use(newest_known_);
  if (use.step()) {
    newest_ = MentionId{use.integer(0)};
    any_alias_ = use.integer(1) != 0;
  }
  return use.finish();
}

Result<std::optional<MentionWriter::Stored>> MentionWriter::find(const Incoming& incoming,
                                                                 MentionId& free_id) {
  if (!newest_)
    if (auto status = learn_newest(); !status) return unexpected(status.error());
  if (incoming.derived.key_time) {
    auto found = probe(incoming, incoming.derived.first_id, free_id);
    if (!found || *found) return found;
  }
  // Without a fixed time, or when an earlier fetch had none to trust (a post dated in the future).
  auto known = alias(incoming.derived.native_hash);
  if (known && !*known && any_alias_) known = alias((*key_)(incoming.derived.native_hash));
  if (!known) return unexpected(known.error());
  if (*known) return probe(incoming, **known, free_id);
  if (!incoming.derived.key_time) return probe(incoming, incoming.derived.first_id, free_id);
  return std::optional<Stored>();
}

Result<std::int64_t> MentionWriter::platform(std::string_view name) {
  if (const auto known = platforms_.find(name); known != platforms_.end()) return known->second;
  {
    Statement::Use use(save_platform_);
    use.bind(name);
    if (auto status = use.run(); !status) return unexpected(status.error());
  }
  Statement::Use use(find_platform_);
  use.bind(name);
  if (!use.step()) return unexpected(ErrorKind::corrupt, "a platform row vanished");
  return platforms_[std::string(name)] = use.integer(0);
}

Status MentionWriter::insert(const Incoming& incoming, MentionId id, Rollups& rollups) {
  const bool deleted = incoming.mention().deleted;
  if (!incoming.derived.key_time) {
    Statement::Use use(save_alias_);
    const auto hash = incoming.derived.native_hash;
    use.bind(deleted ? keyed(hash) : as_signed(hash)).bind(id.value);
    if (auto status = use.run(); !status) return status;
    any_alias_ = true;
  }
  if (auto status = feed_row(incoming, id, incoming.source, deleted, {}); !status) return status;
  greatest_waiting_ = std::max(greatest_waiting_, id);
  newest_ = std::max(*newest_, id);
  if (deleted) return Done{};
  if (auto status = note_account(incoming, id); !status) return status;
  if (auto status = verdicts_.add(id, incoming.item.verdicts); !status) return status;
  for (const auto& verdict : incoming.item.verdicts)
    rollups.add(BucketKey{verdict.brand.value, to_ms(identity::hour_of(id)), incoming.source.value},
                contribution_of(verdict, incoming.derived.author_key,
                                incoming.mention().author.followers.value_or(0)));
  if (!incoming.item.verdicts.empty()) search_.add(id);
  return Done{};
}

Status MentionWriter::replace(const Incoming& incoming, const Stored& stored, Rollups& rollups) {
  if (auto status = verdicts_.mark_buckets(stored.id, stored.source, rollups); !status) return status;
  if (auto status = unindex_text(stored.id); !status) return status;
  if (auto status = flush_rows(); !status) return status;
  const auto erased = erased_references(stored.id);
  if (!erased) return unexpected(erased.error());
  if (auto status = feed_row(incoming, stored.id, SourceId{stored.source}, stored.deleted, *erased); !status)
    return status;
  if (auto status = rows_.run(replace_row_); !status) return status;
  if (auto status = note_account(incoming, stored.id); !status) return status;
  if (auto status = verdicts_.replace(stored.id, incoming.item.verdicts); !status) return status;
  if (auto status = verdicts_.mark_buckets(stored.id, stored.source, rollups); !status) return status;
  if (auto status = drop_waiting(stored.id, false); !status) return status;
  if (!stored.deleted && !incoming.item.verdicts.empty()) search_.add(stored.id);
  return Done{};
}

Result<std::optional<MentionWriter::References>> MentionWriter::erased_references(MentionId id) {
  Statement::Use use(erased_references_);
  use.bind(id);
  std::optional<References> out;
  if (use.step()) out = {.in_reply_to = std::string(use.text(0)), .conversation = std::string(use.text(1))};
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return out;
}

Status MentionWriter::drop_waiting(MentionId id, bool all) {
  Statement::Use use(drop_waiting_);
  use.bind(id.value).bind(static_cast<std::int64_t>(all));
  return use.run();
}

Status MentionWriter::bury(MentionId id, Timestamp at) {
  if (auto status = drop_waiting(id, true); !status) return status;
  if (auto status = unindex_text(id); !status) return status;
  if (auto status = verdicts_.labels().forget_words(id); !status) return status;
  for (auto* statement : {&drop_note_, &drop_consent_note_, &changed_}) {
    Statement::Use use(*statement);
    use.bind(id.value);
    if (auto status = use.run(); !status) return status;
  }
  {
    Statement::Use use(bury_alias_);
    use.bind(id.value);
    if (auto status = use.run(); !status) return status;
  }
  Statement::Use use(bury_);
  use.bind(to_ms(at)).bind(id.value);
  return use.run();
}

Status MentionWriter::erase(MentionId id, Timestamp at, Rollups& rollups) {
  std::int64_t source = 0;
  bool deleted = true;
  {
    Statement::Use use(probe_);
    use.bind(id);
    if (use.step()) {
      deleted = !use.is_null(1);
      source = use.integer(3);
    }
    if (auto status = use.finish(); !status) return status;
  }
  if (auto status = verdicts_.mark_buckets(id, source, rollups); !status) return status;
  return deleted ? Status(Done{}) : bury(id, at);
}

Status MentionWriter::refresh_counts(const Incoming& incoming, const Stored& stored) {
  const auto& m = incoming.mention();
  if (to_ms(m.fetched_at) <= stored.fetched_at) return Done{};
  Statement::Use use(counts_);
  use.bind(to_ms(m.fetched_at))
      .bind(m.engagement.likes)
      .bind(m.engagement.reposts)
      .bind(m.engagement.replies);
  use.bind(m.engagement.views).bind(stored.id.value);
  return use.run();
}

Status MentionWriter::flush_rows() {
  greatest_waiting_ = {};
  if (auto status = rows_.run(add_rows_); !status) return status;
  return verdicts_.flush();
}

Status MentionWriter::feed_row(const Incoming& incoming, MentionId id, SourceId source, bool deleted,
                               const std::optional<References>& erased) {
  const auto& m = incoming.mention();
  auto platform_id = platform(m.platform);
  if (!platform_id) return unexpected(platform_id.error());
  // Words are kept only while the mention lives and speaks of a brand.
  const bool words = !deleted && !incoming.item.verdicts.empty();
  auto& row = rows_;
  const auto hash = incoming.derived.native_hash;
  row.bind(id.value).bind(deleted ? keyed(hash) : as_signed(hash)).bind(*platform_id).bind(source.value);
  row.bind(static_cast<std::int64_t>(m.kind)).bind(to_ms(m.created_at));
  m.edited_at ? row.bind(to_ms(*m.edited_at)) : row.bind_null();
  row.bind(to_ms(m.fetched_at));
  deleted ? row.bind(to_ms(m.fetched_at)) : row.bind_null();
  // A tombstone that never saw content has content hash 0 and the lowest version.
  row.bind(m.deleted ? std::int64_t{0}
           : deleted ? keyed(incoming.derived.content_hash)
                     : incoming.content())
      .bind(as_signed(m.deleted ? 0 : incoming.derived.author_key));
  row.bind(as_signed(words ? incoming.item.fingerprint : 0)).bind(m.author.followers.value_or(0));
  row.bind(m.engagement.likes).bind(m.engagement.reposts).bind(m.engagement.replies).bind(m.engagement.views);
  row.bind(m.rating).bind_text_or_null(m.lang);
  for (const auto* value :
       {&m.native_id, &m.author.id, &m.author.handle, &m.author.name, &m.url,
        erased ? &erased->in_reply_to : &m.in_reply_to, erased ? &erased->conversation : &m.conversation,
        &incoming.derived.tags, &incoming.derived.links, &m.title})
    row.bind_text_or_null(words ? std::string_view(*value) : std::string_view());
  // Where the words themselves may not be kept, there is nothing that could be judged again.
  words && !(m.text.empty() && m.title.empty()) ? row.bind(m.text) : row.bind_null();
  row.bind_text_or_null(words ? std::string_view(m.extra) : std::string_view());
  const auto& raw = incoming.derived.raw;
  words && !raw.empty() && !erased ? row.bind_blob(raw) : row.bind_null();
  return Done{};
}

Status MentionWriter::unindex_text(MentionId id) {
  Statement::Use use(stored_text_);
  use.bind(id.value);
  if (use.step()) search_.remove(id, use.text(0), use.text(1));
  return use.finish();
}

}  // namespace earshot::store::sqlite
