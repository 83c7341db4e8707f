#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tests/store/crash/contents.hpp"
#include "tests/store/crash/day.hpp"
#include "tests/store/crash/disk.hpp"
#include "tests/support/temp_dir.hpp"

namespace earshot::test {

/// A day as the disk saw it.
struct Recording {
  Files before = {};
  std::vector<Event> events = {};
  std::vector<Contents> states = {};    ///< at the beginning, and after each step
  std::vector<std::string> steps = {};  ///< their names

  /// Steps that were acknowledged before event `at`.
  std::size_t acknowledged(std::size_t at) const;
};

/// The key of deleted posts, the same every time: what two runs leave of them can be compared.
void put_key(const std::string& folder);

/// A database with some pages in it, made once for each seed.
Files furnished(std::uint64_t seed);
/// Fails the test when a step does.
Recording record(std::uint64_t seed, int steps);

/// The file of the store within a folder.
std::string database_in(const TempDir& dir);

/// Whether rollups are those that the store kept, or stand for nothing, as in a database made by hand.
enum class Rollups { kept, made_by_hand };

/// Opens what is found after a fault with the store's own means and looks whether it is whole: it opens, is
/// sound, holds exactly one of `allowed`, its rollups are those of its verdicts, its index finds what is
/// there and nothing else, and it takes the next pages. One line for each thing that is not so.
std::vector<std::string> complaints(const std::string& database, std::uint64_t seed,
                                    const std::vector<const Contents*>& allowed, Keys keys = Keys::same,
                                    Rollups rollups = Rollups::kept);

/// From the environment, or what is given.
std::uint64_t setting(const char* name, std::uint64_t otherwise);

}  // namespace earshot::test
