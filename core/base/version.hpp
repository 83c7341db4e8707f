#pragma once
#include <string_view>

namespace earshot {

/// Of the program; CMakeLists.txt says the same.
inline constexpr std::string_view product_version = "0.1.0";

}  // namespace earshot
