#pragma once
#include <map>
#include <string>
#include <vector>

#include "store/sqlite/database.hpp"

namespace earshot::test {

/// A fingerprint of every table's rows, by its name. What only waits for the full-text index is left out: it
/// may be forgotten at any time, and what it is for is checked by what is found.
using Contents = std::map<std::string, std::size_t>;
/// Empty when the database cannot be read.
Contents contents_of(const std::string& database);
Contents contents_of(store::sqlite::Database& database);
/// Tables in which they differ.
std::vector<std::string> differences(const Contents& a, const Contents& b);
/// What SQLite's own check finds wrong; "ok": nothing.
std::string integrity(store::sqlite::Database& database);

}  // namespace earshot::test
