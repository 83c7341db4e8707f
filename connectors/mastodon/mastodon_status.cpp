#include "connectors/mastodon/mastodon_status.hpp"

#include <algorithm>
#include <map>

#include "connectors/page_builder.hpp"
#include "core/base/html_text.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::mastodon {
namespace {

std::string host_of(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed ? parsed->host : std::string();
}

Author read_author(JsonValue account, std::string_view host) {
  Author author;
  author.id = account["uri"].text();
  if (author.id.empty()) author.id = account["url"].text();
  author.handle = account["acct"].text();
  if (author.handle.empty()) author.handle = account["username"].text();
  if (!author.handle.empty() && author.handle.find('@') == std::string::npos) {
    // Local users come without a domain; theirs is that of their profile, which may differ from the API's
    // host.
    const auto profile = host_of(account["url"].text());
    author.handle += "@" + (profile.empty() ? std::string(host) : profile);
  }
  if (author.id.empty()) author.id = author.handle;
  author.name = account["display_name"].text();
  if (author.name.empty()) author.name = account["username"].text();
  author.followers = account["followers_count"].count();
  author.bot = account["bot"].is_true();
  return author;
}

std::string local_name(std::string_view host, std::string_view id) {
  return "https://" + std::string(host) + "/statuses/" + std::string(id);
}

void write_extra(JsonValue status, std::string_view host, Mention& mention) {
  JsonWriter extra;
  extra.begin_object();
  bool any = false;
  // What replies on other pages call it: their parent's id is the server's own.
  if (const auto id = status["id"].id(); !id.empty() && mention.native_id != local_name(host, id)) {
    extra.field("local_id", local_name(host, id));
    any = true;
  }
  const auto media = status["media_attachments"];
  if (media.size() > 0) {
    extra.key("media").begin_array();
    for (const auto item : media) {
      const auto url = item["remote_url"].text().empty() ? item["url"].text() : item["remote_url"].text();
      extra.begin_object().field("url", url).field("description", item["description"].text()).end_object();
    }
    extra.end_array();
    any = true;
  }
  if (status["poll"].is_object()) {
    extra.key("poll").begin_array();
    for (const auto option : status["poll"]["options"]) extra.value(option["title"].text());
    extra.end_array();
    any = true;
  }
  if (!status["spoiler_text"].text().empty()) {
    extra.field("spoiler_text", status["spoiler_text"].text());
    any = true;
  }
  const auto quoted = status["quote"]["quoted_status"] ? status["quote"]["quoted_status"] : status["quote"];
  if (quoted.is_object() && !quoted["uri"].text().empty()) {
    extra.field("quote", quoted["uri"].text());
    any = true;
  }
  extra.end_object();
  if (any) mention.extra = extra.str();
}

Result<Mention> read_status(JsonValue status, std::string_view host, Timestamp now) {
  Mention mention;
  mention.platform = "mastodon";
  mention.native_id = status["uri"].text();
  if (mention.native_id.empty()) mention.native_id = status["url"].text();
  if (mention.native_id.empty() && !status["id"].id().empty())
    mention.native_id = local_name(host, status["id"].id());
  mention.url = status["url"].text().empty() ? status["uri"].text() : status["url"].text();
  auto content = html_to_text(status["content"].text());
  const auto spoiler = squeeze_space(status["spoiler_text"].text());
  mention.text = spoiler.empty() ? std::move(content.text) : spoiler + "\n\n" + content.text;
  if (trim(mention.text).empty())
    for (const auto item : status["media_attachments"])  // pictures alone still say what they show
      if (!item["description"].text().empty()) mention.text += std::string(item["description"].text()) + "\n";
  mention.links = std::move(content.links);
  for (const auto tag : status["tags"])
    mention.tags.emplace_back(tag["name"].text().empty() ? tag.text() : tag["name"].text());
  if (mention.tags.empty()) mention.tags = std::move(content.tags);
  mention.lang = status["language"].text();
  mention.author = read_author(status["account"], host);
  const auto created = status["created_at"].time();
  if (!created) return unexpected(ErrorKind::malformed, "no created_at");
  mention.created_at = *created;
  mention.edited_at = status["edited_at"].time();
  mention.fetched_at = now;
  // The parent's global URI is known only when it is on the same page (see link_replies); else its id on this
  // server, scoped so that it cannot be mistaken. The parent keeps that name too, for who follows replies.
  if (const auto parent = status["in_reply_to_id"].id(); !parent.empty())
    mention.in_reply_to = local_name(host, parent);
  mention.engagement.likes = status["favourites_count"].count();
  mention.engagement.reposts = status["reblogs_count"].count();
  mention.engagement.replies = status["replies_count"].count();
  mention.kind = mention.in_reply_to.empty() ? MentionKind::post : MentionKind::comment;
  mention.raw = status.raw();
  write_extra(status, host, mention);
  return mention;
}

/// Replaces local ids of parents by their global URIs where the parent came along.
void link_replies(std::vector<Mention>& mentions, const std::map<std::string, std::string>& uris) {
  for (auto& mention : mentions)
    if (const auto found = uris.find(mention.in_reply_to); found != uris.end())
      mention.in_reply_to = found->second;
}

void note_uri(JsonValue status, std::string_view host, std::map<std::string, std::string>& uris) {
  const auto id = status["id"].id();
  const auto uri = status["uri"].text();
  if (!id.empty() && !uri.empty()) uris.emplace(local_name(host, id), uri);
}

void take_item(JsonValue item, std::size_t index, std::string_view host, Timestamp now, StatusPage& out) {
  if (!item.is_object()) {
    out.page.bad_items.push_back({index, "an item is not an object"});
    return;
  }
  if (const auto id = item["id"].id(); !id.empty()) out.ids.emplace_back(id);
  if (const auto at = item["created_at"].time()) {
    out.newest = std::max(out.newest.value_or(*at), *at);
    out.oldest = std::min(out.oldest.value_or(*at), *at);
  }
  auto status = item;
  if (item["account"].is_object() && !item["uri"] && !item["content"] && item["type"]) {
    if (!item["status"].is_object()) return;  // a notification without a post: a follow, a report
    status = item["status"];
  }
  if (status["reblog"].is_object()) status = status["reblog"];
  const auto visibility = status["visibility"].text();
  if (visibility == "private" || visibility == "direct") return;
  note_uri(status, host, out.uris);
  auto mention = read_status(status, host, now);
  // A picture without a word is nothing that we could read, and nothing wrong either.
  if (mention && trim(mention->text).empty() && status["content"].is_string()) return;
  add_item(out.page, index, std::move(mention));
}

}  // namespace

Result<StatusPage> read_statuses(JsonValue root, std::string_view host, Timestamp now) {
  StatusPage out;
  std::size_t index = 0;
  if (root.is_object()) {
    if (root["error"].is_string())
      return unexpected(ErrorKind::bad_request,
                        "the server says: " + printable(root["error"].text().substr(0, 200)));
    if (root["uri"].is_string() && root["account"].is_object()) {
      take_item(root, 0, host, now, out);
      return out;
    }
    if (root["ancestors"].is_array()) {
      for (const auto item : root["ancestors"]) take_item(item, index++, host, now, out);
      for (const auto item : root["descendants"]) take_item(item, index++, host, now, out);
      link_replies(out.page.mentions, out.uris);
      return out;
    }
    root = root["statuses"];
  }
  if (!root.is_array()) return unexpected(ErrorKind::malformed, "neither a timeline nor a search result");
  for (const auto item : root) take_item(item, index++, host, now, out);
  link_replies(out.page.mentions, out.uris);
  collapse_echoes(out.page.mentions);
  return out;
}

std::optional<int> compare_ids(std::string_view a, std::string_view b) {
  const auto numeric = [](std::string_view id) {
    return !id.empty() && std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (a == b) return 0;
  if (!numeric(a) || !numeric(b)) return std::nullopt;
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a < b ? -1 : 1;
}

}  // namespace earshot::connectors::mastodon
