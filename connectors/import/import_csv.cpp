#include <algorithm>
#include <charconv>

#include "connectors/import/import_line.hpp"
#include "connectors/normalise.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/utf8.hpp"
#include "core/model/names.hpp"

namespace earshot::connectors::import {
namespace {

constexpr std::string_view fields[] = {
    "platform", "id", "text", "created_at", "edited_at", "url", "title", "lang", "author.id", "author.handle", "author.name", "author.followers",
    "in_reply_to", "conversation", "kind", "rating", "engagement.likes", "engagement.reposts", "engagement.replies", "engagement.views", "tags", "deleted"};

Unexpected wrong(std::string_view field, std::string_view value, std::string_view expectation) {
  return unexpected(ErrorKind::malformed, "`" + std::string(field) + "` must be " + std::string(expectation) + ", not " +
                                              quote_printable(utf8::truncate(value, 40)));
}

bool set_count(std::string_view text, std::optional<std::int64_t>& out) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || number < 0) return false;
  out = number;
  return true;
}

std::string* text_field(Mention& mention, std::string_view name) {
  if (name == "platform") return &mention.platform;
  if (name == "id") return &mention.native_id;
  if (name == "text") return &mention.text;
  if (name == "url") return &mention.url;
  if (name == "title") return &mention.title;
  if (name == "lang") return &mention.lang;
  if (name == "author.id") return &mention.author.id;
  if (name == "author.handle") return &mention.author.handle;
  if (name == "author.name") return &mention.author.name;
  if (name == "in_reply_to") return &mention.in_reply_to;
  if (name == "conversation") return &mention.conversation;
  return nullptr;
}

std::optional<std::int64_t>* count_field(Mention& mention, std::string_view name) {
  if (name == "author.followers") return &mention.author.followers;
  if (name == "engagement.likes") return &mention.engagement.likes;
  if (name == "engagement.reposts") return &mention.engagement.reposts;
  if (name == "engagement.replies") return &mention.engagement.replies;
  if (name == "engagement.views") return &mention.engagement.views;
  return nullptr;
}

}  // namespace

Result<bool> RowMapper::set_header(const CsvRow& header) {
  for (const auto& column : header.fields) {
    const auto name = std::string(trim(column));
    const auto mapped = std::ranges::find_if(options_.columns, [&](const auto& item) { return item.second == name; });
    if (mapped != options_.columns.end()) names_.push_back(mapped->first);
    else if (const auto lower = ascii_lower(name); std::ranges::find(fields, lower) != std::end(fields) && !options_.columns.contains(lower)) names_.push_back(lower);
    else names_.push_back("extra:" + name);
  }
  std::string missing;
  for (const auto* required : {"id", "text", "created_at"})
    if (std::ranges::find(names_, required) == names_.end()) missing += std::string(missing.empty() ? "" : ", ") + "`" + required + "`";
  if (options_.platform.empty() && std::ranges::find(names_, "platform") == names_.end()) missing += std::string(missing.empty() ? "" : ", ") + "`platform`";
  for (const auto& [field, column] : options_.columns)
    if (std::ranges::find(names_, field) == names_.end() || std::ranges::find(fields, field) == std::end(fields)) missing += std::string(missing.empty() ? "" : ", ") + "`" + column + "`";
  if (!missing.empty()) return unexpected(ErrorKind::invalid, "the header has no column for " + missing);
  return true;
}

Result<Mention> RowMapper::map(const CsvRow& row) const {
  if (row.damaged) return unexpected(ErrorKind::malformed, "a quote stands where none may be, or the row is too long");
  if (row.fields.size() != names_.size())
    return unexpected(ErrorKind::malformed, std::to_string(row.fields.size()) + " fields where the header has " + std::to_string(names_.size()));
  Mention mention;
  JsonWriter extra;
  extra.begin_object();
  bool any = false;
  bool dated = false;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto& name = names_[i];
    const auto value = trim(row.fields[i]);
    if (value.empty()) continue;
    if (auto* slot = text_field(mention, name)) {
      *slot = value;
    } else if (auto* counter = count_field(mention, name)) {
      if (!set_count(value, *counter)) return wrong(name, value, "a whole number of zero or more");
    } else if (name == "created_at" || name == "edited_at") {
      const auto at = parse_time(value);
      if (!at) return wrong(name, value, "a date");
      if (name == "edited_at") mention.edited_at = at;
      else mention.created_at = *at, dated = true;
    } else if (name == "kind") {
      const auto kind = mention_kind_from(value);
      if (!kind) return wrong(name, value, "one of post, comment, review, article, ticket, survey, message");
      mention.kind = *kind;
    } else if (name == "rating") {
      double number = 0;
      const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (failure != std::errc{} || end != value.data() + value.size()) return wrong(name, value, "a number");
      mention.rating = number;
    } else if (name == "tags") {
      const char separator = value.find(';') != std::string_view::npos ? ';' : ',';
      for (const auto tag : split(value, separator)) mention.tags.emplace_back(trim(tag));
    } else if (name == "deleted") {
      mention.deleted = ascii_iequals(value, "true") || value == "1" || ascii_iequals(value, "yes");
    } else {
      extra.field(std::string_view(name).substr(6), value);
      any = true;
    }
  }
  extra.end_object();
  if (any) mention.extra = extra.str();
  if (mention.platform.empty()) mention.platform = options_.platform;
  if (mention.native_id.empty()) return unexpected(ErrorKind::malformed, "`id` is empty");
  if (!dated) return unexpected(ErrorKind::malformed, "`created_at` is empty");
  mention.fetched_at = options_.now;
  return normalise(std::move(mention));
}

}  // namespace earshot::connectors::import
