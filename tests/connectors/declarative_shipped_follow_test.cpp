// The platforms that ship with follow-ups: what each asks about its threads and tickets, wherever a walk is
// cut.
#include <catch2/catch.hpp>
#include <map>

#include "connectors/connector.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"

using namespace earshot;
using namespace earshot::test;
using connectors::Setting;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

/// A shipped platform and a server of its documented shape: by the end of each address, what it answers.
struct Shipped {
  const char* name;
  connectors::Settings settings;
  std::vector<std::pair<std::string, std::string>> answers;
  std::vector<std::string> ids;     ///< that must be heard
  std::vector<std::string> follow;  ///< addresses of the follow-ups, in their order
};

/// What agents, robots and notes say is left out; so is a first comment that is the ticket itself.
std::vector<Shipped> shipped_help_desks() {
  const auto word = [](const char* text) { return Setting{std::string(text), ""}; };
  std::vector<Shipped> out;
  out.push_back(
      {"zendesk",
       settings_of(
           {{"subdomain", word("fern")}, {"email", word("a@b.example")}, {"credential", word("key")}}),
       {{"/incremental/", R"({"tickets":[
         {"id":1,"url":"https://fern.zendesk.com/api/v2/tickets/1.json","description":"d","created_at":"2026-04-13T08:00:00Z","updated_at":"2026-04-13T09:00:00Z","status":"open","requester_id":7},
         {"id":2,"url":"https://fern.zendesk.com/api/v2/tickets/2.json","description":"d","created_at":"2026-04-13T08:00:00Z","updated_at":"2026-04-13T08:00:00Z","status":"new","requester_id":7},
         {"id":3,"url":"https://fern.zendesk.com/api/v2/tickets/3.json","description":"x","created_at":"2026-04-13T08:00:00Z","updated_at":"2026-04-13T09:00:00Z","status":"deleted"}],
         "after_cursor":"C2","end_of_stream":true})"},
        {"/tickets/1/comments.json", R"({"comments":[
         {"id":10,"author_id":7,"public":true,"html_body":"<p>d</p>","created_at":"2026-04-13T08:00:00Z"},
         {"id":11,"author_id":9,"public":true,"html_body":"<p>We look.</p>","created_at":"2026-04-13T08:10:00Z"},
         {"id":12,"author_id":7,"public":false,"html_body":"<p>n</p>","created_at":"2026-04-13T08:20:00Z"}],
         "users":[{"id":7,"name":"Ann","role":"end-user"},{"id":9,"name":"Al","role":"agent"}],
         "meta":{"has_more":true,"after_cursor":"c1"}})"},
        {"after%5D=c1", R"({"comments":[
         {"id":13,"author_id":7,"public":true,"html_body":"<p>Still waiting.</p>","created_at":"2026-04-13T09:00:00Z"}],
         "users":[{"id":7,"name":"Ann","role":"end-user"}],"meta":{"has_more":false,"after_cursor":"c2"}})"}},
       {"https://fern.zendesk.com/api/v2/tickets/1.json",
        "https://fern.zendesk.com/api/v2/tickets/1/comments/13",
        "https://fern.zendesk.com/api/v2/tickets/2.json", "https://fern.zendesk.com/api/v2/tickets/3.json"},
       {"https://fern.zendesk.com/api/v2/tickets/1/comments.json?include=users&page%5Bsize%5D=100",
        "https://fern.zendesk.com/api/v2/tickets/1/"
        "comments.json?include=users&page%5Bafter%5D=c1&page%5Bsize%5D=100"}});
  out.push_back({"freshdesk",
                 settings_of({{"domain", word("fern")}, {"credential", word("key")}}),
                 {{"/tickets?", R"([
         {"id":5,"subject":"s","description_text":"d","created_at":"2026-04-13T08:00:00Z","updated_at":"2026-04-13T09:00:00Z","requester_id":7},
         {"id":6,"subject":"s","description_text":"d","created_at":"2026-04-13T08:00:00Z","updated_at":"2026-04-13T08:00:00Z","requester_id":7},
         {"id":8,"subject":"s","deleted":true,"created_at":"2026-04-13T08:00:00Z","updated_at":"2026-04-13T09:00:00Z","requester_id":7}])"},
                  {"/conversations", R"([
         {"id":21,"incoming":false,"private":false,"body_text":"We look.","user_id":1,"created_at":"2026-04-13T08:10:00Z"},
         {"id":22,"incoming":true,"private":false,"body_text":"Still waiting.","user_id":7,"from_email":"Ann <ann@mail.example>","created_at":"2026-04-13T09:00:00Z"}])"}},
                 {"fern.freshdesk.com/conversations/22", "fern.freshdesk.com/tickets/5",
                  "fern.freshdesk.com/tickets/6", "fern.freshdesk.com/tickets/8"},
                 {"https://fern.freshdesk.com/api/v2/tickets/5/conversations?per_page=100"}});
  out.push_back(
      {"intercom",
       settings_of({{"credential", word("key")}}),
       {{"/conversations/search", R"({"conversations":[
         {"id":"123","created_at":1776070000,"updated_at":1776081000,"source":{"type":"email","body":"<p>Where?</p>","author":{"type":"user","id":"u7"}},"statistics":{"count_conversation_parts":3}},
         {"id":"124","created_at":1776070000,"updated_at":1776080000,"source":{"type":"email","body":"<p>Hm</p>","author":{"type":"user","id":"u8"}},"statistics":{"count_conversation_parts":0}}]})"},
        {"/conversations/123",
         R"({"id":"123","state":"open","source":{"type":"email"},"conversation_parts":{"conversation_parts":[
         {"id":"1","part_type":"comment","body":"<p>We look.</p>","created_at":1776071000,"author":{"type":"admin","id":"9"}},
         {"id":"2","part_type":"open","body":null,"created_at":1776072000,"author":{"type":"user","id":"u7"}},
         {"id":"3","part_type":"comment","body":"<p>Still waiting.</p>","created_at":1776073000,"updated_at":1776073000,"author":{"type":"user","id":"u7"}}]}})"}},
       {"123", "123/3", "124"},
       {"https://api.intercom.io/conversations/123"}});
  out.push_back({"chatwoot",
                 settings_of({{"account", word("3")}, {"credential", word("key")}}),
                 {{"/conversations?", R"({"data":{"payload":[
         {"id":7,"last_activity_at":1776080000,"meta":{"sender":{"id":91}},"messages":[{"id":503,"content":"We look.","message_type":1,"created_at":1776080000,"private":false,"conversation_id":7}]},
         {"id":8,"last_activity_at":1776070000,"meta":{"sender":{"id":92}},"messages":[]}]}})"},
                  {"/conversations?assignee_type=all&page=2", R"({"data":{"payload":[]}})"},
                  {"/conversations/7/messages", R"({"meta":{"contact":{"id":91}},"payload":[
         {"id":501,"content":"My invoice is wrong.","message_type":0,"created_at":1776078000,"private":false,"conversation_id":7},
         {"id":502,"content":"And twice.","message_type":0,"created_at":1776079000,"private":false,"conversation_id":7},
         {"id":503,"content":"We look.","message_type":1,"created_at":1776080000,"private":false,"conversation_id":7}]})"}},
                 {"app.chatwoot.com/3/messages/501", "app.chatwoot.com/3/messages/502"},
                 {"https://app.chatwoot.com/api/v1/accounts/3/conversations/7/messages"}});
  return out;
}

std::vector<Shipped> shipped_platforms() {
  const auto list = [](const char* text) { return Setting{std::vector<std::string>{text}, ""}; };
  const Setting key{std::string("key"), ""};
  std::vector<Shipped> out;
  const auto comment = [](const std::string& id, const char* parent) {
    return R"({"id":")" + id + R"(","snippet":{"textOriginal":"t","publishedAt":"2026-04-13T10:00:00Z")" +
           (*parent != 0 ? std::string(R"(,"parentId":")") + parent + "\"" : std::string()) + "}}";
  };
  out.push_back(
      {"youtube",
       settings_of({{"videos", list("v1")}, {"credential", key}}),
       {{"/commentThreads", R"({"items":[
         {"id":"T1","snippet":{"videoId":"v1","totalReplyCount":3,"topLevelComment":)" +
                                comment("T1", "") + R"(},"replies":{"comments":[)" + comment("T1.1", "T1") +
                                R"(]}},
         {"id":"T2","snippet":{"videoId":"v1","totalReplyCount":1,"topLevelComment":)" +
                                comment("T2", "") + R"(},"replies":{"comments":[)" + comment("T2.1", "T2") +
                                "]}}]}"},
        {"/comments?maxResults=100&parentId=T1",
         "{\"items\":[" + comment("T1.1", "T1") + "," + comment("T1.2", "T1") + R"(],"nextPageToken":"n"})"},
        {"maxResults=100&pageToken=n&", "{\"items\":[" + comment("T1.3", "T1") + "]}"}},
       {"T1", "T1.1", "T1.2", "T1.3", "T2", "T2.1"},
       {"https://www.googleapis.com/youtube/v3/"
        "comments?maxResults=100&parentId=T1&part=snippet&textFormat=plainText",
        "https://www.googleapis.com/youtube/v3/"
        "comments?maxResults=100&pageToken=n&parentId=T1&part=snippet&textFormat=plainText"}});
  out.push_back({"slack",
                 settings_of({{"channels", list("C1")}, {"credential", key}}),
                 {{"/conversations.history", R"({"ok":true,"has_more":false,"messages":[
         {"user":"U1","text":"later","ts":"1776080000.000001"},
         {"user":"U1","text":"down","ts":"1776070000.000001","thread_ts":"1776070000.000001","reply_count":1,"latest_reply":"1776075000.000002"}]})"},
                  {"/conversations.replies", R"({"ok":true,"has_more":false,"messages":[
         {"user":"U1","text":"down","ts":"1776070000.000001","thread_ts":"1776070000.000001","reply_count":1},
         {"user":"U2","text":"here too","ts":"1776075000.000002","thread_ts":"1776070000.000001","parent_user_id":"U1"}]})"}},
                 {"C1:1776070000.000001", "C1:1776075000.000002", "C1:1776080000.000001"},
                 {"https://slack.com/api/conversations.replies?channel=C1&limit=200&ts=1776070000.000001"}});
  out.push_back(
      {"stack_exchange",
       settings_of({{"queries", list("fernwave")}}),
       {{"/search/advanced", R"({"has_more":false,"items":[
         {"question_id":77,"title":"a","body":"b","creation_date":1776070000,"answer_count":1},
         {"question_id":78,"title":"a","body":"b","creation_date":1776071000,"answer_count":0},
         {"question_id":79,"title":"a","body":"b","creation_date":1776072000,"answer_count":2}]})"},
        {"/answers", R"({"has_more":false,"items":[
         {"answer_id":501,"question_id":77,"creation_date":1776073000,"body":"c"},
         {"answer_id":502,"question_id":79,"creation_date":1776073000,"body":"c"}]})"}},
       {"stackoverflow/answer/501", "stackoverflow/answer/502", "stackoverflow:77", "stackoverflow:78",
        "stackoverflow:79"},
       {"https://api.stackexchange.com/2.3/questions/79%3B77/"
        "answers?filter=withbody&order=desc&page=1&pagesize=100&site=stackoverflow&sort=creation"}});
  out.push_back({"lemmy",
                 settings_of({{"queries", list("fernwave")}}),
                 {{"type_=Posts", R"({"posts":[
         {"post":{"id":1,"name":"Routers","published":"2026-04-13T08:00:00Z","ap_id":"https://l.example/post/1"},"creator":{"name":"bo"},"counts":{"comments":2}},
         {"post":{"id":2,"name":"Quiet","published":"2026-04-13T07:00:00Z","ap_id":"https://l.example/post/2"},"creator":{"name":"bo"},"counts":{"comments":0}}]})"},
                  {"/comment/list", R"({"comments":[
         {"comment":{"content":"mine too","published":"2026-04-13T09:00:00Z","ap_id":"https://l.example/comment/9"},"post":{"ap_id":"https://l.example/post/1"},"creator":{"name":"cy"},"counts":{}}]})"},
                  {"&page=2&", R"({"posts":[],"comments":[]})"}},
                 {"https://l.example/comment/9", "https://l.example/post/1", "https://l.example/post/2"},
                 {"https://lemmy.world/api/v3/comment/list?limit=50&page=1&post_id=1&sort=New",
                  "https://lemmy.world/api/v3/comment/list?limit=50&page=2&post_id=1&sort=New"}});
  out.push_back(
      {"facebook",
       settings_of({{"pages", list("17")}, {"credential", key}}),
       {{"/17/feed", R"({"data":[
         {"id":"17_5","message":"p","created_time":"2026-04-13T08:00:00+0000","comments":{"data":[
           {"id":"17_5_3","message":"new","created_time":"2026-04-13T10:00:00+0000","comment_count":0}],
           "paging":{"cursors":{"after":"A1"},"next":"https://graph.facebook.com/x"},"summary":{"total_count":3}}},
         {"id":"17_4","message":"q","created_time":"2026-04-13T07:00:00+0000","comments":{"data":[],"summary":{"total_count":0}}}]})"},
        {"after=A1", R"({"data":[{"id":"17_5_2","message":"older","created_time":"2026-04-13T09:00:00+0000"}],
         "paging":{"cursors":{"after":"A2"},"next":"https://graph.facebook.com/x"}})"},
        {"after=A2", R"({"data":[{"id":"17_5_1","message":"oldest","created_time":"2026-04-13T08:30:00+0000",
         "parent":{"id":"17_5_2"}}],"paging":{"cursors":{"after":"A3"}}})"}},
       {"17_4", "17_5", "17_5_1", "17_5_2", "17_5_3"},
       {"https://graph.facebook.com/v21.0/17_5/"
        "comments?after=A1&fields=id%2Cmessage%2Ccreated_time%2Cfrom%2Cparent%2Cpermalink_url%2Clike_count%"
        "2Ccomment_"
        "count&filter=stream&limit=100&order=reverse_chronological",
        "https://graph.facebook.com/v21.0/17_5/"
        "comments?after=A2&fields=id%2Cmessage%2Ccreated_time%2Cfrom%2Cparent%2Cpermalink_url%2Clike_count%"
        "2Ccomment_"
        "count&filter=stream&limit=100&order=reverse_chronological"}});
  std::ranges::move(shipped_help_desks(), std::back_inserter(out));
  return out;
}

}  // namespace

TEST_CASE("shipped platforms ask about their threads, wherever they are cut",
          "[connectors][declarative][follow]") {
  for (const auto& platform : shipped_platforms())
    for (std::size_t lost = 0; lost < 6; ++lost) {
      CAPTURE(platform.name, lost);
      FakeHttpClient http;
      FakeClock clock(now);
      std::vector<std::string> asked;
      http.respond_with([&](const net::HttpRequest& request) {
        const std::string* answer = nullptr;
        for (const auto& [part, body] : platform.answers)
          if (request.url.find(part) != std::string::npos) answer = &body;  // the last that fits
        const bool follows = std::ranges::find(platform.follow, request.url) != platform.follow.end();
        if (follows && (asked.empty() || asked.back() != request.url)) asked.push_back(request.url);
        return answer != nullptr ? make_reply(200, *answer) : make_reply(404, "{}");
      });
      auto run = poll(platform.name, platform.settings, http, clock, {}, lost);
      CAPTURE(run.error ? run.error->message : "");
      REQUIRE_FALSE(run.error);
      CHECK(std::vector<std::string>(run.ids.begin(), run.ids.end()) == platform.ids);
      CHECK(asked == platform.follow);
      CHECK(run.gaps.empty());
      // Nobody was answered since: nobody is asked about.
      const auto before = asked.size();
      run = poll(platform.name, platform.settings, http, clock, std::move(run));
      CHECK(asked.size() == before);
    }
}

TEST_CASE("a conversation is read back to the message that was heard", "[connectors][declarative][follow]") {
  const auto message = [](int id) {
    return R"({"id":)" + std::to_string(id) + R"(,"content":"m","message_type":0,"created_at":)" +
           std::to_string(1'776'000'000 + id) + R"(,"private":false,"conversation_id":7})";
  };
  int last = 45;
  std::vector<std::string> asked;
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) {
    if (request.url.find("/messages") == std::string::npos) {
      const bool first = request.url.find("page=1&") != std::string::npos;
      return make_reply(200,
                        R"({"data":{"payload":[)" +
                            (first ? R"({"id":7,"last_activity_at":)" + std::to_string(1'776'000'000 + last) +
                                         R"(,"messages":[)" + message(last) + "]}"
                                   : "") +
                            "]}}");
    }
    asked.push_back(query_value(request.url, "before").value_or("latest"));
    const int end = asked.back() == "latest" ? last + 1 : std::stoi(asked.back());
    std::string list;
    for (int id = std::max(1, end - 20); id < end; ++id) list += (list.empty() ? "" : ",") + message(id);
    return make_reply(200, R"({"payload":[)" + list + "]}");
  });
  const auto settings =
      settings_of({{"account", {std::string("3"), ""}}, {"credential", {std::string("key"), ""}}});
  auto run = poll("chatwoot", settings, http, clock);
  CHECK(run.ids.size() == 45);
  CHECK(asked == std::vector<std::string>{"latest", "26", "6"});
  asked.clear();
  last = 48;
  run = poll("chatwoot", settings, http, clock, std::move(run));
  CHECK(run.ids.size() == 48);
  CHECK(asked == std::vector<std::string>{"latest"});
}

TEST_CASE("a recorded page shows whom it would be asked about", "[connectors][declarative][follow]") {
  const auto platforms = shipped_platforms();
  const auto& youtube = platforms.front();
  auto connector = make_connector("youtube", youtube.settings);
  auto reading = connector->read_recorded("https://www.googleapis.com/youtube/v3/commentThreads?videoId=v1",
                                          youtube.answers[0].second, now);
  REQUIRE(reading);
  const auto has = [&](const char* line) {
    return std::ranges::find(reading->findings, line) != reading->findings.end();
  };
  CHECK(has("read as stream `video`"));
  CHECK(has("item 0: follow replies  asks about \"T1\", marked \"3\""));
  CHECK(has("item 1: follow replies"));
  reading = connector->read_recorded("https://www.googleapis.com/youtube/v3/comments?parentId=T1",
                                     youtube.answers[1].second, now);
  REQUIRE(reading);
  CHECK(has("read as follow `replies`"));
  REQUIRE(reading->page);
  CHECK(reading->page->mentions.size() == 2);
}

TEST_CASE("all comments of a discussion are heard, and the replies to them",
          "[connectors][declarative][follow]") {
  const auto said = [](const std::string& id, const std::string& more = {}) {
    return R"({"url":"https://github.com/a/b/discussions/1#)" + id +
           R"(","body":"acme","createdAt":"2026-04-13T09:00:00Z","upvoteCount":0,"author":{"__typename":"User","login":"ann"},"isMinimized":false)" +
           more + "}";
  };
  const auto page = [&](const std::string& nodes, const char* next) {
    return R"({"data":{"node":{"comments":{"pageInfo":{"hasNextPage":)" +
           std::string(*next != 0 ? "true" : "false") + R"(,"endCursor":")" + next + R"("},"nodes":[)" +
           nodes + "]}}}}";
  };
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) {
    if (request.body.find("search(") != std::string::npos)
      return make_reply(
          200,
          R"({"data":{"search":{"pageInfo":{"hasNextPage":false},"nodes":[{"id":"D_1","url":"https://github.com/a/b/discussions/1","title":"acme","body":"b","createdAt":"2026-04-13T08:00:00Z","updatedAt":"2026-04-13T09:00:00Z","comments":{"totalCount":3,"nodes":[)" +
              said("c3") + "]}}]}}}");
    CHECK(request.body.find(R"("id":"D_1")") != std::string::npos);
    const auto answered = [&](const char* id) {
      return said(id, R"(,"replies":{"nodes":[)" + said(std::string(id) + "r") + "]}");
    };
    if (request.body.find(R"("after":"P2")") != std::string::npos)
      return make_reply(200, page(said("c3", R"(,"replies":{"nodes":[]})"), ""));
    return make_reply(200, page(answered("c1") + "," + answered("c2"), "P2"));
  });
  const auto connector =
      make_connector("github", settings_of({{"queries", {std::vector<std::string>{"acme"}, ""}},
                                            {"discussions", {true, ""}},
                                            {"credential", {std::string("key"), ""}}}));
  connectors::Stream stream{.name = "discussions:acme"};
  const std::string thread = "https://github.com/a/b/discussions/1";
  std::map<std::string, std::string> heard;  // and to what each is the answer
  std::optional<Cursor> cursor;
  for (int asked = 0; asked < 3; ++asked) {
    auto fetched = fetch_once(*connector, http, clock, stream, cursor);
    INFO((fetched ? std::string() : fetched.error().message));
    REQUIRE(fetched);
    for (const auto& mention : fetched->mentions)
      heard[mention.native_id.substr(thread.size())] =
          mention.in_reply_to.empty() ? std::string() : mention.in_reply_to.substr(thread.size());
    cursor = fetched->cursor;
    CHECK(fetched->more == (asked < 2));
  }
  CHECK(heard.at("#c1") == "");
  CHECK(heard.at("#c1r") == "#c1");
  CHECK(heard.at("#c2r") == "#c2");
  CHECK(heard.at("#c3") == "");
  CHECK(heard.size() == 6);
}
