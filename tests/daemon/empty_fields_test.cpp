#include "daemon/empty_fields.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::daemon;

TEST_CASE("what the items of a page lack is counted, field by field", "[daemon][drift]") {
  const auto full = Mention{.platform = "x",
                            .native_id = "1",
                            .text = "Acme works",
                            .url = "https://x.example/1",
                            .author = {.id = "ann"},
                            .created_at = from_ms(1'000),
                            .fetched_at = from_ms(2'000)};
  auto bare = full;
  bare.text.clear();
  bare.url.clear();
  bare.author = {};
  bare.created_at = bare.fetched_at;
  auto titled = full;  // an article may have no more than its title, an account no more than its handle
  titled.text.clear();
  titled.title = "Acme works";
  titled.author = {.handle = "ann"};
  auto gone = bare;
  gone.deleted = true;
  const Mention page[] = {full, bare, titled, gone};
  const auto counted = count_empty_fields(page);
  CHECK(counted.items == 3);
  CHECK(counted.empty == std::array<std::int64_t, 4>{1, 1, 1, 1});
  CHECK(count_empty_fields({}).items == 0);
  bare.url = full.url;
  const Mention other[] = {bare};
  CHECK(count_empty_fields(other).empty == std::array<std::int64_t, 4>{1, 1, 0, 1});
}
