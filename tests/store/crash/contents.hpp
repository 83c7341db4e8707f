#pragma once
#include <map>
#include <string>
#include <vector>

#include "store/sqlite/database.hpp"

namespace earshot::test {

/// A fingerprint of every table's rows, by its name. What only waits for the full-text index is left out: it
/// may be forgotten at any time, and what it is for is checked by what is found.
/// Keys of authors, which an erasure draws anew, have an entry of their own.
using Contents = std::map<std::string, std::size_t>;
/// Empty when the database cannot be read.
Contents contents_of(const std::string& database);
Contents contents_of(store::sqlite::Database& database);
/// Whether two runs of one day are compared: what is drawn by chance differs.
enum class Keys { same, drawn_anew };
/// Tables in which they differ.
std::vector<std::string> differences(const Contents& a, const Contents& b, Keys keys = Keys::same);
/// What SQLite's own check finds wrong; "ok": nothing.
std::string integrity(store::sqlite::Database& database);

}  // namespace earshot::test
