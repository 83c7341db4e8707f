#include "core/base/csv.hpp"

#include <catch2/catch.hpp>

using namespace earshot;

namespace {

std::vector<CsvRow> read(std::string_view bytes, std::size_t piece = 1000) {
  CsvReader reader;
  std::vector<CsvRow> rows;
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.push(bytes.substr(at, piece), rows);
  reader.finish(rows);
  return rows;
}

}  // namespace

TEST_CASE("CSV rows come out with their lines, however the bytes are cut", "[core][csv]") {
  const std::string bytes = "\xEF\xBB\xBFid,text\r\n1,\"a \"\"b\"\",\r\nc\"\n\n2,\r3,x";
  const std::vector<CsvRow> expected{
      {1, {"id", "text"}}, {2, {"1", "a \"b\",\r\nc"}}, {5, {"2", ""}}, {6, {"3", "x"}}};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    CAPTURE(piece);
    REQUIRE(read(bytes, piece) == expected);
  }
}

TEST_CASE("damaged CSV keeps its best reading", "[core][csv]") {
  CHECK(read("a,\"b").front() == CsvRow{1, {"a", "b"}, true});
  CHECK(read("a,\"b\"c,d\n").front() == CsvRow{1, {"a", "bc", "d"}, true});
  CHECK(read("a,b\"c\n").front() == CsvRow{1, {"a", "b\"c"}, false});
  CHECK(read("").empty());
  CHECK(read("\n\r\n").empty());
  CHECK(read(",").front().fields.size() == 2);
}

TEST_CASE("a row has a limit", "[core][csv]") {
  CsvReader reader(',', 100);
  std::vector<CsvRow> rows;
  reader.push("\"" + std::string(1000, 'x') + "\",y\nz\n" + std::string(1000, ',') + "\n", rows);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].damaged);
  CHECK(rows[0].fields[0].size() == 100);
  CHECK(rows[1].fields == std::vector<std::string>{"z"});
  CHECK(rows[2].fields.size() < 10);
}

TEST_CASE("written CSV reads back, and formulas are defused", "[core][csv]") {
  const std::string_view fields[] = {"plain", "a,b", "q\"q", "line\nbreak", "", " padded", "-5.2", "+1"};
  const auto rows = read(csv_line(fields));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].fields == std::vector<std::string>(std::begin(fields), std::end(fields)));
  const std::string_view evil[] = {"=cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1"};
  CHECK(csv_line(evil) == "\"'=cmd|' /C calc'!A0\",\"'@SUM(1)\",\"'-2+3\",\"'\t=1\"\r\n");
}
