#include "core/base/time_format.hpp"

#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto text = fuzz_text(data, size);
  const auto strict = parse_rfc3339(text);
  const auto lenient = parse_time(text);
  for (const auto& at : {strict, lenient})
    if (at) {
      const auto shown = format_rfc3339(*at);
      EARSHOT_ASSERT(parse_rfc3339(shown) == at);
      EARSHOT_ASSERT(parse_time(shown) == at);
      (void)format_http_date(*at);
    }
  if (strict && text.size() <= 128) EARSHOT_ASSERT(lenient == strict);
  return 0;
}
