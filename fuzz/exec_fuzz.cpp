#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz_connector("exec", fuzz_text(data, size));
}
