#include "tests/store/crash/contents.hpp"

#include <functional>

namespace earshot::test {
namespace {

using store::sqlite::Access;
using store::sqlite::Database;
using store::sqlite::Statement;

std::vector<std::string> texts(Database& database, const std::string& sql) {
  std::vector<std::string> out;
  auto statement = Statement::prepare(database, sql);
  if (!statement) return out;
  Statement::Use use(*statement);
  while (use.step()) out.emplace_back(use.text(0));
  return out;
}

constexpr std::string_view keys_of = "keys of ";

bool is_key(const std::string& column) {
  return column == "author_key" || column == "author_sketch" || column == "negative_sketch";
}

/// Rows as text, one after the other, in the order of their key; and those columns alone that are keys.
std::pair<std::string, std::string> rows_of(Database& database, const std::string& table) {
  const auto columns = texts(database, "SELECT name FROM pragma_table_info('" + table + "')");
  auto statement = Statement::prepare(database, "SELECT * FROM " + table);
  if (!statement) return {"unreadable", ""};
  std::pair<std::string, std::string> out;
  Statement::Use use(*statement);
  while (use.step())
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto& text = is_key(columns[i]) ? out.second : out.first;
      text += use.text(static_cast<int>(i));
      text += use.is_null(static_cast<int>(i)) ? '\2' : '\1';
    }
  if (!use.finish()) out.first += "unreadable";
  return out;
}

}  // namespace

Contents contents_of(Database& database) {
  Contents out;
  for (const auto& table : texts(database,
                                 "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT IN "
                                 "('search_queue','search_removed') ORDER BY name")) {
    const auto [rows, keys] = rows_of(database, table);
    out[table] = std::hash<std::string>()(rows);
    if (!keys.empty()) out[std::string(keys_of) + table] = std::hash<std::string>()(keys);
  }
  return out;
}

Contents contents_of(const std::string& database) {
  auto opened = Database::open(database, Access::read_only);
  return opened ? contents_of(*opened) : Contents();
}

std::vector<std::string> differences(const Contents& a, const Contents& b, Keys keys) {
  std::vector<std::string> out;
  const auto counts = [&](const std::string& entry) {
    return keys == Keys::same || !entry.starts_with(keys_of);
  };
  for (const auto& [entry, rows] : a) {
    const auto found = b.find(entry);
    if (counts(entry) && (found == b.end() || found->second != rows)) out.push_back(entry);
  }
  for (const auto& [entry, rows] : b)
    if (counts(entry) && !a.contains(entry)) out.push_back(entry);
  return out;
}

std::string integrity(Database& database) {
  const auto said = texts(database, "PRAGMA integrity_check");
  return said.empty() ? "no answer" : said.front();
}

}  // namespace earshot::test
