#include "net/event_stream.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace earshot;
using namespace earshot::net;

namespace {

std::vector<std::string> lines_of(const std::vector<std::string>& pieces) {
  LineSplitter splitter;
  std::vector<std::string> lines;
  for (const auto& piece : pieces) {
    REQUIRE(splitter.add(piece));
    while (const auto line = splitter.next()) lines.emplace_back(*line);
  }
  return lines;
}

std::vector<StreamEvent> events_of(const std::vector<std::string>& pieces) {
  EventReader reader;
  std::vector<StreamEvent> events;
  for (const auto& piece : pieces) {
    REQUIRE(reader.add(piece));
    for (;;) {
      auto event = reader.next();
      REQUIRE(event);
      if (!*event) break;
      events.push_back(std::move(**event));
    }
  }
  return events;
}

}  // namespace

TEST_CASE("lines end with LF, CR or CRLF and may be cut anywhere", "[net][event_stream]") {
  const std::string text = "one\r\ntwo\rthree\n\n\r\nfour\r\n";
  const std::vector<std::string> wanted = {"one", "two", "three", "", "", "four"};
  CHECK(lines_of({text}) == wanted);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    CAPTURE(cut);
    CHECK(lines_of({text.substr(0, cut), text.substr(cut)}) == wanted);
  }
  std::vector<std::string> bytes;
  for (const char c : text) bytes.emplace_back(1, c);
  CHECK(lines_of(bytes) == wanted);
  CHECK(lines_of({"no end"}).empty());
}

TEST_CASE("a line without an end is given up at its limit, many short ones are not", "[net][event_stream]") {
  LineSplitter splitter(100);
  CHECK(splitter.add(std::string(60, 'a')));
  const auto status = splitter.add(std::string(60, 'a'));
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::too_large);
  LineSplitter many(100);
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "line\n";
  CHECK(many.add(text));
}

TEST_CASE("the examples of the standard are read as it says, wherever they are cut", "[net][event_stream]") {
  const auto [text, wanted] = GENERATE(table<std::string, std::vector<StreamEvent>>({
      {"data: YHOO\ndata: +2\ndata: 10\n\n", {{"", "YHOO\n+2\n10", ""}}},
      {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
       {{"", "first event", "1"}, {"", "second event", ""}, {"", " third event", ""}}},
      {"data\n\ndata\ndata\n\ndata:", {{"", "", ""}, {"", "\n", ""}}},
      {"data:test\n\ndata: test\n\n", {{"", "test", ""}, {"", "test", ""}}},
      {"event: add\r\ndata: 7\r\n\r\nevent: gone\r\n\r\ndata: 8\r\n\r\n", {{"add", "7", ""}, {"", "8", ""}}},
      {"\xEF\xBB\xBF"
       "data: a\rid: 5\r\rdata: b\r\r",
       {{"", "a", "5"}, {"", "b", "5"}}},
      {"id: x" + std::string(1, '\0') + "y\nunknown: z\ndata: a\n\n:thump\n\n", {{"", "a", ""}}},
  }));
  CAPTURE(text);
  CHECK(events_of({text}) == wanted);
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    CHECK(events_of({text.substr(0, cut), text.substr(cut)}) == wanted);
}

TEST_CASE("retry counts when it is digits alone, and an event has a limit", "[net][event_stream]") {
  EventReader reader(64);
  REQUIRE(reader.add("retry: 12x\n\n"));
  REQUIRE(reader.next());
  CHECK_FALSE(reader.retry());
  REQUIRE(reader.add("retry: 2500\n\n"));
  REQUIRE(reader.next());
  CHECK(reader.retry() == std::chrono::milliseconds(2'500));
  REQUIRE(reader.add("data: " + std::string(40, 'a') + "\ndata: " + std::string(40, 'b') + "\n"));
  const auto event = reader.next();
  REQUIRE_FALSE(event);
  CHECK(event.error().kind == ErrorKind::too_large);
}
