#pragma once
#include <string_view>

namespace earshot {

/// Of both programs, the API and their manuals.
inline constexpr std::string_view version = "0.1.0";

}  // namespace earshot
