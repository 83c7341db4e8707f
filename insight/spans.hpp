#pragma once
#include <chrono>

/// Lengths of time as the jobs count them. Private to insight/.
namespace earshot::insight {

inline constexpr std::chrono::hours one_day{24}, one_week{168};

}  // namespace earshot::insight
