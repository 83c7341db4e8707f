// Detection on a real stream with a known event: airline posts of February 2015, where a winter storm
// cancelled thousands of flights from the 22nd on. The posts are not part of the repository; without them
// nothing is checked.
#include <simdjson.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "analysis/text/analyser.hpp"
#include "connectors/normalise.hpp"
#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"
#include "insight/backtest.hpp"
#include "tests/support/temp_dir.hpp"

using namespace earshot;

namespace {

const std::filesystem::path stream_file =
    std::filesystem::path(EARSHOT_SOURCE_DIR) / ".." / "shared/sentiment/dev/airline_stream.jsonl";

std::string text_of(simdjson::dom::element e, const char* key) {
  std::string_view out;
  return e[key].get(out) == simdjson::SUCCESS ? std::string(out) : std::string();
}

/// The stream in a store, each airline a brand, judged by the analyser.
struct Stream {
  std::unique_ptr<store::Store> store;
  std::map<std::string, BrandId> brands;
  Timestamp first = {}, last = {};
};

Stream load(const std::string& file) {
  Stream out;
  out.store = *store::open_store(file);
  const auto source = *out.store->ensure_source("x", "x");
  const auto analyser = *analysis::Analyser::create({});
  analysis::Scratch scratch;
  simdjson::dom::parser parser;
  store::Batch batch{.source = source, .stream = "all"};
  for (const simdjson::dom::element e : parser.load_many(stream_file.string())) {
    std::string_view airline;
    if (e["tags"].at(0).get(airline) != simdjson::SUCCESS) continue;
    const std::string name(airline);
    if (!out.brands.contains(name)) out.brands[name] = *out.store->ensure_brand(name);
    Mention m;
    m.platform = "x";
    m.native_id = text_of(e, "id");
    m.text = text_of(e, "text");
    m.author.id = text_of(e["author"], "id");
    m.created_at = m.fetched_at = *parse_rfc3339(text_of(e, "created_at"));
    if (out.first == Timestamp{}) out.first = m.created_at;
    out.last = std::max(out.last, m.created_at);
    store::ScoredMention item{.mention = std::move(m)};
    const std::vector<Match> matches = {{.brand = out.brands[name], .kind = MatchKind::source}};
    item.verdicts = analyser->analyse(item.mention, matches, analysis::WithEvidence::no, scratch);
    item.fingerprint = connectors::text_fingerprint(item.mention.text);
    batch.mentions.push_back(std::move(item));
  }
  batch.now = out.last;
  REQUIRE(out.store->write(std::span(&batch, 1)));
  return out;
}

}  // namespace

TEST_CASE("the storm of a real stream is raised, with few alarms before it", "[insight][backtest][stream]") {
  if (!std::filesystem::exists(stream_file)) {
    WARN("the airline stream is not here: nothing was checked");
    return;
  }
  test::TempDir dir;
  auto stream = load(dir.file("earshot.db"));
  auto reader = *stream.store->reader();
  const auto storm = *parse_rfc3339("2015-02-22T00:00:00Z");
  double weeks_before = 0;
  std::size_t before = 0, raised = 0;
  for (const auto& [name, brand] : stream.brands) {
    const insight::JobInput input{
        .reader = *reader, .brand = brand, .brand_name = name, .now = stream.last + std::chrono::hours(1)};
    const auto found = *insight::backtest(input, 9, {});
    weeks_before += std::chrono::duration<double, std::ratio<604800>>(storm - stream.first).count();
    bool storm_raised = false;
    for (const auto& alarm : found.alarms) {
      std::printf(
          "%-15s %s %s, first author %.2f h before, %lld people, %.0f in an hour, expected %.1f, alarm at "
          "%.1f\n",
          name.c_str(), format_rfc3339(alarm.detected_at).c_str(), alarm.issue.c_str(),
          alarm.hours_to_detect(), static_cast<long long>(alarm.authors), alarm.observed, alarm.expected,
          alarm.threshold);
      CHECK(alarm.hours_to_detect() >= 0);
      CHECK(alarm.hours_to_detect() <= 6);
      if (alarm.detected_at < storm)
        ++before;
      else
        storm_raised = true;
    }
    raised += storm_raised ? 1 : 0;
  }
  std::printf("%zu brands: storm raised for %zu; %zu alarms in %.1f brand-weeks before it\n",
              stream.brands.size(), raised, before, weeks_before);
  CHECK(stream.brands.size() == 6);
  CHECK(raised >= 3);
  CHECK(before <= 2);
}
