#include "core/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <cstdlib>

#include "core/base/text.hpp"

namespace earshot::log {
namespace {

bool under_journald() {
  static const bool yes = std::getenv("JOURNAL_STREAM") != nullptr;
  return yes;
}

/// sd-daemon(3)'s severity prefix.
std::string_view journal_prefix(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug: return "<7>";
    case spdlog::level::warn: return "<4>";
    case spdlog::level::err: return "<3>";
    default: return "<6>";
  }
}

std::shared_ptr<spdlog::logger> make_logger() {
  auto logger =
      std::make_shared<spdlog::logger>("earshot", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  // journald stamps lines itself; the severity that it reads comes with each line, see write().
  logger->set_pattern(under_journald() ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                      spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::debug);
  return logger;
}

spdlog::logger& logger() {
  static const auto instance = make_logger();
  return *instance;
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == '"' || byte == '=' || byte == '\\' || byte >= 0x7F) return true;
  }
  return false;
}

void write(spdlog::level::level_enum level, std::string_view message, Fields fields) {
  if (!logger().should_log(level)) return;
  logger().log(level, "{}{}", under_journald() ? journal_prefix(level) : std::string_view(),
               format_line(message, fields));
}

}  // namespace

std::string format_line(std::string_view message, Fields fields) {
  std::string line(message);
  for (const auto& field : fields) {
    line.push_back(' ');
    line += field.key;
    line.push_back('=');
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      line += needs_quotes(*text) ? quote_printable(*text) : std::string(*text);
    } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      char buffer[32];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::get<double>(field.value),
                                     std::chars_format::general, 6)
                           .ptr;
      line.append(buffer, end);
    }
  }
  return line;
}

void set_level(Level level) {
  static constexpr spdlog::level::level_enum map[] = {spdlog::level::debug, spdlog::level::info,
                                                      spdlog::level::warn, spdlog::level::err};
  logger().set_level(map[static_cast<int>(level)]);
}

void debug(std::string_view message, Fields fields) { write(spdlog::level::debug, message, fields); }
void info(std::string_view message, Fields fields) { write(spdlog::level::info, message, fields); }
void warn(std::string_view message, Fields fields) { write(spdlog::level::warn, message, fields); }
void error(std::string_view message, Fields fields) { write(spdlog::level::err, message, fields); }

}  // namespace earshot::log
