#include "core/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace earshot {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: broken expectation: %s\n", file, line, expression);
  std::abort();
}

}  // namespace earshot
