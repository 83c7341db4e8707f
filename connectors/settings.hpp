#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/toml.hpp"

namespace earshot::connectors {

/// A source's own keys as written in the configuration, already typed; a TomlNode is a table of its own
/// ([source.config]) or a list of them ([[source.map]]). `where` is "file:line:column" for messages.
struct Setting {
  std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>, TomlNode> value;
  std::string where;
};

/// A file named in a setting: a relative path starts at the folder of the configuration it stands in.
std::string path_beside(const Setting& setting, const std::string& name);

class Settings {
 public:
  void set(std::string key, Setting setting) { items_.insert_or_assign(std::move(key), std::move(setting)); }
  const std::map<std::string, Setting, std::less<>>& items() const { return items_; }
  const Setting* find(std::string_view key) const;

 private:
  std::map<std::string, Setting, std::less<>> items_;
};

/// The file that settings stand in, for mistakes with places of their own.
std::string file_of(const Settings& settings);

/// Reads settings by name and collects every mistake (missing, wrong type, out of bounds, unknown key with
/// the nearest known name), so that one run reports them all.
class SettingsReader {
 public:
  explicit SettingsReader(const Settings& settings) : settings_(settings) {}

  std::string text(std::string_view key, std::string fallback);
  std::string required_text(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t low, std::int64_t high);
  bool flag(std::string_view key, bool fallback);
  std::vector<std::string> list(std::string_view key);
  /// "90s", "5m"; between `low` and a day.
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds fallback,
                                     std::chrono::milliseconds low);
  /// The table, or nothing.
  const TomlNode* table(std::string_view key);
  /// The tables of [[source.key]].
  std::vector<const TomlNode*> tables(std::string_view key);
  void mistake(std::string_view key, std::string message);
  /// Another reader answers for this key.
  void leave(std::string_view key) { known_.emplace_back(key); }
  /// One that says where it is.
  void mistake(std::string message) { mistakes_.push_back(std::move(message)); }

  /// Every mistake, each with its place; call last: it also reports keys nobody asked for.
  std::vector<std::string> finish();

 private:
  const Settings& settings_;
  std::vector<std::string> known_;
  std::vector<std::string> mistakes_;
};

}  // namespace earshot::connectors
