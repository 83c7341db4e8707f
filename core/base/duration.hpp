#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace earshot {

/// "90s", "5m", "1.5h", "2d", "1w", "250ms"; nothing for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace earshot
