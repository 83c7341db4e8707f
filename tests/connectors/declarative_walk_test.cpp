// Each kind of cursor and page against a server that keeps to it: the set of mentions is the same wherever
// the walk is cut, whatever goes wrong between two pages, and however often a page comes twice.
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>

#include "core/base/json_writer.hpp"
#include "core/base/url.hpp"
#include "tests/support/connector_driver.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);
const std::int64_t now_s = to_ms(now) / 1000;
constexpr std::size_t page_size = 5;

struct Item {
  std::int64_t id, at;
};

/// What the ways of paging share: the items in their order, and the request's parameters.
class Server {
 public:
  enum class Way { ascending, token, before, number, link, counted, by_body, opaque, conditional };
  explicit Server(Way way) : way_(way) {}

  void add(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      items_.push_back({1000 + next_, now_s - 80'000 + next_ * 60});
      ++next_;
    }
  }
  /// So many items that all changed in one second.
  void add_at_once(std::int64_t count) {
    const auto at = now_s - 80'000 + next_ * 60;
    for (std::int64_t i = 0; i < count; ++i) items_.push_back({1000 + next_++, at});
  }
  /// Changes the item at this place, which so becomes the newest.
  void change(std::ptrdiff_t place) {
    items_.push_back({items_[static_cast<std::size_t>(place)].id, now_s - 1});
    items_.erase(items_.begin() + place);
  }
  std::size_t size() const { return items_.size(); }
  std::size_t requests = 0, unchanged = 0;

  net::HttpReply operator()(const net::HttpRequest& request) {
    ++requests;
    const auto parameter = [&](const char* name, std::int64_t fallback) {
      const auto value = query_value(request.url, name);
      return value && !value->empty() ? std::stoll(*value) : fallback;
    };
    auto found = items_;
    const auto keep = [&](auto wanted) {
      std::erase_if(found, [&](const Item& item) { return !wanted(item); });
    };
    const auto page = static_cast<std::size_t>(parameter("page", 1));
    switch (way_) {
      case Way::ascending: keep([&](const Item& item) { return item.id > parameter("after", 0); }); break;
      case Way::opaque: keep([&](const Item& item) { return item.id > parameter("mark", 0); }); break;
      case Way::token:
        keep([&](const Item& item) { return item.id > parameter("since_id", 0); });
        std::ranges::reverse(found);
        break;
      case Way::before:
        keep([&](const Item& item) { return item.id <= parameter("before", 1 << 30); });
        std::ranges::reverse(found);
        break;
      case Way::number:
      case Way::conditional: std::ranges::reverse(found); break;
      case Way::counted:
      case Way::link: keep([&](const Item& item) { return item.at >= parameter("since", 0); }); break;
      case Way::by_body: {
        const auto at = request.body.find("\"since\":");
        const auto since = std::stoll(request.body.substr(at + 8));
        keep([&](const Item& item) { return item.at > since; });
      }
    }
    const bool first_only = way_ == Way::ascending || way_ == Way::opaque || way_ == Way::before;
    auto skip = first_only ? 0 : (page - 1) * page_size;
    if (way_ == Way::by_body)
      if (const auto at = request.body.find("\"next\":\""); at != std::string::npos)
        skip = static_cast<std::size_t>(std::stoll(request.body.substr(at + 8)));
    const auto end = std::min(found.size(), skip + page_size);
    const bool more = end < found.size();
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (auto i = std::min(skip, end); i < end; ++i)
      out.begin_object()
          .field("id", found[i].id)
          .field("at", found[i].at)
          .field("text", "t" + std::to_string(found[i].id))
          .end_object();
    out.end_array().field("more", more);
    if (more) out.field("next", std::to_string(way_ == Way::by_body ? end : page + 1));
    if (way_ == Way::opaque && end > skip) out.field("mark", std::to_string(found[end - 1].id));
    auto reply = make_reply(200, out.end_object().str());
    if (way_ == Way::link && more)
      reply.headers.add("Link", "<https://a.example/list?since=" + std::to_string(parameter("since", 0)) +
                                    "&page=" + std::to_string(page + 1) +
                                    ">; rel=\"next\", <x>; rel=\"last\"");
    if (way_ == Way::conditional && page == 1) {
      const auto tag = "\"" + std::to_string(items_.size()) + "\"";
      if (request.headers.find("If-None-Match") == std::optional<std::string_view>(tag)) {
        ++unchanged;
        return make_reply(304, "");
      }
      reply.headers.add("ETag", tag);
    }
    return reply;
  }

 private:
  Way way_;
  std::vector<Item> items_;
  std::int64_t next_ = 0;
};

const char* head = R"(platform = "toy"
summary = "s"
access = "a"
terms = "t"
base = "https://a.example"
[items]
at = "/items"
[fields]
native_id = "/id"
text = "/text"
created_at = "/at"
[[stream]]
name = "all"
path = "/list"
)";

struct Kind {
  const char* name;
  Server::Way way;
  const char* file;
};
const Kind kinds[] = {
    {"ascending ids", Server::Way::ascending,
     "query = { after = \"{cursor}\" }\n[cursor]\nkind = \"ascending_id\"\nvalue = \"/id\"\n[page]\nsize = "
     "5\n"},
    {"descending ids by token", Server::Way::token,
     "query = { since_id = \"{cursor}\", page = \"{page}\" }\n[cursor]\nkind = \"descending_id\"\nvalue = "
     "\"/id\"\n[page]\nkind = \"token\"\nat = \"/next\"\n"},
    {"descending ids by item", Server::Way::before,
     "query = { before = \"{page}\" }\n[cursor]\nkind = \"descending_id\"\nvalue = \"/id\"\n[page]\nkind = "
     "\"item\"\nat = \"/id\"\nadd = -1\n"},
    {"time, newest first, numbered", Server::Way::number,
     "query = { page = \"{page}\" }\n[cursor]\nkind = \"time\"\nvalue = \"/at\"\noverlap = "
     "\"5m\"\n[page]\nkind = "
     "\"number\"\nmore = \"/more\"\n"},
    {"time, oldest first, links", Server::Way::link,
     "query = { since = \"{cursor}\" }\n[cursor]\nkind = \"time\"\nvalue = \"/at\"\norder = "
     "\"oldest_first\"\nformat = \"epoch_s\"\noverlap = \"5m\"\n[page]\nkind = \"link\"\n"},
    {"time, oldest first, two pages at most", Server::Way::link,
     "query = { since = \"{cursor}\" }\n[cursor]\nkind = \"time\"\nvalue = \"/at\"\norder = "
     "\"oldest_first\"\nformat = \"epoch_s\"\noverlap = \"2m\"\n[page]\nkind = \"link\"\nmax = 2\n"},
    {"time, oldest first, numbered", Server::Way::counted,
     "query = { since = \"{cursor}\", page = \"{page}\" }\n[cursor]\nkind = \"time\"\nvalue = "
     "\"/at\"\norder = \"oldest_first\"\nformat = \"epoch_s\"\noverlap = \"2m\"\n[page]\nkind = "
     "\"number\"\nmore = \"/more\"\n"},
    {"time and token in a body", Server::Way::by_body,
     "method = \"POST\"\nbody = { since = \"{cursor|number}\", next = \"{page}\" }\n[cursor]\nkind = "
     "\"time\"\nvalue = \"/at\"\norder = \"oldest_first\"\nformat = \"epoch_s\"\noverlap = "
     "\"5m\"\n[page]\nkind = "
     "\"token\"\nat = \"/next\"\n"},
    {"the server's own cursor", Server::Way::opaque,
     "query = { mark = \"{cursor}\" }\n[cursor]\nkind = \"opaque\"\nvalue = \"/mark\"\n[page]\nmore = "
     "\"/more\"\n"},
    {"conditional", Server::Way::conditional,
     "query = { page = \"{page}\" }\n[page]\nkind = \"number\"\nmore = \"/more\"\n"},
};

connectors::Settings settings_for(const TempDir& folder, const std::string& body) {
  const auto path = folder.file("toy.toml");
  std::ofstream(path) << head << body;
  return settings_of({{"file", {path, ""}}});
}

using Fault = std::function<net::HttpReply(const net::HttpReply& previous)>;

/// Polls to the end although one request goes wrong, as the engine would: the failure costs a retry.
Run poll_through(const connectors::Settings& settings, Server& server, std::size_t bad_request,
                 const Fault& fault, Run run) {
  FakeHttpClient http;
  FakeClock clock(now);
  std::size_t asked = 0;
  net::HttpReply previous = make_reply(503, "");
  http.respond_with([&](const net::HttpRequest& request) {
    if (asked++ == bad_request) return fault(previous);
    previous = server(request);
    return previous;
  });
  for (int attempt = 0; attempt < 4; ++attempt) {
    run.error.reset();
    run = poll("declarative", settings, http, clock, std::move(run));
    if (!run.error) return run;
  }
  return run;
}

}  // namespace

TEST_CASE("a walk may be cut after any page", "[connectors][declarative]") {
  for (const auto& kind : kinds) {
    for (std::size_t lost = 0; lost < 9; ++lost) {
      CAPTURE(kind.name, lost);
      TempDir folder;
      const auto settings = settings_for(folder, kind.file);
      Server server(kind.way);
      server.add(33);
      FakeHttpClient http;
      FakeClock clock(now);
      http.respond_with([&](const net::HttpRequest& request) { return server(request); });
      auto run = poll("declarative", settings, http, clock, {}, lost);
      CAPTURE(run.error ? run.error->message : "");
      REQUIRE_FALSE(run.error);
      CHECK(run.ids.size() == server.size());
      server.add(17);
      run = poll("declarative", settings, http, clock, std::move(run), lost);
      REQUIRE_FALSE(run.error);
      CHECK(run.ids.size() == server.size());
      CHECK(run.gaps.empty());
      const auto before = server.requests;
      run = poll("declarative", settings, http, clock, std::move(run));
      CHECK(server.requests - before <= 4);  // a poll without news does not read everything again
      if (kind.way == Server::Way::conditional) CHECK(server.unchanged == 1);
    }
  }
}

TEST_CASE("what goes wrong between two pages changes nothing", "[connectors][declarative]") {
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
      {"the page before again", [](const net::HttpReply& before) { return before; }},
  };
  for (const auto& kind : kinds)
    for (const auto& [name, fault] : faults)
      for (std::size_t at = 0; at < 8; ++at) {
        CAPTURE(kind.name, name, at);
        TempDir folder;
        const auto settings = settings_for(folder, kind.file);
        Server server(kind.way);
        server.add(33);
        auto run = poll_through(settings, server, at, fault, {});
        CAPTURE(run.error ? run.error->message : "");
        REQUIRE_FALSE(run.error);
        server.add(17);
        run = poll_through(settings, server, at, fault, std::move(run));
        REQUIRE_FALSE(run.error);
        run = poll_through(settings, server, SIZE_MAX, fault, std::move(run));
        CHECK(run.ids.size() == server.size());
        CHECK(run.gaps.empty());
      }
}

TEST_CASE("an item that moves to the end during a walk takes none past it", "[connectors][declarative]") {
  for (const auto& kind : kinds) {
    if (std::string_view(kind.file).find("oldest_first") == std::string_view::npos) continue;
    for (std::size_t after = 1; after < 7; ++after) {
      CAPTURE(kind.name, after);
      TempDir folder;
      const auto settings = settings_for(folder, kind.file);
      Server server(kind.way);
      server.add(33);
      FakeHttpClient http;
      FakeClock clock(now);
      http.respond_with([&](const net::HttpRequest& request) {
        auto reply = server(request);
        if (server.requests >= after && server.requests < after + 3) server.change(1);
        return reply;
      });
      const auto run = poll("declarative", settings, http, clock);
      REQUIRE_FALSE(run.error);
      CHECK(run.ids.size() == server.size());
      CHECK(run.gaps.empty());
    }
  }
}

TEST_CASE("an item that is newer than its place on the page does not end the walk",
          "[connectors][declarative]") {
  TempDir folder;
  const auto settings = settings_for(folder, kinds[6].file);
  Server server(Server::Way::counted);
  server.add(33);
  FakeHttpClient http;
  FakeClock clock(now);
  // The index that a search puts in order lags behind the item that it shows.
  http.respond_with([&](const net::HttpRequest& request) {
    auto reply = server(request);
    const auto stale = "\"id\":1004,\"at\":" + std::to_string(now_s - 80'000 + 4 * 60);
    if (const auto at = reply.body.find(stale); at != std::string::npos)
      reply.body.replace(at, stale.size(), "\"id\":1004,\"at\":" + std::to_string(now_s - 2));
    return reply;
  });
  const auto run = poll("declarative", settings, http, clock);
  REQUIRE_FALSE(run.error);
  CHECK(run.ids.size() == server.size());
}

TEST_CASE("what changed in one moment may fill more than a page", "[connectors][declarative]") {
  for (const auto& kind : kinds) {
    if (std::string_view(kind.file).find("oldest_first") == std::string_view::npos) continue;
    CAPTURE(kind.name);
    TempDir folder;
    const auto settings = settings_for(folder, kind.file);
    Server server(kind.way);
    server.add(7);
    server.add_at_once(12);
    server.add(7);
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with([&](const net::HttpRequest& request) { return server(request); });
    const auto run = poll("declarative", settings, http, clock);
    REQUIRE_FALSE(run.error);
    if (std::string_view(kind.file).find("max = 2") == std::string_view::npos) {
      CHECK(run.ids.size() == server.size());
      CHECK(run.gaps.empty());
      continue;
    }
    CHECK(run.ids.contains("1025"));  // what comes after it is heard all the same
    REQUIRE(run.gaps.size() == 1);
    CHECK(run.gaps[0].reason == "page_cap");
    CHECK(run.gaps[0].from == from_ms((now_s - 80'000 + 7 * 60) * 1000));
  }
}

TEST_CASE("a page that leads to another server is not followed", "[connectors][declarative]") {
  TempDir folder;
  for (const auto* body :
       {"[cursor]\nkind = \"time\"\nvalue = \"/at\"\n[page]\nkind = \"link\"\n",
        "[cursor]\nkind = \"time\"\nvalue = \"/at\"\n[page]\nkind = \"url\"\nat = \"/next\"\n"}) {
    const auto settings = settings_for(folder, body);
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with([&](const net::HttpRequest&) {
      return make_reply(
          200, R"({"items":[{"id":1,"at":1776083000,"text":"x"}],"next":"https://evil.example/list"})",
          {{"Link", "<https://evil.example/list?page=2>; rel=next"}});
    });
    const auto run = poll("declarative", settings, http, clock);
    REQUIRE_FALSE(run.error);
    CHECK(http.requests().size() == 1);
    REQUIRE(run.gaps.size() == 1);
    CHECK(run.gaps[0].reason == "next_page_elsewhere");
  }
}

TEST_CASE("a server that never gets on ends with a gap, not in a loop", "[connectors][declarative]") {
  for (const auto& kind : kinds) {
    CAPTURE(kind.name);
    TempDir folder;
    const auto settings = settings_for(folder, kind.file);
    FakeHttpClient http;
    FakeClock clock(now);
    http.respond_with([&](const net::HttpRequest&) {
      return make_reply(
          200, R"({"items":[{"id":7,"at":1776083000,"text":"x"}],"more":true,"next":"2","mark":"m"})",
          {{"Link", "<https://a.example/list?page=2>; rel=\"next\""}});
    });
    const auto run = poll("declarative", settings, http, clock);
    REQUIRE_FALSE(run.error);
    CHECK(run.ids.size() == 1);
    CHECK(http.requests().size() <= 10);
  }
}

TEST_CASE("a walk that may not go on notes what it left", "[connectors][declarative]") {
  TempDir folder;
  auto settings = settings_for(folder, kinds[3].file);
  settings.set("pages_max", {std::int64_t{2}, ""});
  Server server(Server::Way::number);
  server.add(33);
  FakeHttpClient http;
  FakeClock clock(now);
  http.respond_with([&](const net::HttpRequest& request) { return server(request); });
  auto run = poll("declarative", settings, http, clock);
  CHECK(run.ids.size() == 10);
  REQUIRE(run.gaps.size() == 1);
  CHECK(run.gaps[0].reason == "page_cap");
  CHECK(run.gaps[0].to == from_ms((now_s - 80'000 + 23 * 60) * 1000));
}

TEST_CASE("items from the future do not carry the watermark away", "[connectors][declarative]") {
  TempDir folder;
  const auto settings = settings_for(folder, kinds[3].file);
  FakeHttpClient http;
  FakeClock clock(now);
  std::int64_t at = now_s + 900'000;
  http.respond_with([&](const net::HttpRequest&) {
    return make_reply(200, R"({"items":[{"id":)" + std::to_string(at) + R"(,"text":"x","at":)" +
                               std::to_string(at) + "}],\"more\":true}");
  });
  auto run = poll("declarative", settings, http, clock);
  at = now_s - 10;
  run = poll("declarative", settings, http, clock, std::move(run));
  CHECK(run.ids.contains(std::to_string(now_s - 10)));
  REQUIRE(run.cursor);
  CHECK(run.cursor->json.find(std::to_string(now_s + 900'000)) == std::string::npos);
}

TEST_CASE("ids that a server counts anew after a long silence are heard, higher or lower",
          "[connectors][declarative]") {
  const std::int64_t again[] = {17, 900'000'123};
  for (const auto anew : again) {
    CAPTURE(anew);
    FakeHttpClient http;
    FakeClock clock(now);
    const auto settings = settings_of({{"credential", {std::string("bot"), ""}}});
    std::vector<std::int64_t> updates = {500, 501};
    http.respond_with([&](const net::HttpRequest& request) {
      const auto offset = query_value(request.url, "offset");
      JsonWriter out;
      out.begin_object().field("ok", true).key("result").begin_array();
      for (const auto id : updates) {
        if (offset && id < std::stoll(*offset)) continue;
        // An offset above every number of the new count finds nothing.
        if (offset && updates.size() == 1 && std::stoll(*offset) <= 502) continue;
        out.begin_object().field("update_id", id).key("message").begin_object();
        out.field("message_id", id).field("date", now_s).field("text", "acme");
        out.key("chat").begin_object().field("id", std::int64_t{1}).end_object().end_object().end_object();
      }
      return make_reply(200, out.end_array().end_object().str());
    });
    auto run = poll("telegram", settings, http, clock);
    REQUIRE_FALSE(run.error);
    CHECK(run.ids.size() == 2);
    clock.advance(std::chrono::hours(24 * 5));
    run = poll("telegram", settings, http, clock, std::move(run));
    CHECK(query_value(http.last().url, "offset") == "502");
    clock.advance(std::chrono::hours(24 * 2));
    updates = {anew};
    run = poll("telegram", settings, http, clock, std::move(run));
    REQUIRE_FALSE(run.error);
    CHECK_FALSE(query_value(http.requests().at(http.requests().size() - 1).url, "offset").has_value());
    CHECK(run.ids.size() == 3);
    run = poll("telegram", settings, http, clock, std::move(run));
    CHECK(query_value(http.last().url, "offset") == std::to_string(anew + 1));
  }
}
