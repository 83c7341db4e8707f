#include "tests/store/crash/recovery.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "store/sqlite/database.hpp"
#include "store/sqlite/search_index.hpp"

namespace earshot::test {
namespace {

using store::sqlite::Access;
using store::sqlite::Database;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

/// What is found by words is what the mentions say, in the reader's eyes and in the index itself.
std::vector<std::string> misfound(store::Store& store, Database& main, Database& index) {
  std::vector<std::string> out;
  auto reader = store.reader();
  if (!reader) return {"no reader: " + reader.error().message};
  for (const auto& word : words_of_day()) {
    const auto rows = (*reader)->mentions({.search = word, .limit = 10'000});
    const auto there =
        main.integer(("SELECT count(*) FROM mention WHERE text LIKE '%" + word + "%'").c_str());
    const auto indexed =
        index.integer(("SELECT count(*) FROM mention_fts WHERE mention_fts MATCH '" + word + "'").c_str());
    if (!rows || !there || !indexed)
      out.push_back("'" + word + "' cannot be looked for");
    else if (static_cast<std::int64_t>(rows->size()) != *there || *indexed != *there)
      out.push_back("'" + word + "' is in " + std::to_string(*there) + ", found in " +
                    std::to_string(rows->size()) + ", indexed in " + std::to_string(*indexed));
  }
  return out;
}

}  // namespace

std::size_t Recording::acknowledged(std::size_t at) const {
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(at),
                    [](const Event& event) { return event.kind == Event::Kind::acknowledge; }));
}

std::string database_in(const TempDir& dir) { return dir.file("earshot.db"); }

void put_key(const std::string& folder) {
  const auto path = std::filesystem::path(folder) / "earshot.db.key";
  std::ofstream(path) << std::string(64, '7');
  std::filesystem::permissions(path,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

Files furnished(std::uint64_t seed) {
  TempDir dir;
  put_key(dir.path().string());
  const Disk quick({});
  {
    auto day = Day::begin(database_in(dir), seed);
    INFO((day ? "" : day.error().message));
    REQUIRE(day);
    for (int i = 0; i < 8; ++i) REQUIRE(day->pages());
    REQUIRE(day->index());
  }
  return read_files(dir.path().string());
}

Recording record(std::uint64_t seed, int steps) {
  TempDir dir;
  write_files(dir.path().string(), furnished(seed));
  Recording out;
  Disk disk(dir.path().string());
  {
    auto day = Day::begin(database_in(dir), seed);
    REQUIRE(day);
    out.states.push_back(contents_of(database_in(dir)));
    for (int i = 0; i < steps; ++i) {
      const auto status = day->step();
      INFO("step " << i << " " << day->last() << (status ? "" : status.error().message));
      REQUIRE(status);
      disk.acknowledge();
      CHECK(*day->store().verify_rollups() == std::vector<std::string>{});
      out.states.push_back(contents_of(database_in(dir)));
      out.steps.emplace_back(day->last());
    }
  }
  out.before = disk.before();
  out.events = disk.events();
  return out;
}

std::vector<std::string> complaints(const std::string& database, std::uint64_t seed,
                                    const std::vector<const Contents*>& allowed, Keys keys, Rollups rollups) {
  std::vector<std::string> out;
  auto day = Day::begin(database, seed + 1'000'003);
  if (!day) return {"does not open: " + day.error().message};
  auto main = Database::open(database, Access::read_only);
  if (!main) return {"cannot be read: " + main.error().message};
  const auto found = contents_of(*main);
  if (std::ranges::none_of(allowed, [&](const auto* one) { return differences(*one, found, keys).empty(); }))
    for (const auto* one : allowed)
      out.push_back("differs in " + joined(differences(*one, found, keys)) + " from what may be there");
  if (const auto said = integrity(*main); said != "ok") out.push_back("integrity: " + said);
  if (const auto status = day->index(); !status) out.push_back("index: " + status.error().message);
  auto index = Database::open(store::sqlite::search_path(database), Access::read_only);
  if (!index) return {"the index cannot be read: " + index.error().message};
  const auto wrong = misfound(day->store(), *main, *index);
  out.insert(out.end(), wrong.begin(), wrong.end());
  if (const auto said = integrity(*index); said != "ok") out.push_back("integrity of the index: " + said);
  // What was found is exactly what was there, with rollups that were right; so must they be after what comes.
  if (const auto status = day->pages(); !status) out.push_back("does not go on: " + status.error().message);
  if (rollups == Rollups::made_by_hand) return out;
  const auto differ = day->store().verify_rollups();
  if (!differ) out.push_back("rollups cannot be verified: " + differ.error().message);
  if (differ && !differ->empty()) out.push_back("rollups: " + differ->front());
  return out;
}

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace earshot::test
