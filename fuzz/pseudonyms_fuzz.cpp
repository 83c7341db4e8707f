// Any text: what is covered once stays as it is, and outside of addresses no handle but a brand's is left.
#include "analysis/text/tokenizer.hpp"
#include "core/base/assert.hpp"
#include "daemon/pseudonyms.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  static const auto key = std::make_shared<const store::KeyedHash>(
      *store::KeyedHash::of_database(":memory:", store::KeyedHash::Missing::make));
  static const daemon::Pseudonyms pseudonyms(key, {{.name = "Fernwave", .handles = {"@fernwave"}}});
  static const analysis::Tokenizer tokenizer;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Mention mention{.native_id = text, .text = text, .url = text, .author = {.id = text, .handle = text}};
  pseudonyms.cover_words(mention);
  pseudonyms.cover_author(mention, false);
  auto again = mention;
  pseudonyms.cover_words(again);
  pseudonyms.cover_author(again, false);
  EARSHOT_ASSERT(again == mention);
  static analysis::TokenBuffer buffer;
  tokenizer.tokenize(mention.text, buffer);
  for (const auto& token : buffer.tokens())
    if (token.kind == analysis::TokenKind::handle && text.find("://") == std::string::npos)
      EARSHOT_ASSERT(token.folded.starts_with("fernwave") || token.folded.starts_with("p_"));
  return 0;
}
