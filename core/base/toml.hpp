#pragma once
#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

/// A TOML file as a tree of values that know their places, and a reader that collects mistakes: all of them
/// in one go, each with its line and column.
namespace earshot {

struct TomlMember;

struct TomlNode {
  enum class Kind : std::uint8_t { table, array, text, integer, real, flag, other };
  Kind kind = Kind::table;
  std::string text;  ///< of texts; of other scalars as JSON would write them
  std::int64_t integer = 0;
  double real = 0;
  bool flag = false;
  std::vector<TomlMember> members;  ///< of a table, sorted by name
  std::vector<TomlNode> elements;   ///< of an array
  std::uint32_t line = 1, column = 1;

  bool is(Kind wanted) const { return kind == wanted; }
  const TomlNode* find(std::string_view name) const;
};

struct TomlMember {
  std::string name;
  TomlNode value;
};

/// Reads TOML; `invalid` with "name:line:column: what" when it is none.
Result<TomlNode> parse_toml(std::string_view text, const std::string& name);

/// Collects what is wrong with a file, one line each: "name:line:column: table: what".
class TomlMistakes {
 public:
  explicit TomlMistakes(std::string file) : file_(std::move(file)) {}
  void add(const TomlNode& where, std::string_view table, std::string_view what);
  /// "name:line:column".
  std::string place(const TomlNode& where) const;
  bool empty() const { return lines_.empty(); }
  /// All lines in the order of their places.
  std::string text() const;

 private:
  std::string file_;
  std::set<std::pair<std::pair<std::uint32_t, std::uint32_t>, std::string>> lines_;
};

/// One table: typed access by name; `finish` reports keys that nobody asked for, each with the nearest known
/// name.
class TomlReader {
 public:
  TomlReader(const TomlNode& table, std::string name, TomlMistakes& mistakes)
      : table_(table), name_(std::move(name)), mistakes_(mistakes) {}

  const TomlNode* find(std::string_view key);
  std::string text(std::string_view key, std::string fallback = {});
  std::string required_text(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t low, std::int64_t high);
  bool flag(std::string_view key, bool fallback);
  /// "90s", "5m", "1.5h"; from `low` up to a year: clocks count nanoseconds, and what is far beyond would
  /// wrap round and never wait at all.
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds fallback,
                                     std::chrono::milliseconds low);
  /// A list of texts; one text stands for a list of one.
  std::vector<std::string> list(std::string_view key);
  /// One of the words given; the first is the default.
  std::string word(std::string_view key, const std::vector<std::string>& known);
  const TomlNode* table(std::string_view key);
  /// The tables of [[key]].
  std::vector<const TomlNode*> tables(std::string_view key);

  void mistake(std::string_view key, std::string_view what);
  /// Where a key's value stands, the table where it is absent.
  std::string place(std::string_view key) const;
  /// The members that nobody has asked for; they count as asked for then.
  std::vector<const TomlMember*> rest();
  void mistake_at(const TomlNode& where, std::string_view what) { mistakes_.add(where, name_, what); }
  void finish();
  const TomlNode& node() const { return table_; }
  const std::string& name() const { return name_; }
  TomlMistakes& mistakes() { return mistakes_; }

 private:
  const TomlNode& table_;
  std::string name_;
  TomlMistakes& mistakes_;
  std::vector<std::string> known_;
};

/// " did you mean `x`?" with the known name most like `wanted`, or the list of all.
std::string suggestion(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace earshot
