#include "analysis/text/query_parser.hpp"

#include <catch2/catch.hpp>

#include "analysis/text/query_match.hpp"

using namespace earshot::analysis;

TEST_CASE("operators bind as documented", "[analysis][query]") {
  struct Row {
    const char* query;
    const char* canonical;
  };
  const Row rows[] = {
      {"fernwave", "\"fernwave\""},
      {"a1 b1 OR c1", "((\"a1\" AND \"b1\") OR \"c1\")"},
      {"a1 AND NOT b1", "(\"a1\" AND NOT \"b1\")"},
      {"a1 -b1", "(\"a1\" AND NOT \"b1\")"},
      {"\"slow wifi\" NEAR/5 router", "(\"slow wifi\" NEAR/5 \"router\")"},
      {"a1 ONEAR/2 b1 c1", "((\"a1\" ONEAR/2 \"b1\") AND \"c1\")"},
      {"(a1 OR b1) c1", "((\"a1\" OR \"b1\") AND \"c1\")"},
      {"case:UN", "case:\"UN\""},
      {"case:\"Fern Wave\"", "case:\"Fern Wave\""},
      {"exact:\"C++\"", "exact:\"C++\""},
      {"author:@Ann lang:en", "(author:\"ann\" AND lang:\"en\")"},
      {"#Fern @Help", "(#fern AND @help)"},
      {"FERN* w?ve", "(\"fern*\" AND \"w?ve\")"},
      {"well-known", "\"well known\""},
  };
  for (const auto& row : rows) {
    INFO(row.query);
    const auto parsed = parse_query(row.query);
    REQUIRE(parsed);
    CHECK(to_string(*parsed) == row.canonical);
    // The canonical spelling means the same.
    const auto again = parse_query(to_string(*parsed));
    REQUIRE(again);
    CHECK(to_string(*again) == row.canonical);
  }
}

TEST_CASE("a broken query says where and what", "[analysis][query]") {
  struct Row {
    const char* query;
    const char* message;
  };
  const Row rows[] = {
      {"", "column 1: the query is empty"},
      {"a1 AND", "column 7: a word is missing at the end"},
      {"(a1 OR b1", "column 1: the bracket is not closed"},
      {"a1)", "column 3: this ')' closes nothing"},
      {"\"a1", "column 1: the quote is not closed"},
      {"a1 NEAR b1", "column 4: write NEAR/n, such as NEAR/5"},
      {"a1 NEAR/0 b1", "column 4: NEAR/n needs a distance from 1 to 100"},
      {"a1 NEAR/3 lang:en", "column 11: NEAR joins words, phrases and groups of them with OR"},
      {"OR a1", "column 1: a word is missing before the operator"},
      {"()", "column 1: the brackets are empty"},
      {"author:", "column 1: author: needs a value"},
      {"!!!", "column 1: there is no word in '!!!'"}};
  for (const auto& row : rows) {
    INFO(row.query);
    const auto parsed = parse_query(row.query);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().message == row.message);
  }
  CHECK_FALSE(parse_query(std::string(5'000, '(')));
  CHECK_FALSE(parse_query(std::string(5'000, '-') + "a"));
  CHECK_FALSE(parse_query(std::string(20'000, 'a')));
}

TEST_CASE("a query that matches everything is found out", "[analysis][query]") {
  for (const char* wide : {"NOT fernwave", "lang:en", "source:mastodon", "*", "a*", "the", "x",
                           "fernwave OR the", "lang:en NOT fernwave", "(NOT a1) OR fernwave"}) {
    INFO(wide);
    CHECK_FALSE(lint_query(*parse_query(wide)).empty());
  }
  for (const char* fine : {"fernwave", "fern*", "the fernwave", "fernwave lang:en", "case:IT", "author:ann",
                           "\"the who\"", "#it", "exact:\"C++\""}) {
    INFO(fine);
    CHECK(lint_query(*parse_query(fine)).empty());
  }
}

TEST_CASE("patterns match whole words in linear time", "[analysis][query]") {
  CHECK(glob("fern*", "fernwave"));
  CHECK(glob("*wave", "fernwave"));
  CHECK(glob("f?rn*e", "fernwave"));
  CHECK(glob("m?ller", "müller"));
  CHECK_FALSE(glob("fern", "fernwave"));
  CHECK_FALSE(glob("fern?", "fern"));
  CHECK_FALSE(glob("a*a*a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

TEST_CASE("a control character in a query is a mistake with its place", "[analysis][query]") {
  const auto parsed = parse_query(std::string_view("fern\0wave", 9));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().message == "column 5: a control character");
}
