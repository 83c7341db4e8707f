// What IMAP servers say, in order and out of it.
#include "net/imap_reply.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::net::imap;

namespace {

std::vector<Response> responses(std::string_view bytes, std::size_t piece, ResponseReader& reader) {
  std::vector<Response> out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.push(bytes.substr(at, piece));
    for (auto next = reader.next(); next && *next; next = reader.next()) out.push_back(std::move(**next));
  }
  return out;
}

}  // namespace

TEST_CASE("responses are cut at their ends, in any pieces, and literals hold anything", "[net][imap]") {
  const std::string bytes =
      "* OK ready\r\n* 1 FETCH (UID 7 BODY[]<0> {19}\r\nE1 OK done\r\n* BYE\r\n FLAGS (\\Seen))\r\nE1 OK "
      "really\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, bytes.size()}) {
    ResponseReader reader(100);
    const auto found = responses(bytes, piece, reader);
    REQUIRE(found.size() == 3);
    CHECK(found[0].line == "* OK ready");
    CHECK(found[1].literals == std::vector<std::string>{"E1 OK done\r\n* BYE\r\n"});
    CHECK(found[2].line == "E1 OK really");
  }
}

TEST_CASE("a server that sends more than was asked for is refused", "[net][imap]") {
  const auto refused = [](const std::string& bytes) {
    ResponseReader reader(100);
    reader.push(bytes);
    for (;;) {
      const auto next = reader.next();
      if (!next) return next.error().kind == ErrorKind::too_large;
      if (!*next) return false;
    }
  };
  CHECK(refused("* 1 FETCH (BODY[] {101}\r\n"));
  CHECK(refused("* 1 FETCH (BODY[] {99999999999999999}\r\n"));
  CHECK(refused("* OK " + std::string(70'000, 'x')));
  CHECK(refused("* OK " + std::string(70'000, 'x') + "\r\n"));
  std::string many = "* 1 FETCH (";
  for (int i = 0; i < 10; ++i) many += "{1}\r\nx ";
  CHECK(refused(many + ")\r\n"));
  CHECK_FALSE(refused("* 1 FETCH (BODY[] {99999999999999999999999}\r\n"));  // no number: a word of the line
  CHECK_FALSE(refused("* 1 FETCH (BODY[] {100}\r\nshort"));
}

TEST_CASE("a FETCH response gives number, time and bytes, wherever they stand", "[net][imap]") {
  const auto one = parse_fetch(Response{
      .line =
          R"(* 12 FETCH (FLAGS (\Seen "odd") INTERNALDATE " 2-Mar-2026 11:00:05 +0100" BODY[HEADER.FIELDS (DATE FROM)] "x" BODY[]<0> {5} UID 77))",
      .literals = {"hello"}});
  REQUIRE(one);
  CHECK(one->uid == 77);
  CHECK(one->body == "hello");
  CHECK(one->received_at == from_ms(1'772'445'605'000));
  CHECK(parse_fetch(Response{.line = R"(* 1 fetch (uid 3 body[] "quo\"ted"))"})->body == R"(quo"ted)");
  for (const auto* line :
       {"* 1 FETCH (UID 3 BODY[] NIL)", "* 1 FETCH (BODY[] \"x\")", "* 1 FETCH (UID 0 BODY[] \"x\")",
        "* 1 FETCH (UID 99999999999 BODY[] \"x\")", "* x FETCH (UID 1 BODY[] \"x\")", "* 1 EXISTS",
        "* SEARCH 1 2", "* 1 FETCH", "* 1 FETCH (UID", "E1 OK FETCH (UID 1)", ""})
    CHECK_FALSE(parse_fetch(Response{.line = line}));
}

TEST_CASE("numbers of SEARCH and of codes are read, and nothing else", "[net][imap]") {
  CHECK(parse_search("* SEARCH 2 84 882") == std::vector<std::uint32_t>{2, 84, 882});
  CHECK(parse_search("* SEARCH") == std::vector<std::uint32_t>{});
  CHECK(parse_search("* search 1 x -4 0 99999999999 7") == std::vector<std::uint32_t>{1, 7});
  CHECK_FALSE(parse_search("* OK 1"));
  CHECK(code_number("* OK [UIDVALIDITY 3857529045] valid", "UIDVALIDITY") == 3'857'529'045U);
  CHECK(code_number("* OK [uidnext 4]", "UIDNEXT") == 4U);
  for (const auto* line :
       {"* OK [UIDVALIDITY x]", "* OK [UIDVALIDITY 5", "* OK UIDVALIDITY 5]", "* OK [UIDVALIDITYX 5]"})
    CHECK_FALSE(code_number(line, "UIDVALIDITY"));
}
