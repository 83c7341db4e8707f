#include "connectors/import/import_reader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "core/base/time_format.hpp"

using namespace earshot;
using namespace earshot::connectors::import;

namespace {

const Timestamp now = from_ms(1'776'083'057'000);

ImportBatch read(std::string_view bytes, std::size_t piece = SIZE_MAX, ImportOptions options = {}) {
  options.now = now;
  ImportReader reader(std::move(options));
  ImportBatch batch;
  for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size() - at))
    reader.push(bytes.substr(at, piece), batch);
  reader.finish(batch);
  return batch;
}

const std::string sample =
    "\xEF\xBB\xBF{\"platform\":\"x\",\"id\":\"1\",\"text\":\"caf\\u00e9 "
    "\\ud83d\\ude00\",\"created_at\":\"2026-04-13T10:00:00Z\",\"url\":\"https://a.example/?utm_source=b\","
    "\"author\":{\"id\":\"7\",\"handle\":\"@ann\",\"name\":\"Ann\",\"followers\":12},\"engagement\":{"
    "\"likes\":3,\"views\":0}}\r\n"
    "\n"
    "{\"created_at\":1776080000,\"text\":\"x\",\"id\":9007199254740993,\"platform\":\"y\",\"colour\":\"red\","
    "\"nested\":{\"a\":[1, 2]},\"rating\":4.5,\"tags\":[\"a\",\"b\"],\"kind\":\"review\"}\n"
    "{\"platform\":\"x\",\"id\":\"3\",\"text\":\"t\"}\n"
    "not json\n"
    "{\"platform\":\"x\",\"id\":\"4\",\"text\":\"a\xFF\",\"created_at\":1776080000123}\n"
    "{\"platform\":\"x\",\"id\":\"5\",\"text\":5,\"created_at\":1776080000}\n"
    "{\"platform\":\"x\",\"id\":\"6\",\"text\":\"t\",\"created_at\":\"soon\"}\n"
    "[1]\n"
    "{\"platform\":\"x\",\"id\":\"7\",\"created_at\":1776080000,\"deleted\":true}\n"
    "{\"platform\":\"x\",\"id\":\"8\",\"text\":\"t\",\"created_at\":1776080000,\"kind\":\"rumour\"}\n"
    "{\"platform\":\"x\",\"id\":\"9\",\"text\":\"t\",\"created_at\":1776080000} trailing\n"
    "{\"platform\":\"x\",\"id\":\"10\",\"text\":\"last\",\"created_at\":1776080000}";

}  // namespace

TEST_CASE("NDJSON lines become mentions or errors with their number", "[connectors][import]") {
  const auto batch = read(sample);
  REQUIRE(batch.mentions.size() == 5);
  const auto& first = batch.mentions[0].mention;
  CHECK(batch.mentions[0].line == 1);
  CHECK(first.text == "caf\xC3\xA9 \xF0\x9F\x98\x80");
  CHECK(first.url == "https://a.example/");
  CHECK(first.author.handle == "ann");
  CHECK(first.author.followers == 12);
  CHECK(first.engagement.views == 0);
  CHECK(first.fetched_at == now);
  const auto& second = batch.mentions[1].mention;
  CHECK(batch.mentions[1].line == 3);
  CHECK(second.native_id == "9007199254740993");
  CHECK(second.extra == "{\"colour\":\"red\",\"nested\":{\"a\":[1, 2]}}");
  CHECK(second.rating == 4.5);
  CHECK(second.kind == MentionKind::review);
  CHECK(to_ms(batch.mentions[2].mention.created_at) == 1'776'080'000'123);
  CHECK(batch.mentions[2].mention.text == "a\xEF\xBF\xBD");
  CHECK(batch.mentions[3].mention.deleted);
  CHECK(batch.mentions[4].mention.text == "last");
  const std::vector<ImportError> expected{
      {4, "`created_at` is missing"},
      {5, "not JSON: "},
      {7, "`text` must be a string"},
      {8, "`created_at` must be an RFC 3339 date or epoch seconds or milliseconds"},
      {9, "the line is not an object"},
      {11, "`kind` must be one of post, comment, review, article, ticket, survey, message"},
      {12, "not JSON: "},
  };
  REQUIRE(batch.errors.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(batch.errors[i].line == expected[i].line);
    CHECK(batch.errors[i].reason.starts_with(expected[i].reason));
  }
}

TEST_CASE("the pieces in which a file comes do not matter", "[connectors][import]") {
  const auto whole = read(sample);
  for (std::size_t piece = 1; piece < 200; piece += 7) {
    const auto batch = read(sample, piece);
    CAPTURE(piece);
    REQUIRE(batch.errors == whole.errors);
    REQUIRE(batch.mentions.size() == whole.mentions.size());
    for (std::size_t i = 0; i < batch.mentions.size(); ++i)
      REQUIRE(batch.mentions[i].mention == whole.mentions[i].mention);
  }
}

TEST_CASE("a line over the limit is an error and the next one goes on", "[connectors][import]") {
  ImportOptions options;
  options.line_bytes_max = 200;
  const auto batch =
      read("{\"x\":\"" + std::string(1000, 'a') +
               "\"}\n{\"platform\":\"x\",\"id\":\"1\",\"text\":\"t\",\"created_at\":1776080000}\n",
           64, options);
  REQUIRE(batch.errors.size() == 1);
  CHECK(batch.errors[0].line == 1);
  REQUIRE(batch.mentions.size() == 1);
  CHECK(batch.mentions[0].line == 2);
}

TEST_CASE("CSV rows are read through a column map", "[connectors][import]") {
  ImportOptions options;
  options.format = Format::csv;
  options.platform = "survey";
  options.columns = {{"id", "Response"},
                     {"text", "What went wrong?"},
                     {"created_at", "Submitted"},
                     {"author.handle", "User"}};
  const auto batch = read(
      "\xEF\xBB\xBFResponse,Submitted,What went wrong?,User,rating,Region\r\n"
      "1,2026-04-13 10:00:00,\"It \"\"broke\"\",\ntwice\",ann,2,North\r\n"
      "2,never,x,bo,3,South\r\n"
      "3,2026-04-13\r\n"
      "4,Mon 13 Apr 2026 10:00:00 GMT,fine,,5,\r\n",
      10, options);
  REQUIRE(batch.mentions.size() == 2);
  const auto& first = batch.mentions[0];
  CHECK(first.line == 2);
  CHECK(first.mention.platform == "survey");
  CHECK(first.mention.text == "It \"broke\",\ntwice");
  CHECK(first.mention.rating == 2);
  CHECK(first.mention.author.handle == "ann");
  CHECK(first.mention.extra == "{\"Region\":\"North\"}");
  CHECK(format_rfc3339(batch.mentions[1].mention.created_at) == "2026-04-13T10:00:00Z");
  CHECK(batch.errors == std::vector<ImportError>{{4, "`created_at` must be a date, not \"never\""},
                                                 {5, "2 fields where the header has 6"}});

  options.columns["text"] = "Nope";
  const auto refused = read("Response,Submitted,User\n1,2,3\n", 100, options);
  CHECK(refused.mentions.empty());
  REQUIRE(refused.errors.size() == 1);
  CHECK(refused.errors[0].reason.find("Nope") != std::string::npos);
}

TEST_CASE("reading lines is fast", "[connectors][import]") {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i)
    bytes +=
        "{\"platform\":\"x\",\"id\":\"" + std::to_string(i) +
        "\",\"text\":\"The fernwave router dropped the connection twice today and support has not answered\","
        "\"created_at\":\"2026-04-13T10:00:00Z\",\"url\":\"https://a.example/" +
        std::to_string(i) +
        "\",\"author\":{\"id\":\"7\",\"handle\":\"ann\",\"name\":\"Ann\",\"followers\":12}}\n";
  const auto begin = std::chrono::steady_clock::now();
  const auto batch = read(bytes, 1 << 16);
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  CHECK(batch.mentions.size() == 20'000);
  std::cout << "import: " << static_cast<int>(20'000 / seconds) << " lines/s, "
            << static_cast<int>(static_cast<double>(bytes.size()) / seconds / 1e6) << " MB/s\n";
}

TEST_CASE("the fast reader of lines and the careful one agree", "[connectors][import]") {
  // An empty `extra` brings nothing, but only the careful reader takes it.
  const auto both = [](const std::string& members) {
    const auto fast = read("{" + members + "}"), careful = read("{" + members + R"(,"extra":{}})");
    CAPTURE(members);
    CHECK(fast.mentions.size() == careful.mentions.size());
    REQUIRE(fast.errors == careful.errors);
    for (std::size_t i = 0; i < std::min(fast.mentions.size(), careful.mentions.size()); ++i)
      CHECK(fast.mentions[i].mention == careful.mentions[i].mention);
    return fast.mentions.size();
  };
  const std::string base = R"("platform":"x","id":"1","text":"t","created_at":1776080000)";
  const char* more[] = {
      R"("tags":["a","#B","a"])",
      R"("tags":["a",5])",
      R"("tags":"a")",
      R"("tags":null)",
      R"("in_reply_to":"","conversation":null)",
      R"("in_reply_to":77,"conversation":"c")",
      R"("in_reply_to":[1])",
      R"("in_reply_to":1.5e3)",
      R"("colour":"r\u00e9d\n","size" : 12 ,"on":true,"off": false,"none":null)",
      R"("nested":{"a":[1, 2,{"b":"c"}],"d":{}},"list":[ ],"deep":[[[[[[[[[[1]]]]]]]]]])",
      R"("k\"ey":1,"\u00e9":2)",
      R"("broken":tru)",
      R"("broken":{"a":tru})",
      R"("broken":[01])",
      R"("broken":{"a":"\q"})",
      R"("big":123456789012345678901234567890,"tiny":1e-400)",
      R"("author":{"id":5,"handle":"@ann","bot":true})",
      R"("author":"ann","rating":4.5)",
      R"("engagement":{"likes":-3})",
      R"("engagement":{"likes":null,"views":2})",
      R"("kind":"review","deleted":true)",
      R"("url":"https://A.example/?utm_source=b","lang":"en-GB","title":" a  b ")",
      R"("text":"again","id":"2")",
      R"("created_at":"2026-04-13T10:00:00Z")",
      R"("created_at":null)",
  };
  std::size_t good = both(base);
  for (const auto* members : more)
    good += both(base + "," + members) + both(std::string(members) + "," + base);
  CHECK(good > 30);
}
