#include "connectors/settings.hpp"

#include <algorithm>
#include <filesystem>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors {
namespace {

std::string place(const Setting& setting) {
  return setting.where.empty() ? std::string() : setting.where + ": ";
}

}  // namespace

std::string path_beside(const Setting& setting, const std::string& name) {
  // "dir/earshot.toml:3:8": the folder is what stands before the file's name.
  const auto column = setting.where.rfind(':');
  const auto line = column == std::string::npos ? column : setting.where.rfind(':', column - 1);
  if (line == std::string::npos || line == 0) return name;
  return (std::filesystem::path(setting.where.substr(0, line)).parent_path() / name).string();
}

std::string file_of(const Settings& settings) {
  for (const auto& [key, setting] : settings.items()) {
    const auto column = setting.where.rfind(':');
    const auto line = column == std::string::npos ? column : setting.where.rfind(':', column - 1);
    if (line != std::string::npos && line > 0) return setting.where.substr(0, line);
  }
  return "configuration";
}

const Setting* Settings::find(std::string_view key) const {
  const auto found = items_.find(key);
  return found == items_.end() ? nullptr : &found->second;
}

std::string SettingsReader::text(std::string_view key, std::string fallback) {
  known_.emplace_back(key);
  const auto* setting = settings_.find(key);
  if (setting == nullptr) return fallback;
  if (const auto* value = std::get_if<std::string>(&setting->value)) return *value;
  mistake(key, "must be a string");
  return fallback;
}

std::string SettingsReader::required_text(std::string_view key) {
  auto value = text(key, "");
  if (settings_.find(key) == nullptr)
    mistake(key, "is missing");
  else if (value.empty() && std::holds_alternative<std::string>(settings_.find(key)->value))
    mistake(key, "must not be empty");
  return value;
}

std::int64_t SettingsReader::integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                                     std::int64_t high) {
  known_.emplace_back(key);
  const auto* setting = settings_.find(key);
  if (setting == nullptr) return fallback;
  const auto* value = std::get_if<std::int64_t>(&setting->value);
  if (value == nullptr) {
    mistake(key, "must be a whole number");
    return fallback;
  }
  if (*value < low || *value > high) {
    mistake(key, "must be between " + std::to_string(low) + " and " + std::to_string(high));
    return fallback;
  }
  return *value;
}

bool SettingsReader::flag(std::string_view key, bool fallback) {
  known_.emplace_back(key);
  const auto* setting = settings_.find(key);
  if (setting == nullptr) return fallback;
  if (const auto* value = std::get_if<bool>(&setting->value)) return *value;
  mistake(key, "must be true or false");
  return fallback;
}

std::vector<std::string> SettingsReader::list(std::string_view key) {
  known_.emplace_back(key);
  const auto* setting = settings_.find(key);
  if (setting == nullptr) return {};
  if (const auto* values = std::get_if<std::vector<std::string>>(&setting->value)) {
    if (std::ranges::find(*values, std::string()) != values->end())
      mistake(key, "must not hold empty strings");
    return *values;
  }
  // One string stands for a list of one.
  if (const auto* value = std::get_if<std::string>(&setting->value)) return {*value};
  mistake(key, "must be a list of strings");
  return {};
}

std::chrono::milliseconds SettingsReader::duration(std::string_view key, std::chrono::milliseconds fallback,
                                                   std::chrono::milliseconds low) {
  const auto written = text(key, "");
  if (written.empty()) return fallback;
  const auto read = parse_duration(written);
  if (read && *read >= low && *read <= std::chrono::hours(24)) return *read;
  mistake(key, "must be a time such as \"90s\" or \"5m\", a day at most");
  return fallback;
}

const TomlNode* SettingsReader::table(std::string_view key) {
  known_.emplace_back(key);
  const auto* setting = settings_.find(key);
  if (setting == nullptr) return nullptr;
  const auto* node = std::get_if<TomlNode>(&setting->value);
  if (node != nullptr && node->is(TomlNode::Kind::table)) return node;
  mistake(key, "must be a table, written as [source." + std::string(key) + "]");
  return nullptr;
}

std::vector<const TomlNode*> SettingsReader::tables(std::string_view key) {
  known_.emplace_back(key);
  const auto* setting = settings_.find(key);
  if (setting == nullptr) return {};
  std::vector<const TomlNode*> out;
  if (const auto* node = std::get_if<TomlNode>(&setting->value);
      node != nullptr && !node->is(TomlNode::Kind::table))
    for (const auto& element : node->elements) out.push_back(&element);
  if (out.empty())
    mistake(key, "must be a list of tables, each written as [[source." + std::string(key) + "]]");
  return out;
}

void SettingsReader::mistake(std::string_view key, std::string message) {
  const auto* setting = settings_.find(key);
  mistakes_.push_back((setting != nullptr ? place(*setting) : std::string()) + "`" + std::string(key) + "` " +
                      std::move(message));
}

std::vector<std::string> SettingsReader::finish() {
  for (const auto& [key, setting] : settings_.items()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    auto message = place(setting) + "unknown key `" + key + "`";
    if (const auto nearest = nearest_name(key, known_); !nearest.empty())
      message += "; did you mean `" + nearest + "`?";
    mistakes_.push_back(std::move(message));
  }
  return std::move(mistakes_);
}

}  // namespace earshot::connectors
