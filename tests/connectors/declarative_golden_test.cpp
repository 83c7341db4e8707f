// What each declared platform makes of a reply of its documented shape, word for word, and what a file that
// is wrong is told.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "connectors/connector.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"

using namespace earshot;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);
const std::filesystem::path folder = EARSHOT_SOURCE_DIR "/tests/data/declarative";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Fixtures of streams and follow-ups whose items differ from those of their platform's own fixture.
const std::map<std::string, std::string> further_streams = {{"lemmy_posts", "lemmy"},
                                                            {"lemmy_answers", "lemmy"},
                                                            {"github_discussions", "github"},
                                                            {"github_notifications", "github"},
                                                            {"youtube_replies", "youtube"},
                                                            {"slack_thread", "slack"},
                                                            {"stack_exchange_answers", "stack_exchange"}};

std::string platform_of(const std::string& stem) {
  const auto further = further_streams.find(stem);
  return further == further_streams.end() ? stem : further->second;
}

/// The address a fixture would have come from, where values are taken from it.
const char* url_of(const std::string& name) {
  if (name == "github_discussions") return "https://api.github.com/graphql";
  if (name == "github_notifications") return "https://api.github.com/notifications?all=true";
  if (name == "discourse") return "https://forum.fernwave.example/posts.json";
  if (name == "youtube_replies")
    return "https://www.googleapis.com/youtube/v3/comments?parentId=T1&part=snippet";
  if (name == "slack_thread")
    return "https://slack.com/api/conversations.replies?channel=C1&ts=1776070000.000001";
  if (name == "stack_exchange_answers")
    return "https://api.stackexchange.com/2.3/questions/77;78/answers?site=stackoverflow";
  if (name == "lemmy_answers") return "https://lemmy.world/api/v3/comment/list?post_id=1";
  if (name == "slack") return "https://slack.com/api/conversations.history?channel=C1";
  if (name == "stack_exchange")
    return "https://api.stackexchange.com/2.3/search/advanced?site=stackoverflow&q=x";
  if (name == "freshdesk") return "https://fernwave.freshdesk.com/api/v2/tickets";
  if (name == "zendesk") return "https://fernwave.zendesk.com/api/v2/incremental/tickets/cursor.json";
  if (name == "zammad") return "https://desk.fernwave.example/api/v1/ticket_articles";
  if (name == "wordpress") return "https://blog.fernwave.example/wp-json/wp/v2/comments";
  if (name == "chatwoot") return "https://app.chatwoot.com/api/v1/accounts/3/conversations";
  if (name == "google_play")
    return "https://androidpublisher.googleapis.com/androidpublisher/v3/applications/com.fernwave/reviews";
  if (name == "app_store")
    return "https://itunes.apple.com/us/rss/customerreviews/page=1/id=284/sortBy=mostRecent/json";
  return "";
}

std::string show(const Page& page) {
  std::ostringstream out;
  for (const auto& mention : page.mentions) {
    const auto line = [&](const char* name, const std::string& value) {
      if (value.empty()) return;
      auto shown = value;
      for (auto at = shown.find('\n'); at != std::string::npos; at = shown.find('\n', at + 2))
        shown.replace(at, 1, "\\n");
      out << "  " << name << ": " << shown << "\n";
    };
    const auto count = [&](const char* name, const std::optional<std::int64_t>& value) {
      if (value) line(name, std::to_string(*value));
    };
    out << mention.platform << " " << mention.native_id << " " << to_string(mention.kind)
        << (mention.deleted ? " deleted" : "") << "\n";
    line("title", mention.title);
    line("text", mention.text);
    line("url", mention.url);
    line("lang", mention.lang);
    line("author", mention.author.id + " @" + mention.author.handle + " " + mention.author.name +
                       (mention.author.bot ? " (bot)" : ""));
    count("followers", mention.author.followers);
    line("created_at", mention.created_at == now ? "(first heard)" : format_rfc3339(mention.created_at));
    if (mention.edited_at) line("edited_at", format_rfc3339(*mention.edited_at));
    line("in_reply_to", mention.in_reply_to);
    line("conversation", mention.conversation);
    if (mention.rating) line("rating", std::to_string(static_cast<int>(*mention.rating)));
    count("likes", mention.engagement.likes);
    count("reposts", mention.engagement.reposts);
    count("replies", mention.engagement.replies);
    count("views", mention.engagement.views);
    for (const auto& tag : mention.tags) line("tag", tag);
    for (const auto& link : mention.links) line("link", link);
    line("extra", mention.extra);
  }
  for (const auto& bad : page.bad_items) out << "bad " << bad.index << ": " << bad.reason << "\n";
  return out.str();
}

}  // namespace

TEST_CASE("every declared platform reads a reply of its documented shape", "[connectors][declarative]") {
  std::size_t read_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const auto stem = entry.path().stem().string();
    const auto name = platform_of(stem);
    CAPTURE(stem);
    const auto* spec = connectors::find_connector(name);
    REQUIRE(spec != nullptr);
    const auto page = spec->parse(url_of(stem), read(entry.path()), now);
    CAPTURE(page ? std::string() : page.error().message);
    REQUIRE(page);
    const auto golden = entry.path().parent_path() / (stem + ".golden");
    if (std::getenv("EARSHOT_WRITE_GOLDEN") != nullptr)
      std::ofstream(golden, std::ios::binary) << show(*page);
    CHECK(show(*page) == read(golden));
    ++read_files;
  }
  std::size_t platforms = 0;
  for (const auto& entry : std::filesystem::directory_iterator(EARSHOT_SOURCE_DIR "/config/connectors")) {
    CAPTURE(entry.path().string());
    CHECK(std::filesystem::exists(folder / (entry.path().stem().string() + ".json")));
    ++platforms;
  }
  CHECK(read_files == platforms + further_streams.size());
}
