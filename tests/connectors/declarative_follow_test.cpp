// What is asked further about the items of a page: the set of mentions is the same wherever a walk is cut and
// whatever goes wrong between two pages, old threads are heard again, and none of it is without a bound.
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <sstream>

#include "connectors/declarative/declarative.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;
using connectors::Setting;
using connectors::declarative::read_platform;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);
constexpr std::int64_t hour_s = 3600;

/// A forum whose list shows two answers of a thread; the others are to be had three at a time.
class Forum {
 public:
  struct Thread {
    std::int64_t id, at, answers;
  };
  static constexpr std::size_t list_size = 4, answers_size = 3, shown = 2;

  explicit Forum(const Clock& clock) : clock_(clock) {}
  /// A thread an hour, the last one an hour ago; every other one is answered a lot.
  void fill(std::int64_t count) {
    const auto start = to_ms(clock_.now()) / 1000 - count * hour_s;
    for (std::int64_t i = 0; i < count; ++i)
      threads.push_back({100 + i, start + i * hour_s, i % 2 == 0 ? i % 9 : 1});
  }
  std::set<std::string> all_ids() const {
    std::set<std::string> out;
    for (const auto& thread : threads) {
      out.insert(std::to_string(thread.id));
      for (std::int64_t i = 0; i < thread.answers; ++i) out.insert(answer_id(thread, i));
    }
    return out;
  }
  std::size_t asked(const char* path) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(urls, [&](const std::string& url) { return parse_url(url)->path == path; }));
  }

  std::vector<Thread> threads;  // oldest first
  std::vector<std::string> urls;

  net::HttpReply operator()(const net::HttpRequest& request) {
    urls.push_back(request.url);
    const auto parameter = [&](const char* name) { return query_value(request.url, name).value_or(""); };
    const auto page = parameter("page").empty() ? 0 : std::stoull(parameter("page"));
    return parse_url(request.url)->path == "/answers" ? answers(parameter("of"), parameter("after"), page)
                                                      : list(parameter("since"), page);
  }

 private:
  static std::string answer_id(const Thread& thread, std::int64_t i) {
    return std::to_string(thread.id) + "." + std::to_string(i);
  }
  static void write_answer(JsonWriter& out, const Thread& thread, std::int64_t i) {
    out.begin_object()
        .field("id", answer_id(thread, i))
        .field("at", thread.at + 60 * (i + 1))
        .field("text", "answer")
        .end_object();
  }

  net::HttpReply list(const std::string& since, std::size_t page) const {
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    std::size_t index = 0;
    bool more = false;
    for (auto thread = threads.rbegin(); thread != threads.rend(); ++thread) {
      if (!since.empty() && thread->at < std::stoll(since)) continue;
      const auto own = index++ / list_size;
      more = more || own > page;
      if (own != page) continue;
      out.begin_object().field("id", thread->id).field("at", thread->at).field("text", "thread");
      out.field("count", thread->answers).key("shown").begin_array();
      for (std::int64_t i = 0; i < std::min<std::int64_t>(thread->answers, shown); ++i)
        write_answer(out, *thread, i);
      out.end_array().end_object();
    }
    out.end_array();
    if (more) out.field("next", std::to_string(page + 1));
    return make_reply(200, out.end_object().str());
  }

  net::HttpReply answers(const std::string& ids, const std::string& after, std::size_t page) const {
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    std::size_t index = 0;
    bool more = false;
    for (const auto id : split(ids, ';'))
      for (const auto& thread : threads) {
        if (std::to_string(thread.id) != id) continue;
        for (std::int64_t i = after.empty() ? 0 : std::stoll(after); i < thread.answers; ++i) {
          const auto own = index++ / answers_size;
          more = more || own > page;
          if (own == page) write_answer(out, thread, i);
        }
      }
    out.end_array();
    if (more) out.field("next", std::to_string(page + 1));
    return make_reply(200, out.end_object().str());
  }

  const Clock& clock_;
};

const std::string head = R"(platform = "toy"
summary = "s"
access = "a"
terms = "t"
base = "https://a.example"
[items]
at = "/items"
each = ["", "/shown"]
[page]
kind = "token"
at = "page:/next"
[fields]
native_id = "/id"
text = "/text"
created_at = "/at"
[[stream]]
name = "all"
path = "/list"
query = { since = ["{cursor}", "{start}"], page = "{page}" }
)";
const std::string by_time =
    "[cursor]\nkind = \"time\"\nvalue = \"/at\"\nformat = \"epoch_s\"\noverlap = \"2h\"\n";
const std::string by_id = "[cursor]\nkind = \"descending_id\"\nvalue = \"/at\"\nformat = \"epoch_s\"\n";
const std::string follow_one = R"([[follow]]
name = "answers"
when = { at = "/count", more_than = "/shown" }
id = "/id"
mark = "/count"
path = "/answers"
query = { of = "{ids}", page = "{page}" }
items = { at = "/items" }
)";
const std::string follow_newer = R"([[follow]]
name = "answers"
when = { at = "/count", more_than = 2 }
id = "/id"
mark = "/count"
path = "/answers"
query = { of = "{ids}", page = "{page}", after = "{heard}" }
items = { at = "/items" }
)";
const std::string follow_many = R"([[follow]]
name = "answers"
of = "all"
when = { at = "/count", more_than = "/shown" }
id = "/id"
mark = "/count"
batch = 3
separator = ";"
path = "/answers"
query = { of = "{ids}", page = "{page}" }
items = { at = "/items" }
)";

struct Way {
  const char* name;
  std::string file;
};
const Way ways[] = {{"time, one at a time", by_time + follow_one},
                    {"time, several at once", by_time + follow_many},
                    {"ids, one at a time", by_id + follow_one},
                    {"ids, what is newer", by_id + follow_newer},
                    {"ids, several at once", by_id + follow_many}};

struct Bench {
  explicit Bench(const std::string& file) {
    const auto path = folder.file("toy.toml");
    std::ofstream(path) << head << file;
    settings = settings_of({{"file", {path, ""}}});
    http.respond_with([this](const net::HttpRequest& request) { return forum(request); });
  }
  void poll_once(std::size_t lose_page = SIZE_MAX) {
    run = poll("declarative", settings, http, clock, std::move(run), lose_page);
    CAPTURE(run.error ? run.error->message : "");
    REQUIRE_FALSE(run.error);
    REQUIRE(run.cursor);
    REQUIRE(run.cursor->json.size() < 64 * 1024);
  }

  TempDir folder;
  FakeClock clock{now};
  Forum forum{clock};
  FakeHttpClient http;
  connectors::Settings settings;
  Run run;
};

using Fault = std::function<net::HttpReply(const net::HttpReply& previous)>;

}  // namespace

TEST_CASE("a walk with follow-ups may be cut after any page", "[connectors][declarative][follow]") {
  for (const auto& way : ways)
    for (std::size_t lost = 0; lost < 24; ++lost) {
      CAPTURE(way.name, lost);
      Bench bench(way.file);
      bench.forum.fill(18);
      bench.poll_once(lost);
      CHECK(bench.run.ids == bench.forum.all_ids());
      CHECK(bench.run.gaps.empty());
      const auto before = bench.forum.urls.size();
      bench.poll_once();
      CHECK(bench.forum.urls.size() - before <= 2);  // what was asked about is not asked about again
    }
}

TEST_CASE("what goes wrong between a page and its follow-ups changes nothing",
          "[connectors][declarative][follow]") {
  const std::pair<const char*, Fault> faults[] = {
      {"429",
       [](const net::HttpReply&) {
         return make_reply(429, "slow down", {{"Retry-After", "2"}});
       }},
      {"503", [](const net::HttpReply&) { return make_reply(503, "<html>"); }},
      {"a page for people",
       [](const net::HttpReply&) { return make_reply(200, "<!DOCTYPE html><html></html>"); }},
      {"nothing", [](const net::HttpReply&) { return make_reply(200, ""); }},
      {"half a body",
       [](const net::HttpReply& before) {
         return make_reply(200, before.body.substr(0, before.body.size() / 2));
       }},
      {"another platform's page", [](const net::HttpReply&) { return make_reply(200, R"({"posts":[]})"); }},
  };
  for (const auto& way : ways)
    for (const auto& [name, fault] : faults)
      for (std::size_t bad = 0; bad < 12; ++bad) {
        CAPTURE(way.name, name, bad);
        Bench bench(way.file);
        bench.forum.fill(12);
        net::HttpReply previous = make_reply(503, "");
        std::size_t asked = 0;
        bool failed = false;
        bench.http.respond_with([&, &fault = fault](const net::HttpRequest& request) {
          if (asked++ == bad) {
            failed = true;
            return fault(previous);
          }
          return previous = bench.forum(request);
        });
        bench.run = poll("declarative", bench.settings, bench.http, bench.clock);
        REQUIRE(bench.run.error.has_value() == failed);
        if (!failed) continue;
        if (std::string_view(name) == "429")
          CHECK(bench.run.error->retry_after == std::chrono::milliseconds(2'000));
        bench.run.error.reset();
        bench.poll_once();
        CHECK(bench.run.ids == bench.forum.all_ids());
        CHECK(bench.run.gaps.empty());
      }
}

TEST_CASE("answers that come days later are heard, and only who was answered is asked about",
          "[connectors][declarative][follow]") {
  for (auto way : ways) {
    CAPTURE(way.name);
    const auto end = way.file.find("[[follow]]");
    way.file.insert(end, "reread = \"5d\"\nreread_every = \"1d\"\n");
    Bench bench(way.file);
    bench.forum.fill(60);
    bench.poll_once();
    REQUIRE(bench.run.ids == bench.forum.all_ids());
    bench.clock.advance(std::chrono::hours(2));
    bench.forum.threads[4].answers = 6;  // two days old, and out of every overlap
    auto before = bench.forum.urls.size();
    bench.poll_once();
    CHECK(bench.forum.urls.size() - before <= 1);
    CHECK_FALSE(bench.run.ids.contains("104.5"));
    bench.clock.advance(std::chrono::hours(23));
    before = bench.forum.asked("/answers");
    bench.poll_once();
    CHECK(bench.run.ids == bench.forum.all_ids());
    CHECK(bench.forum.asked("/answers") - before <= 2);
    before = bench.forum.urls.size();
    bench.poll_once();
    CHECK(bench.forum.urls.size() - before <= 1);  // once a day
    CHECK(bench.run.gaps.empty());
  }
}

TEST_CASE("of a thread that was heard only what is newer is asked for", "[connectors][declarative][follow]") {
  Bench bench(by_time + follow_newer);
  bench.forum.fill(1);
  bench.forum.threads[0].answers = 9;
  bench.poll_once();
  CHECK(bench.forum.asked("/answers") == 3);
  bench.forum.threads[0].answers = 11;
  bench.poll_once();
  CHECK(bench.run.ids == bench.forum.all_ids());
  CHECK(bench.forum.asked("/answers") == 4);
  CHECK(query_value(bench.forum.urls.back(), "after") == std::optional<std::string>("9"));
}

TEST_CASE("a poll asks so often and no more, the newest first, and the rest is not lost",
          "[connectors][declarative][follow]") {
  auto file = by_time + follow_one;
  file.insert(file.find("path ="), "most = 3\n");
  Bench bench(file);
  bench.forum.fill(18);
  for (auto& thread : bench.forum.threads) thread.answers = 3;
  bench.poll_once();
  CHECK(bench.forum.asked("/answers") == 3);
  CHECK(bench.run.ids.contains("117.2"));
  CHECK_FALSE(bench.run.ids.contains("100.2"));
  CHECK(bench.run.gaps.empty());
  // What is new goes before what was left over.
  bench.clock.advance(std::chrono::hours(1));
  bench.forum.threads.push_back({200, to_ms(bench.clock.now()) / 1000 - 600, 3});
  bench.poll_once();
  CHECK(bench.run.ids.contains("200.2"));
  for (int polls = 0; polls < 6; ++polls) {
    const auto before = bench.forum.asked("/answers");
    bench.poll_once();
    CHECK(bench.forum.asked("/answers") - before <= 3);
  }
  CHECK(bench.run.ids == bench.forum.all_ids());
  CHECK(bench.run.gaps.empty());
}

TEST_CASE("what there is no room for is a gap", "[connectors][declarative][follow]") {
  auto file = by_time + follow_one;
  file.insert(file.find("path ="),
              "most = 1\nvalues = { note = \"https://a.example/{/id}/" + std::string(150, 'x') + "\" }\n");
  Bench bench(file);
  bench.forum.fill(160);
  for (auto& thread : bench.forum.threads) thread.answers = 3;
  bench.poll_once();
  REQUIRE(bench.run.gaps.size() >= 1);
  CHECK(bench.run.gaps[0].reason == "follow_cap");
  CHECK(bench.run.gaps[0].to == now);
}

TEST_CASE("an answer without end is cut, and noted", "[connectors][declarative][follow]") {
  auto file = by_time + follow_one;
  Bench bench(file);
  bench.forum.fill(1);
  bench.forum.threads[0].answers = 500;
  bench.poll_once();
  CHECK(bench.forum.asked("/answers") == 10);
  REQUIRE(bench.run.gaps.size() == 1);
  CHECK(bench.run.gaps[0].reason == "page_cap");
  // A server that gives the same page for ever.
  bench.http.respond_with([&](const net::HttpRequest& request) {
    if (parse_url(request.url)->path == "/list") return bench.forum(request);
    return make_reply(200, R"({"items":[{"id":"x","at":1776083000,"text":"x"}],"next":"1"})");
  });
  bench.forum.threads[0].answers = 501;
  bench.poll_once();
  REQUIRE(bench.run.gaps.size() == 2);
  CHECK(bench.run.gaps[1].reason == "repeated");
}

TEST_CASE("who cannot be asked about holds up nobody", "[connectors][declarative][follow]") {
  struct Case {
    int status;
    std::size_t gaps;
  };
  for (const auto& item : {Case{404, 0}, Case{410, 0}, Case{403, 1}, Case{400, 1}}) {
    CAPTURE(item.status);
    Bench bench(by_time + follow_one);
    bench.forum.fill(9);
    const auto refused = "https://a.example/answers?of=106";
    bench.http.respond_with([&](const net::HttpRequest& request) {
      return request.url == refused ? make_reply(item.status, "{}") : bench.forum(request);
    });
    bench.poll_once();
    auto wanted = bench.forum.all_ids();
    for (int i = 2; i < 6; ++i) wanted.erase("106." + std::to_string(i));
    CHECK(bench.run.ids == wanted);
    REQUIRE(bench.run.gaps.size() == item.gaps);
    if (item.gaps > 0) CHECK(bench.run.gaps[0].reason == "follow_refused");
    const auto before = bench.http.requests().size();
    bench.poll_once();
    for (auto i = before; i < bench.http.requests().size(); ++i)
      CHECK(bench.http.requests()[i].url != refused);  // not before its count has changed
  }
}

TEST_CASE("a file that asks about nothing any more forgets what it owed",
          "[connectors][declarative][follow]") {
  auto file = by_time + follow_one;
  file.insert(file.find("path ="), "most = 1\n");
  Bench bench(file);
  bench.forum.fill(12);
  bench.poll_once();
  REQUIRE(bench.run.cursor->json.find("\"owed\":[{") != std::string::npos);
  std::ofstream(bench.folder.file("toy.toml")) << head << by_time;
  bench.poll_once();
  CHECK(bench.run.cursor->json.find("\"owed\":[{") == std::string::npos);
}

TEST_CASE("every mistake in a follow-up is named with its place", "[connectors][declarative][follow]") {
  const auto read = read_platform(head + R"(reread = "5d"
[[stream]]
name = "other"
path = "/other"
[cursor]
kind = "ascending_id"
value = "/id"
reread = "1d"
[[follow]]
name = "answers"
of = ["al", "other"]
when = { at = "/count", more_then = "/shown" }
idd = "/id"
batch = 5
values = { title = "/title", ids = "/x" }
path = "/answers/{id}"
query = { after = "{heard}" }
items = { att = "/items" }
[[follow]]
name = "answers"
id = "/id"
mark = "mark"
path = "/answers/{ids}"
)",
                                  "toy.toml");
  REQUIRE_FALSE(read);
  const auto& message = read.error().message;
  INFO(message);
  for (const char* wanted :
       {"cursor: `reread` goes with `kind` `time` or `descending_id`",
        "follow: `of` `al` is no stream; did you mean `all`?",
        "follow: unknown key `more_then`; did you mean `more_than`?",
        "follow: unknown key `idd`; did you mean `id`?", "follow: `id` is missing",
        "follow: `mark` is missing", "`values` are those of one item: they go without `batch`",
        "the name `ids` is taken", "follow: `{id}` is no setting; did you mean `ids`?",
        "follow: `{heard}` is no setting", "items: unknown key `att`; did you mean `at`?",
        "follow: has no `items.at`", "follow: asks about nobody: {ids} stands nowhere in it",
        "follow: `name` `answers` is used twice", "follow: `mark`: a pointer begins with '/'"})
    CHECK(message.find(wanted) != std::string::npos);
}

TEST_CASE("the documented follow-up is one", "[connectors][declarative][follow]") {
  std::ifstream file(EARSHOT_SOURCE_DIR "/docs/connectors/declarative.md");
  std::stringstream text;
  text << file.rdbuf();
  const auto page = text.str();
  const auto begin = page.find("```toml\n[[follow]]");
  REQUIRE(begin != std::string::npos);
  auto sample = head + by_time + page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
  sample.replace(sample.find("name = \"all\""), 12, "name = \"questions\"");
  const auto platform = read_platform(sample, "toy.toml");
  CAPTURE(platform ? std::string() : platform.error().message);
  REQUIRE(platform);
  REQUIRE(platform->streams.front().follows.size() == 1);
  CHECK(platform->streams.front().follows.front().most == 20);
}
