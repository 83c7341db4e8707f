#include "connectors/hacker_news/hacker_news_item.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/html_text.hpp"
#include "core/base/json_writer.hpp"

namespace earshot::connectors::hacker_news {
namespace {

std::string page_of(std::string_view id) { return "https://news.ycombinator.com/item?id=" + std::string(id); }

void set_text(Mention& mention, std::string_view html) {
  auto read = html_to_text(html);
  mention.text = std::move(read.text);
  mention.links = std::move(read.links);
}

Result<Mention> read_hit(JsonValue hit, Timestamp now) {
  Mention mention;
  mention.platform = "hacker_news";
  mention.native_id = hit["objectID"].id();
  mention.url = page_of(mention.native_id);
  mention.fetched_at = now;
  const auto created = hit["created_at_i"] ? hit["created_at_i"].time() : hit["created_at"].time();
  if (!created) return unexpected(ErrorKind::malformed, "no date");
  mention.created_at = *created;
  mention.author.id = mention.author.handle = mention.author.name = hit["author"].text();
  const bool comment = hit["comment_text"].is_string();
  mention.kind = comment ? MentionKind::comment : MentionKind::post;
  set_text(mention, comment ? hit["comment_text"].text() : hit["story_text"].text());
  mention.title = comment ? std::string() : std::string(hit["title"].text());
  if (const auto link = hit["url"].text(); !link.empty() && !comment) mention.links.emplace_back(link);
  mention.in_reply_to = hit["parent_id"].id();
  mention.conversation = hit["story_id"].id() == mention.native_id ? std::string_view() : hit["story_id"].id();
  mention.engagement.likes = hit["points"].count();
  mention.engagement.replies = hit["num_comments"].count();
  mention.raw = hit.raw();
  if (const auto story = hit["story_title"].text(); comment && !story.empty()) {
    JsonWriter extra;
    mention.extra = extra.begin_object().field("story_title", story).end_object().str();
  }
  return mention;
}

}  // namespace

Result<HitPage> read_hits(JsonValue root, Timestamp now) {
  if (!root["hits"].is_array()) {
    const auto message = root["message"].text();
    return unexpected(message.empty() ? ErrorKind::malformed : ErrorKind::bad_request, message.empty() ? "no hits in the reply" : std::string(message.substr(0, 200)));
  }
  HitPage out;
  for (const auto hit : root["hits"]) {
    if (const auto at = hit["created_at_i"].integer()) {
      out.newest = std::max(out.newest.value_or(*at), *at);
      out.oldest = std::min(out.oldest.value_or(*at), *at);
    }
    add_item(out.page, out.hits++, hit.is_object() ? read_hit(hit, now) : Result<Mention>(unexpected(ErrorKind::malformed, "a hit is not an object")));
  }
  out.total = root["nbHits"].count().value_or(0);
  out.page_size = root["hitsPerPage"].count().value_or(0);
  collapse_echoes(out.page.mentions);
  return out;
}

std::optional<Result<Mention>> read_item(JsonValue item, Timestamp now) {
  if (!item) return std::nullopt;
  if (!item.is_object()) return unexpected(ErrorKind::malformed, "an item is not an object");
  const auto type = item["type"].text();
  if (type == "job" || type == "pollopt") return std::nullopt;
  Mention mention;
  mention.platform = "hacker_news";
  mention.native_id = item["id"].id();
  mention.url = page_of(mention.native_id);
  mention.fetched_at = now;
  const auto created = item["time"].time();
  if (!created) return unexpected(ErrorKind::malformed, "no date");
  mention.created_at = *created;
  mention.kind = type == "comment" ? MentionKind::comment : MentionKind::post;
  if (item["deleted"].is_true() || item["dead"].is_true()) {
    mention.deleted = true;
    return mention;
  }
  mention.author.id = mention.author.handle = mention.author.name = item["by"].text();
  set_text(mention, item["text"].text());
  mention.title = html_to_text(item["title"].text()).text;
  if (const auto link = item["url"].text(); !link.empty()) mention.links.emplace_back(link);
  mention.in_reply_to = item["parent"].id();
  mention.engagement.likes = item["score"].count();
  mention.engagement.replies = item["descendants"].count();
  mention.raw = item.raw();
  return mention;
}

}  // namespace earshot::connectors::hacker_news
