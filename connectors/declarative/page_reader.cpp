#include "connectors/declarative/page_reader.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "connectors/page_builder.hpp"
#include "core/base/hash.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"
#include "core/model/names.hpp"

namespace earshot::connectors::declarative {
namespace {

constexpr std::size_t items_max = 20'000;
constexpr std::size_t list_max = 64;

std::optional<double> number(std::string_view text) {
  double value = 0;
  text = trim(text);
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> count(std::string_view text) {
  const auto value = number(text);
  if (!value || !(*value >= 0) || *value > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

/// One text put where it belongs. False when it cannot stand there, as a time that is none.
bool put(Mention& mention, Field field, Found found) {
  auto& text = found.text;
  switch (field) {
    case Field::native_id: mention.native_id = std::move(text); return true;
    case Field::kind: {
      const auto kind = mention_kind_from(text);
      if (kind) mention.kind = *kind;
      return kind.has_value();
    }
    case Field::text:
      mention.text = std::move(text);
      if (mention.links.empty()) mention.links = std::move(found.links);
      if (mention.tags.empty()) mention.tags = std::move(found.tags);
      return true;
    case Field::title: mention.title = std::move(text); return true;
    case Field::url: mention.url = std::move(text); return true;
    case Field::lang: mention.lang = std::move(text); return true;
    case Field::author_id: mention.author.id = std::move(text); return true;
    case Field::author_handle: mention.author.handle = std::move(text); return true;
    case Field::author_name: mention.author.name = std::move(text); return true;
    case Field::author_followers: return (mention.author.followers = count(text)).has_value();
    case Field::author_bot: mention.author.bot = text != "false" && text != "0"; return true;
    case Field::created_at: {
      const auto at = parse_time(text);
      if (at) mention.created_at = *at;
      return at.has_value();
    }
    case Field::edited_at: return (mention.edited_at = parse_time(text)).has_value();
    case Field::in_reply_to: mention.in_reply_to = std::move(text); return true;
    case Field::conversation: mention.conversation = std::move(text); return true;
    case Field::rating: {
      const auto value = number(text);
      const bool fits = value && *value >= 1 && *value <= 5;
      if (fits) mention.rating = value;
      return fits;
    }
    case Field::likes: return (mention.engagement.likes = count(text)).has_value();
    case Field::reposts: return (mention.engagement.reposts = count(text)).has_value();
    case Field::replies: return (mention.engagement.replies = count(text)).has_value();
    case Field::views: return (mention.engagement.views = count(text)).has_value();
    case Field::tags:
    case Field::links:
    case Field::deleted:
    case Field::extra: break;
  }
  return true;
}

class Reader {
 public:
  Reader(const Platform& platform, const StreamSpec& stream, JsonValue root, const Variables& variables,
         Timestamp now, Findings* findings)
      : platform_(platform), stream_(stream), now_(now), findings_(findings) {
    page_scope_.page = page_scope_.item = page_scope_.parent = root;
    page_scope_.variables = &variables;
    index_joins();
  }

  Result<ReadPage> read() {
    const auto list = find_list();
    if (!list) {
      if (any_holds(stream_.items.empty, page_scope_)) return std::move(out_);
      return unexpected(ErrorKind::malformed, "the reply holds no items where " + platform_.name +
                                                  " has them (" + stream_.items.at.front().written + ")");
    }
    if (list->is_object() && !stream_.items.members)
      take_item(*list);
    else
      for (const auto item : *list) take_item(item);
    collapse_echoes(out_.page.mentions);
    out_.fingerprint = out_.items == 0 ? std::string() : std::to_string(fingerprint_);
    return std::move(out_);
  }

 private:
  std::optional<JsonValue> find_list() const {
    for (const auto& pointer : stream_.items.at) {
      const auto found = find_first(pointer, page_scope_.page);
      if (found.is_array() || found.is_object()) return found;
    }
    return std::nullopt;
  }

  void index_joins() {
    for (const auto& join : platform_.joins) {
      auto& index = joined_.emplace_back();
      JsonValue records;
      for (const auto& in : join.in)
        if (!records) records = find_first(in, page_scope_.page);
      std::size_t seen = 0;
      for (const auto record : records) {
        if (++seen > items_max) break;
        auto scope = page_scope_;
        scope.item = record;
        const auto key = join.on.empty() ? std::optional<std::string>(record.key()) : text_of(join.on, scope);
        if (key) index.emplace(*key, record);
      }
    }
  }

  Scope scope_of(JsonValue item, JsonValue parent) const {
    auto scope = page_scope_;
    scope.item = item;
    scope.parent = parent;
    for (std::size_t i = 0; i < platform_.joins.size(); ++i) {
      const auto key = text_of(platform_.joins[i].at, scope);
      const auto found = key ? joined_[i].find(*key) : joined_[i].end();
      scope.joins.emplace_back(platform_.joins[i].name,
                               found == joined_[i].end() ? JsonValue() : found->second);
    }
    return scope;
  }

  void take_item(JsonValue item) {
    if (out_.items >= items_max) return;
    const auto index = out_.items++;
    fingerprint_ = hash64(item.raw(), fingerprint_);
    if (!item.is_object()) {
      out_.page.bad_items.push_back({index, "an item is not an object"});
      return;
    }
    note_position(item);
    item_at_.reset();
    take_records(item, index);
    // Whose records are all left out may have others that its page does not show.
    if (!item_at_ && !stream_.items.each.empty()) item_at_ = position_at_.value_or(now_);
    if (item_at_)
      for (const auto& follow : stream_.follows) note_debt(follow, item, index);
  }

  void take_records(JsonValue item, std::size_t index) {
    std::size_t records = 0;
    bool listed = false;  // an empty list of records is none, and not the item itself
    for (const auto& pointer : stream_.items.each) {
      const auto found = find_first(pointer, item);
      listed = listed || found.is_array();
      if (!found.is_array()) {
        if (found) ++records, take_record(found, item, index);
        continue;
      }
      for (const auto record : found)
        if (records < items_max) ++records, take_record(record, item, index);
    }
    if (records == 0 && !listed) take_record(item, item, index);
  }

  /// Who was left out himself is not asked about.
  void note_debt(const FollowSpec& follow, JsonValue item, std::size_t index) {
    auto debt = read_debt(follow, scope_of(item, item), *item_at_);
    if (findings_ != nullptr)
      findings_->push_back(
          "item " + std::to_string(index) + ": follow " + follow.stream.name +
          (debt ? "  asks about " + quote_printable(debt->id) + ", marked " + quote_printable(debt->mark)
                : std::string()));
    if (debt) out_.debts.push_back(std::move(*debt));
  }

  void note_position(JsonValue item) {
    position_at_.reset();
    if (stream_.page.kind == PageKind::item) {
      auto value = text_of(stream_.page.at, scope_of(item, item)).value_or("");
      const bool least = out_.oldest.empty() || compare_positions(value, out_.oldest) < 0;
      if (!value.empty() && value.size() <= 512 && least) out_.oldest = std::move(value);
    }
    if (stream_.cursor.value.empty() || stream_.cursor.kind == CursorKind::opaque) return;
    auto position = text_of(stream_.cursor.value, scope_of(item, item));
    if (!position) return;
    if (stream_.cursor.kind == CursorKind::time) {
      const auto at = parse_time(*position);
      if (!at || to_ms(*at) < 0) return;
      position_at_ = *at;
      position = std::to_string(to_ms(*at));
    }
    if (position->size() <= 512) out_.positions.push_back(std::move(*position));
  }

  void take_record(JsonValue record, JsonValue parent, std::size_t index) {
    if (!record.is_object()) {
      out_.page.bad_items.push_back({index, "an item is not an object"});
      return;
    }
    const auto scope = scope_of(record, parent);
    if (any_holds(stream_.items.skip, scope)) {
      if (findings_ != nullptr) findings_->push_back("item " + std::to_string(index) + ": skipped");
      return;
    }
    auto mention = read_record(scope, index);
    const bool wordless = mention && !mention->deleted && trim(mention->text).empty() &&
                          trim(mention->title).empty() &&
                          (stream_.items.wordless || has_place_for_words(scope));
    if (mention) {
      out_.ids.push_back(mention->native_id);
      if (mention->created_at != now_) out_.last_at = mention->created_at;
      item_at_ = std::max(item_at_.value_or(mention->created_at), mention->created_at);
    }
    // A picture without a word is nothing that we could read, and nothing wrong either.
    if (wordless) return;
    add_item(out_.page, index, std::move(mention));
  }

  /// The words' place is there, though nothing is in it: an empty text, or null.
  bool has_place_for_words(const Scope& scope) const {
    for (const auto& field : stream_.fields) {
      if (field.field != Field::text && field.field != Field::title) continue;
      for (const auto& how : field.value.alternatives) {
        if (how.pointer.steps.empty() || how.pointer.steps.back().kind != Pointer::Step::Kind::member)
          continue;
        auto above = how.pointer;
        const auto name = above.steps.back().name;
        above.steps.pop_back();
        const auto holder = find_first(above, scope.origin(above.origin));
        if (holder[name].type() != JsonValue::Type::absent) return true;
      }
    }
    return false;
  }

  void found(std::size_t index, const std::string& name, const std::string& from, std::string_view text) {
    if (findings_ == nullptr) return;
    auto line = "item " + std::to_string(index) + ": " + name + "  " + from;
    if (!from.empty()) line += "  " + quote_printable(utf8::truncate(text, 120));
    findings_->push_back(std::move(line));
  }

  Result<Mention> read_record(const Scope& scope, std::size_t index) {
    Mention mention;
    mention.platform = platform_.name;
    mention.fetched_at = now_;
    mention.raw = scope.item.raw();
    JsonWriter extra;
    extra.begin_object();
    bool any_extra = false, kind_said = false, dated = false;
    for (const auto& field : stream_.fields) {
      if (field.field == Field::deleted) {
        mention.deleted = any_holds(field.conditions, scope);
        found(index, field.name, mention.deleted ? "(condition)" : "", "true");
        continue;
      }
      if (field.field == Field::tags || field.field == Field::links) {
        auto list = texts_of(field.value, scope, list_max);
        found(index, field.name, list.empty() ? "" : field.value.alternatives.front().pointer.written,
              list.empty() ? std::string_view() : std::string_view(list.front()));
        auto& into = field.field == Field::tags ? mention.tags : mention.links;
        into.insert(into.end(), list.begin(), list.end());
        continue;
      }
      auto value = find_value(field.value, scope);
      found(index, field.name, value ? value->from : std::string(), value ? value->text : std::string_view());
      if (!value) continue;
      if (field.field == Field::extra) {
        extra.field(field.name, utf8::truncate(value->text, 4'096));
        any_extra = true;
        continue;
      }
      const bool fits = put(mention, field.field, std::move(*value));
      kind_said = kind_said || field.field == Field::kind;
      dated = dated || (field.field == Field::created_at && fits);
    }
    extra.end_object();
    if (any_extra) mention.extra = extra.str();
    if (!kind_said && !mention.in_reply_to.empty()) mention.kind = MentionKind::comment;
    if (mention.edited_at == mention.created_at) mention.edited_at.reset();  // many platforms set both alike
    if (mention.author.id.empty()) mention.author.id = mention.author.handle;
    if (!dated) {
      if (!mention.deleted && !stream_.items.undated)
        return unexpected(ErrorKind::malformed, "no created_at");
      mention.created_at = now_;
    }
    if (mention.deleted) {
      mention.text.clear();
      mention.title.clear();
      mention.author = {};
    }
    return mention;
  }

  const Platform& platform_;
  const StreamSpec& stream_;
  Timestamp now_;
  Findings* findings_;
  Scope page_scope_;
  std::vector<std::unordered_map<std::string, JsonValue>> joined_;
  std::uint64_t fingerprint_ = 1;
  std::optional<Timestamp> position_at_;  ///< of the item being read: its place, where that is a time
  std::optional<Timestamp> item_at_;      ///< … and when the last of its records was written
  ReadPage out_;
};

}  // namespace

Result<ReadPage> read_page(const Platform& platform, const StreamSpec& stream, JsonValue root,
                           const Variables& variables, Timestamp now, Findings* findings) {
  return Reader(platform, stream, root, variables, now, findings).read();
}

int compare_positions(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b) < 0 ? -1 : a == b ? 0 : 1;
}

}  // namespace earshot::connectors::declarative
