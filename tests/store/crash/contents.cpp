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

/// Rows as text, one after the other, in the order of their key.
std::string rows_of(Database& database, const std::string& table) {
  const auto columns = texts(database, "SELECT name FROM pragma_table_info('" + table + "')");
  auto statement = Statement::prepare(database, "SELECT * FROM " + table);
  if (!statement) return "unreadable";
  std::string out;
  Statement::Use use(*statement);
  while (use.step())
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out += use.text(static_cast<int>(i));
      out += use.is_null(static_cast<int>(i)) ? '\2' : '\1';
    }
  return use.finish() ? out : out + "unreadable";
}

}  // namespace

Contents contents_of(Database& database) {
  Contents out;
  for (const auto& table : texts(database,
                                 "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT IN "
                                 "('search_queue','search_removed') ORDER BY name"))
    out[table] = std::hash<std::string>()(rows_of(database, table));
  return out;
}

Contents contents_of(const std::string& database) {
  auto opened = Database::open(database, Access::read_only);
  return opened ? contents_of(*opened) : Contents();
}

std::vector<std::string> differences(const Contents& a, const Contents& b) {
  std::vector<std::string> out;
  for (const auto& [table, rows] : a) {
    const auto found = b.find(table);
    if (found == b.end() || found->second != rows) out.push_back(table);
  }
  for (const auto& [table, rows] : b)
    if (!a.contains(table)) out.push_back(table);
  return out;
}

std::string integrity(Database& database) {
  const auto said = texts(database, "PRAGMA integrity_check");
  return said.empty() ? "no answer" : said.front();
}

}  // namespace earshot::test
