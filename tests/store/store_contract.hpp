#pragma once
// The promises every backend keeps; each backend's test file provides `open_fresh()` and includes this.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "core/model/identity.hpp"
#include "store/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temp_dir.hpp"

namespace earshot::test {

struct Fixture {
  std::unique_ptr<store::Store> store;
  BrandId brand;
  SourceId source;
  std::int64_t epoch = 0;

  explicit Fixture(std::unique_ptr<store::Store> opened) : store(std::move(opened)) {
    brand = *store->ensure_brand("Fernwave");
    source = *store->ensure_source("social", "mastodon");
  }

  store::Receipt write(std::vector<store::ScoredMention> items) {
    store::Batch batch{.source = source,
                       .stream = "tag:fernwave",
                       .epoch = epoch,
                       .mentions = std::move(items),
                       .cursor = Cursor{.schema = 1, .json = "{\"n\":" + std::to_string(epoch) + "}"},
                       .now = from_ms(monday_ms)};
    auto receipts = store->write(std::span(&batch, 1));
    REQUIRE(receipts);
    epoch = receipts->front().epoch;
    return receipts->front();
  }

  /// Everything that must not depend on the order of arrival.
  std::vector<std::string> state() {
    auto reader = *store->reader();
    std::vector<std::string> out;
    for (const auto& row : *reader->mentions({.brand = brand, .limit = 10'000})) {
      out.push_back(std::to_string(row.id.value) + "|" + row.text + "|" + std::to_string(row.deleted) + "|" +
                    std::to_string(static_cast<int>(row.verdict.polarity)) + "|" + row.author_handle);
      for (const auto& product : row.verdict.products)
        out.back() += "|" + product.product + std::to_string(static_cast<int>(product.polarity));
    }
    for (const auto& row : *reader->products(brand, from_ms(0), from_ms(monday_ms * 2)))
      out.push_back(row.product + ":" + std::to_string(row.mentions) + "," + std::to_string(row.negative));
    for (const auto& row : *reader->hours(brand, from_ms(0), from_ms(monday_ms * 2)))
      out.push_back(std::to_string(to_ms(row.hour_at)) + ":" + std::to_string(row.mentions) + "," +
                    std::to_string(row.negative) + "," + std::to_string(row.positive) + "," +
                    std::to_string(row.authors.estimate()) + "," +
                    std::to_string(row.negative_authors.estimate()));
    return out;
  }

  /// Makes everything that was written findable by words.
  void index() {
    auto indexer = store->indexer();
    REQUIRE(indexer);
    for (bool more = true; more;) {
      auto taken = (*indexer)->advance();
      REQUIRE(taken);
      more = *taken;
    }
  }

  void rollups_agree() {
    auto differences = store->verify_rollups();
    REQUIRE(differences);
    CHECK(*differences == std::vector<std::string>{});
  }
};

/// With a database in a file; one that is there already goes on where it was.
inline Fixture fresh(const TempDir& dir) {
  auto opened = store::open_store(dir.file("earshot.db"));
  REQUIRE(opened);
  Fixture f(std::move(*opened));
  f.epoch = f.store->stream(f.source, "tag:fernwave")->epoch;
  return f;
}

}  // namespace earshot::test
