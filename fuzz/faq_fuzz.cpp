// Any bytes as what people asked, answered and said of a claim: the FAQ's JSON stays JSON that ends no script
// element, its Markdown holds no link but ours, and a phrase that is found is one of the list.
#include <cstdlib>

#include "analysis/content/expectation.hpp"
#include "core/base/assert.hpp"
#include "delivery/faq.hpp"
#include "delivery/template.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const std::string text(fuzz_text(data, size));
  static analysis::MisledPhrases phrases;
  const auto phrase = phrases.find(text);
  EARSHOT_ASSERT(phrase.size() < 100);
  const std::vector<delivery::FaqEntry> entries = {
      {.question = text,
       .askers = 3,
       .page = text,
       .answer = delivery::FaqAnswer{.text = text, .url = text, .own = true, .at = from_ms(1)}}};
  const auto json = delivery::faq_json_ld(text, entries);
  EARSHOT_ASSERT(json.find_first_of("<>&") == std::string::npos);
  EARSHOT_ASSERT(delivery::is_json(json));
  const auto page = delivery::faq_markdown(text, entries, from_ms(2));
  EARSHOT_ASSERT(page.find("](javascript:") == std::string::npos &&
                 page.find("<script") == std::string::npos);
  return 0;
}
