#pragma once
#include <string_view>

namespace earshot {

/// Of both programs, the API and their manuals; CMakeLists.txt says the same.
inline constexpr std::string_view product_version = "0.1.0";
/// The date on the manual pages.
inline constexpr std::string_view release_date = "2026-11-28";

}  // namespace earshot
