#pragma once
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace earshot::test {

/// A day in the life of a store, drawn from a seed: everything that writes takes its turn. Each step is one
/// promise: when it returns well, whoever asked is told that it is kept.
class Day {
 public:
  /// Opens the database, or makes it, and puts its names there.
  static Result<Day> begin(const std::string& database, std::uint64_t seed);

  /// What comes next. A step that has nothing to work on writes pages instead.
  Status step();
  /// The last step once more, as it was drawn.
  Status again();
  std::string_view last() const { return last_; }
  /// Writes one page of each stream; what every step of the day rests upon.
  Status pages();
  /// Lets the index take in everything that waits.
  Status index();
  store::Store& store() { return *store_; }
  BrandId brand() const { return brand_; }

 private:
  using Step = Status (Day::*)();
  Day() = default;
  Status open();
  store::ScoredMention post();
  /// So many of the newest mentions, or fewer; `gone` where there is none.
  Result<std::vector<MentionId>> some(std::size_t count);
  /// Pages, where nothing was there to work on.
  Status instead(const Error& error);
  Timestamp now();

  Status report();
  Status label();
  Status unlabel();
  Status find_waiting();
  Status decide_waiting();
  Status decide_story();
  Status find_pages();
  Status find_terms();
  Status find_incidents();
  Status find_ideas();
  Status decide_idea();
  Status decide_incident();
  Status find_misled();
  Status find_baseline();
  Status campaign();
  Status claim();
  Status route();
  Status lease();
  Status settle();
  Status give_up();
  Status requeue();
  Status erase();
  Status settle_erasure();
  Status purge();
  Status rescore();
  Status index_some();
  Status checkpoint();
  Status restart();

  std::string database_;
  std::mt19937_64 random_, random_before_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Indexer> indexer_;
  std::string_view last_ = "begin";
  BrandId brand_ = {};
  std::vector<SourceId> sources_;
  std::vector<std::int64_t> leased_, leased_before_;
  int steps_ = 0;
};

/// Words that mentions of a day are made of, each in many of them.
const std::vector<std::string>& words_of_day();

}  // namespace earshot::test
