// Any bytes as a post about two brands and their products: probabilities stay probabilities and evidence
// stays inside the text.
#include <cmath>
#include <string>
#include <vector>

#include "analysis/text/analyser.hpp"
#include "core/base/assert.hpp"

namespace {

void check(const earshot::Sentiment& s) {
  const auto sum = s.negative + s.neutral + s.positive;
  EARSHOT_ASSERT(std::isfinite(s.score) && std::abs(s.score) <= 1.0001f);
  EARSHOT_ASSERT(s.polarity == earshot::Polarity::unscored ? sum == 0 : std::abs(sum - 1) < 0.001f);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  using namespace earshot::analysis;
  static const auto analyser = std::move(*Analyser::create({}));
  static Scratch scratch;
  // The first bytes place the spans of brands and products, in any order and overlapping as they like.
  const std::size_t head = size < 4 ? size : 4;
  const Mention mention{.platform = "fuzz",
                        .native_id = "1",
                        .text = std::string(reinterpret_cast<const char*>(data) + head, size - head)};
  const auto at = [&](std::size_t i) {
    return head > i ? static_cast<std::uint32_t>(data[i] % (mention.text.size() + 1)) : 0u;
  };
  std::vector<Match> matches(2);
  for (std::uint32_t i = 0; i < 2; ++i) {
    const auto a = at(i * 2), b = at(i * 2 + 1);
    matches[i] = {
        .brand = BrandId{static_cast<std::int64_t>(i) + 1},
        .spans = {{std::min(a, b), std::max(a, b)}},
        .products = {{.product = "one", .spans = {{a, a + 1}}}, {.product = "two", .spans = {{b, b}}}}};
  }
  for (const auto& one : analyser->analyse(mention, matches, WithEvidence::yes, scratch)) {
    check(one.verdict.sentiment);
    EARSHOT_ASSERT(one.verdict.products.size() == 2);
    for (const auto& product : one.verdict.products) check(product.sentiment);
    EARSHOT_ASSERT(one.verdict.issues.size() <= 4);
    EARSHOT_ASSERT(one.verdict.urgency >= 0 && one.verdict.urgency <= 1);
    EARSHOT_ASSERT(one.verdict.severity >= 0 && one.verdict.severity <= 1);
    for (const auto& reason : one.verdict.reasons)
      EARSHOT_ASSERT(reason.begin < reason.end && reason.end <= mention.text.size());
    for (const auto& reason : one.verdict.evidence)
      EARSHOT_ASSERT(reason.span.begin <= reason.span.end && reason.span.end <= mention.text.size());
  }
  return 0;
}
