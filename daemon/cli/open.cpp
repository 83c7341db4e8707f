#include "daemon/cli/open.hpp"

#include <cstdio>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/config.hpp"

namespace earshot::cli {

std::string database_path(const Options& options) {
  if (!options.database.empty()) return options.database;
  auto config = daemon::load_config(options.config_path);
  return config ? config->database : daemon::Config{}.database;
}

Result<std::unique_ptr<store::Reader>> open(const Options& options) {
  if (options.database.empty() && options.config_given) {
    auto config = daemon::load_config(options.config_path);
    if (!config) return unexpected(config.error());
  }
  return store::open_reader(database_path(options));
}

Result<std::vector<store::NamedBrand>> brands_of(store::Reader& reader, const Options& options) {
  auto brands = reader.brands();
  if (!brands) return unexpected(brands.error());
  if (options.brand.empty()) {
    if (brands->empty())
      return unexpected(ErrorKind::invalid, "the database knows no brand yet: start the daemon first");
    return brands;
  }
  std::vector<std::string> names;
  for (const auto& brand : *brands) {
    if (fold_case(brand.name) == fold_case(options.brand)) return std::vector{brand};
    names.push_back(brand.name);
  }
  std::string known;
  for (const auto& name : names) known += (known.empty() ? "" : ", ") + name;
  return unexpected(ErrorKind::invalid, "there is no brand '" + options.brand + "'; known are: " + known);
}

Result<store::NamedBrand> brand_of(store::Reader& reader, const Options& options) {
  auto brands = brands_of(reader, options);
  if (!brands) return unexpected(brands.error());
  return brands->front();
}

Result<Timestamp> parse_when(const std::string& text, Timestamp now) {
  if (text == "now") return now;
  std::string_view words = trim(text);
  if (words.ends_with(" ago")) words.remove_suffix(4);
  // "2 hours", "3 days": the unit's first letter, months are not offered since their length varies.
  std::string compact;
  for (const char c : words)
    if (c != ' ') compact.push_back(c);
  for (const auto& [word, unit] : {std::pair{"minutes", "m"},
                                   {"minute", "m"},
                                   {"min", "m"},
                                   {"hours", "h"},
                                   {"hour", "h"},
                                   {"days", "d"},
                                   {"day", "d"},
                                   {"weeks", "w"},
                                   {"week", "w"},
                                   {"seconds", "s"}})
    if (compact.ends_with(word)) {
      compact.replace(compact.size() - std::string_view(word).size(), std::string::npos, unit);
      break;
    }
  if (const auto span = parse_duration(compact)) return now - *span;
  if (const auto at = parse_time(text)) return *at;
  return unexpected(
      ErrorKind::invalid,
      "'" + text + "' is no time: write 2026-03-01, 2026-03-01T12:00:00Z, 7d or \"2 hours ago\"");
}

Result<Window> window_of(store::Reader& reader, const Options& options, int days) {
  const auto now = SystemClock().now();
  Window window{.since = {}, .until = now};
  auto extent = reader.extent();
  if (!extent) return unexpected(extent.error());
  if (*extent) window.until = std::min(now, (*extent)->second) + std::chrono::hours(1);
  if (!options.until.empty()) {
    auto until = parse_when(options.until, now);
    if (!until) return unexpected(until.error());
    window.until = *until;
  }
  window.since = window.until - std::chrono::hours(24 * days);
  if (!options.since.empty()) {
    auto since = parse_when(options.since, now);
    if (!since) return unexpected(since.error());
    window.since = *since;
  }
  if (window.since >= window.until) return unexpected(ErrorKind::invalid, "--since is not before --until");
  return window;
}

std::string show_time(Timestamp at) {
  auto text = format_rfc3339(std::chrono::floor<std::chrono::minutes>(at));
  return text.size() >= 16 ? text.substr(0, 10) + " " + text.substr(11, 5) : text;
}

std::string show_span(std::int64_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 120 * 60) return std::to_string(seconds / 60) + " min";
  if (seconds < 48 * 3600) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86'400) + " days";
}

std::string signed_number(double value, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%+.*f", decimals, value);
  return buffer;
}

}  // namespace earshot::cli
