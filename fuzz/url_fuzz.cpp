#include "core/base/url.hpp"

#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto text = fuzz_text(data, size);
  const auto canonical = canonical_url(text);
  EARSHOT_ASSERT(canonical_url(canonical) == canonical);
  if (!canonical.empty()) {
    EARSHOT_ASSERT(canonical.starts_with("http://") || canonical.starts_with("https://"));
    EARSHOT_ASSERT(same_origin(canonical, canonical));
    for (const char c : canonical) EARSHOT_ASSERT(static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F);
  }
  if (const auto url = parse_url(text)) {
    const auto again = parse_url(url->str());
    EARSHOT_ASSERT(again && *again == *url);
    EARSHOT_ASSERT(url->host.find('\r') == std::string::npos && url->str().find('\n') == std::string::npos);
  }
  (void)resolve_url("https://a.example/b/c?d#e", text);
  (void)resolve_url(text, "../x?y");
  EARSHOT_ASSERT(percent_decode(percent_encode(text)) == text);
  const auto pairs = parse_query(text);
  QueryPairs kept;
  for (const auto& pair : pairs)
    if (!pair.first.empty() || !pair.second.empty()) kept.push_back(pair);
  EARSHOT_ASSERT(parse_query(encode_query(kept)) == kept);
  return 0;
}
