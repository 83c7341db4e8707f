#include "connectors/settings.hpp"

#include <algorithm>

namespace earshot::connectors {
namespace {

/// Number of single-letter edits between two short words.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

std::string place(const Setting& setting) {
  return setting.where.empty() ? std::string() : setting.where + ": ";
}

}  // namespace

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& known) {
  if (wanted.size() > 200) return {};
  const auto distance = [wanted](const std::string& name) { return edits(wanted, name); };
  const auto nearest = std::ranges::min_element(known, {}, distance);
  return nearest != known.end() && distance(*nearest) <= 1 + wanted.size() / 3 ? *nearest : std::string();
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
