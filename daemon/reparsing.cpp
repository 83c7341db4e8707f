#include "daemon/reparsing.hpp"

#include <algorithm>

#include "connectors/json_fields.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"

namespace earshot::daemon {
namespace {

std::vector<std::string> list_in(const std::string& json) {
  std::vector<std::string> out;
  const auto read = json.empty() ? Result<connectors::JsonDocument>(unexpected(ErrorKind::malformed, ""))
                                 : connectors::parse_json(json);
  if (!read) return out;
  for (const auto item : read->root()) out.emplace_back(item.text());
  return out;
}

/// The mention of that name in a page that was read from its item; what is wrong otherwise.
struct Reading {
  std::optional<Mention> mention = {};
  std::string why = {};  ///< empty with no mention: it is called otherwise
};

Reading find_in(Result<Page> page, const std::string& native_id) {
  if (!page) return {.why = page.error().message};
  const auto found = std::ranges::find(page->mentions, native_id, &Mention::native_id);
  if (found != page->mentions.end() && found->deleted) return {.why = "reads as deleted"};
  if (found != page->mentions.end()) return {.mention = std::move(*found)};
  if (!page->mentions.empty()) return {};
  return {.why = page->bad_items.empty() ? "no words in it" : page->bad_items.front().reason};
}

template <typename T>
bool is_known(const std::optional<T>& value) {
  return value.has_value();
}
template <typename T>
bool is_known(const T& text_or_list) {
  return !text_or_list.empty();
}

/// Takes over what was found, and notes the names of what differs.
class Merge {
 public:
  explicit Merge(Mention stored) : out_(std::move(stored)) {}

  template <typename T>
  void set(const char* name, T& stored, const T& found) {
    if (found == stored) return;
    stored = found;
    names_.emplace_back(name);
  }
  template <typename T>
  void take(const char* name, T& stored, const T& found) {
    if (is_known(found)) set(name, stored, found);
  }
  /// Only where nothing was known.
  template <typename T>
  void fill(const char* name, T& stored, const T& found) {
    if (!is_known(stored)) take(name, stored, found);
  }
  Mention& mention() { return out_; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  Mention out_;
  std::vector<std::string> names_;
};

Merge merge(Mention stored, const Mention& found, const Keeping& keeping) {
  Merge out(std::move(stored));
  auto& mine = out.mention();
  out.set("kind", mine.kind, found.kind);
  out.take("text", mine.text, found.text);
  out.take("title", mine.title, found.title);
  out.take("url", mine.url, found.url);
  out.take("lang", mine.lang, found.lang);
  if (keeping.author) {
    out.take("author.id", mine.author.id, found.author.id);
    out.take("author.handle", mine.author.handle, found.author.handle);
    out.take("author.name", mine.author.name, found.author.name);
  }
  out.fill("author.followers", mine.author.followers, found.author.followers);
  out.take("edited_at", mine.edited_at, found.edited_at);
  out.fill("in_reply_to", mine.in_reply_to, found.in_reply_to);
  out.fill("conversation", mine.conversation, found.conversation);
  out.take("rating", mine.rating, found.rating);
  out.fill("engagement.likes", mine.engagement.likes, found.engagement.likes);
  out.fill("engagement.reposts", mine.engagement.reposts, found.engagement.reposts);
  out.fill("engagement.replies", mine.engagement.replies, found.engagement.replies);
  out.fill("engagement.views", mine.engagement.views, found.engagement.views);
  out.take("tags", mine.tags, found.tags);
  out.take("links", mine.links, found.links);
  out.take("extra", mine.extra, found.extra);
  return out;
}

}  // namespace

store::Batch reparse(const connectors::Connector& connector, const Pipeline& pipeline,
                     const PageOrigin& origin, const std::vector<store::ReceivedRow>& rows, Timestamp now,
                     Reparsed& counts) {
  Page page;
  std::vector<MentionId> ids;
  std::vector<std::vector<std::string>> names;
  for (const auto& row : rows) {
    ++counts.items;
    auto reading =
        row.mention.raw.empty()
            ? Reading{.why = "what was kept is damaged"}
            : find_in(connector.reread(row.mention.raw, row.mention.fetched_at), row.mention.native_id);
    if (!reading.mention) {
      ++(reading.why.empty() ? counts.renamed : counts.unreadable);
      if (!reading.why.empty()) ++counts.reasons[reading.why];
      continue;
    }
    auto stored = row.mention;
    stored.tags = list_in(row.tags);
    stored.links = list_in(row.links);
    auto merged = merge(std::move(stored), *reading.mention, origin.keeping);
    if (merged.names().empty()) {
      ++counts.same;
      continue;
    }
    page.mentions.push_back(std::move(merged.mention()));
    names.push_back(merged.names());
    ids.push_back(row.id);
  }
  auto batch = pipeline.process(std::move(page), origin, now);
  std::vector<store::ScoredMention> kept;
  for (std::size_t i = 0; i < batch.mentions.size(); ++i) {
    if (batch.mentions[i].verdicts.empty()) {
      ++counts.brandless;
      continue;
    }
    ++counts.changed;
    for (const auto& name : names[i]) ++counts.fields[name];
    batch.mentions[i].again = ids[i];
    kept.push_back(std::move(batch.mentions[i]));
  }
  batch.mentions = std::move(kept);
  return batch;
}

Result<ReparsePlace> ReparsePlace::read(const std::optional<Cursor>& cursor) {
  if (!cursor) return ReparsePlace{};
  const auto json = connectors::read_cursor(*cursor, 1);
  if (!json) return unexpected(json.error());
  return ReparsePlace{.reached = MentionId{json->root()["reached"].integer().value_or(0)}};
}

Cursor ReparsePlace::write() const {
  return {1, JsonWriter().begin_object().field("reached", reached.value).end_object().str()};
}

}  // namespace earshot::daemon
