#pragma once

namespace earshot {
/// Prints the broken expectation with its place and aborts. Kept in release builds: no input may reach it.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;
}  // namespace earshot

#define EARSHOT_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::earshot::assertion_failed(#expression, __FILE__, __LINE__))
