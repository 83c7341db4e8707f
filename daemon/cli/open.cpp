#include "daemon/cli/open.hpp"

#include <cstdio>

#include "core/base/time_format.hpp"
#include "daemon/cli/terminal.hpp"
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

Result<store::NamedBrand> brand_of(store::Reader& reader, const Options& options) {
  return daemon::find_brand(reader, options.brand);
}

Result<std::vector<store::NamedBrand>> brands_of(store::Reader& reader, const Options& options) {
  auto brand = brand_of(reader, options);
  if (!brand) return unexpected(brand.error());
  return options.brand.empty() ? reader.brands()
                               : Result<std::vector<store::NamedBrand>>(std::vector{*brand});
}

Result<Window> window_of(store::Reader& reader, const Options& options, int days) {
  return daemon::window_of(reader, options.since, options.until, days, SystemClock().now());
}

std::optional<Asked> ask(const Options& options, int days, int& code) {
  auto reader = open(options);
  if (!reader) return code = fail(reader.error().message), std::nullopt;
  auto brand = brand_of(**reader, options);
  if (!brand) return code = fail(brand.error().message, 2), std::nullopt;
  auto window = window_of(**reader, options, days);
  if (!window) return code = fail(window.error().message, 2), std::nullopt;
  return Asked{.reader = std::move(*reader), .brand = *brand, .window = *window};
}

int print_json(const Result<std::string>& text) {
  if (!text) return fail(text.error().message, text.error().kind == ErrorKind::invalid ? 2 : 1);
  std::printf("%s\n", text->c_str());
  return 0;
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
