// Any bytes as a reply of a declared platform; the first byte chooses which.
#include "connectors/declarative/declarative.hpp"
#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto& platforms = connectors::declarative::shipped();
  if (size == 0) return 0;
  const auto now = from_ms(1'776'083'057'000);
  const auto& spec = platforms[data[0] % platforms.size()];
  check_page(spec.parse("https://a.example/posts.json?site=s", fuzz_text(data + 1, size - 1), now), now);
  return 0;
}
