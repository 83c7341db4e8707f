#include "connectors/bluesky/bluesky_post.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors::bluesky {
namespace {

constexpr int thread_depth_max = 60;

/// The part of an AT URI after `at://did/collection/`.
std::string record_key(std::string_view uri) {
  const auto slash = uri.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(uri.substr(slash + 1));
}

void read_facets(JsonValue record, std::string_view text, Mention& mention) {
  for (const auto facet : record["facets"]) {
    for (const auto feature : facet["features"]) {
      if (const auto uri = feature["uri"].text(); !uri.empty()) mention.links.emplace_back(uri);
      if (const auto tag = feature["tag"].text(); !tag.empty()) mention.tags.emplace_back(tag);
    }
  }
  for (const auto tag : record["tags"]) mention.tags.emplace_back(tag.text());
  // Links are shown shortened ("example.com/a-lo…"); the facet's byte range says which words stand for which
  // link.
  std::string out;
  std::size_t done = 0;
  for (const auto facet : record["facets"]) {
    const auto begin = facet["index"]["byteStart"].count();
    const auto end = facet["index"]["byteEnd"].count();
    if (!begin || !end || *begin < static_cast<std::int64_t>(done) || *end <= *begin ||
        *end > static_cast<std::int64_t>(text.size()))
      continue;
    const auto from = static_cast<std::size_t>(*begin);
    const auto shown = text.substr(from, static_cast<std::size_t>(*end - *begin));
    std::string_view target;
    for (const auto feature : facet["features"])
      if (!feature["uri"].text().empty()) target = feature["uri"].text();
    const bool shortened = shown.ends_with("...") || shown.ends_with("\xE2\x80\xA6");
    if (target.empty() || !shortened || !utf8::is_valid(shown)) continue;
    out += text.substr(done, from - done);
    out += target;
    done = static_cast<std::size_t>(*end);
  }
  mention.text = out + std::string(text.substr(done));
}

void read_embed(JsonValue embed, JsonWriter& extra, bool& any, Mention& mention) {
  const auto media = embed["media"].is_object() ? embed["media"] : embed;
  if (media["images"].size() > 0) {
    extra.key("images").begin_array();
    for (const auto image : media["images"]) {
      extra.begin_object();
      if (!image["fullsize"].text().empty()) extra.field("url", image["fullsize"].text());
      extra.field("alt", image["alt"].text()).end_object();
    }
    extra.end_array();
    any = true;
  }
  if (const auto alt = media["alt"].text(); !alt.empty() && media["images"].size() == 0) {
    extra.field("alt", alt);
    any = true;
  }
  if (media["external"].is_object()) {
    const auto external = media["external"];
    mention.links.emplace_back(external["uri"].text());
    extra.key("external")
        .begin_object()
        .field("url", external["uri"].text())
        .field("title", external["title"].text());
    extra.field("description", external["description"].text()).end_object();
    any = true;
  }
  const auto record = embed["record"]["record"].is_object() ? embed["record"]["record"] : embed["record"];
  if (const auto quoted = record["uri"].text(); !quoted.empty()) {
    extra.field("quote", quoted);
    any = true;
  }
}

/// Text, links, dates and thread; `indexed` is when a server saw it, where one says so.
Result<Mention> read_words(JsonValue record, std::string_view uri, std::optional<Timestamp> indexed,
                           Timestamp now) {
  if (!uri.starts_with("at://")) return unexpected(ErrorKind::malformed, "no uri");
  if (!record.is_object()) return unexpected(ErrorKind::malformed, "no record");
  Mention mention;
  mention.platform = "bluesky";
  mention.native_id = uri;
  mention.author.id = uri.substr(5, uri.find('/', 5) - 5);
  read_facets(record, record["text"].text(), mention);
  if (record["langs"].size() > 0) mention.lang = (*record["langs"].begin()).text();
  const auto created = record["createdAt"].time();
  if (!created && !indexed) return unexpected(ErrorKind::malformed, "no date");
  // createdAt is what the client claims: it may lie in the future or the past, the index cannot lie in the
  // future.
  mention.created_at =
      created && indexed ? std::min(*created, *indexed) : created.value_or(indexed.value_or(now));
  mention.fetched_at = now;
  const auto reply = record["reply"];
  mention.in_reply_to = reply["parent"]["uri"].text();
  mention.conversation = reply["root"]["uri"].text();
  mention.kind = mention.in_reply_to.empty() ? MentionKind::post : MentionKind::comment;
  return mention;
}

void set_url(Mention& mention) {
  mention.url = "https://bsky.app/profile/" + mention.author.id + "/post/" + record_key(mention.native_id);
}

/// Pictures alone still say what they show.
void describe_media(JsonValue embed, Mention& mention) {
  if (!trim(mention.text).empty()) return;
  const auto media = embed["media"].is_object() ? embed["media"] : embed;
  for (const auto image : media["images"]) mention.text += std::string(image["alt"].text()) + "\n";
  if (trim(mention.text).empty()) mention.text = media["external"]["title"].text();
  if (trim(mention.text).empty()) mention.text = media["alt"].text();
}

Result<Mention> read_post(JsonValue post, Timestamp now, std::optional<Timestamp>& sort_at) {
  const auto record = post["record"].is_object() ? post["record"] : post["value"];
  auto words = read_words(record, post["uri"].text(), post["indexedAt"].time(), now);
  if (!words) return words;
  auto& mention = *words;
  sort_at = mention.created_at;
  const auto author = post["author"];
  if (const auto did = author["did"].text(); !did.empty()) mention.author.id = did;
  mention.author.handle = author["handle"].text();
  mention.author.name = author["displayName"].text();
  mention.author.followers = author["followersCount"].count();
  for (const auto label : author["labels"])
    if (label["val"].text() == "bot") mention.author.bot = true;
  set_url(mention);
  mention.engagement.likes = post["likeCount"].count();
  mention.engagement.reposts = post["repostCount"].count();
  mention.engagement.replies = post["replyCount"].count();
  mention.raw = post.raw();
  JsonWriter extra;
  extra.begin_object();
  bool any = false;
  if (const auto cid = post["cid"].text(); !cid.empty()) {
    extra.field("cid", cid);
    any = true;
  }
  if (const auto quotes = post["quoteCount"].count()) {
    extra.field("quotes", *quotes);
    any = true;
  }
  const auto embed = post["embed"].is_object() ? post["embed"] : record["embed"];
  read_embed(embed, extra, any, mention);
  extra.end_object();
  if (any) mention.extra = extra.str();
  describe_media(embed, mention);
  return words;
}

bool is_post(JsonValue value) {
  return value["uri"].text().find("/app.bsky.feed.post/") != std::string_view::npos;
}

void take_post(JsonValue post, std::size_t index, Timestamp now, PostPage& out) {
  std::optional<Timestamp> sort_at;
  auto mention = read_post(post, now, sort_at);
  if (sort_at) {
    out.newest = std::max(out.newest.value_or(*sort_at), *sort_at);
    out.oldest = std::min(out.oldest.value_or(*sort_at), *sort_at);
  }
  // A picture or a video without a word is nothing that we could read, and nothing wrong either.
  if (mention && trim(mention->text).empty()) return;
  add_item(out.page, index, std::move(mention));
}

void take_thread(JsonValue thread, Timestamp now, PostPage& out, int depth) {
  if (depth > thread_depth_max || !thread.is_object()) return;
  take_thread(thread["parent"], now, out, depth + 1);
  if (thread["post"].is_object()) take_post(thread["post"], out.items++, now, out);
  for (const auto reply : thread["replies"]) take_thread(reply, now, out, depth + 1);
}

}  // namespace

Result<PostPage> read_posts(JsonValue root, Timestamp now) {
  PostPage out;
  if (!root.is_object())
    return unexpected(ErrorKind::malformed, "not a reply of the AppView: an object was expected");
  if (auto error = error_in(root, 400)) return unexpected(std::move(*error));
  out.cursor = root["cursor"].text();
  if (root["thread"].is_object()) {
    take_thread(root["thread"], now, out, 0);
  } else if (root["posts"].is_array()) {
    for (const auto post : root["posts"]) take_post(post, out.items++, now, out);
  } else if (root["feed"].is_array()) {
    for (const auto item : root["feed"]) {
      const auto index = out.items++;
      if (item["reason"]["$type"].text().find("reasonRepost") != std::string_view::npos) continue;
      take_post(item["post"], index, now, out);
    }
  } else if (root["notifications"].is_array()) {
    for (const auto item : root["notifications"])
      if (const auto index = out.items++; is_post(item)) take_post(item, index, now, out);
  } else if (root["records"].is_array()) {
    for (const auto item : root["records"])
      if (const auto index = out.items++; is_post(item)) take_post(item, index, now, out);
  } else {
    return unexpected(ErrorKind::malformed, "no posts in the reply");
  }
  collapse_echoes(out.page.mentions);
  return out;
}

Result<Mention> read_record(JsonValue record, std::string_view uri, Timestamp seen_at, Timestamp now) {
  auto words = read_words(record, uri, seen_at, now);
  if (!words) return words;
  set_url(*words);
  JsonWriter extra;
  extra.begin_object();
  bool any = false;
  read_embed(record["embed"], extra, any, *words);
  extra.end_object();
  if (any) words->extra = extra.str();
  describe_media(record["embed"], *words);
  return words;
}

std::optional<Error> error_in(JsonValue root, int status) {
  const auto name = root["error"].text();
  if (name.empty()) return std::nullopt;
  auto kind = ErrorKind::bad_request;
  static constexpr std::string_view tokens[] = {"ExpiredToken",           "InvalidToken",    "AuthMissing",
                                                "AuthenticationRequired", "AccountTakedown", "AuthRequired"};
  static constexpr std::string_view missing[] = {"NotFound",     "RecordNotFound", "AccountDeactivated",
                                                 "BlockedActor", "BlockedByActor", "RepoNotFound"};
  if (std::ranges::find(tokens, name) != std::end(tokens) || status == 401)
    kind = ErrorKind::unauthorized;
  else if (std::ranges::find(missing, name) != std::end(missing))
    kind = ErrorKind::gone;
  else if (name == "RateLimitExceeded" || status == 429)
    kind = ErrorKind::rate_limited;
  else if (name == "UpstreamFailure" || name == "InternalServerError" || name == "UpstreamTimeout" ||
           name == "NotEnoughResources")
    kind = ErrorKind::unreachable;
  return Error{.kind = kind,
               .message = printable(std::string(name.substr(0, 60)) + ": " +
                                    std::string(root["message"].text().substr(0, 200)))};
}

}  // namespace earshot::connectors::bluesky
