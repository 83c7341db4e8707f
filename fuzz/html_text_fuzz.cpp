#include "core/base/html_text.hpp"

#include "core/base/assert.hpp"
#include "core/base/utf8.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto html = fuzz_text(data, size);
  const auto read = html_to_text(html);
  EARSHOT_ASSERT(utf8::is_valid(read.text));
  EARSHOT_ASSERT(read.text.size() <= html.size() * 3);
  for (const auto& link : read.links) EARSHOT_ASSERT(utf8::is_valid(link));
  EARSHOT_ASSERT(unescape_html(escape_html(html)) == html);
  EARSHOT_ASSERT(unescape_html(html).size() <= html.size() * 2 + 3);
  return 0;
}
