// Any bytes, the first line a query and the rest a text: a query fails as `invalid` or parses; it has a
// spelling; and as a brand's query or product it finds spans inside the text.
#include "analysis/text/brand_matcher.hpp"
#include "analysis/text/query_parser.hpp"
#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto input = fuzz_text(data, size);
  const auto line = input.find('\n');
  const auto query = input.substr(0, line);
  const auto parsed = analysis::parse_query(query);
  if (!parsed) {
    EARSHOT_ASSERT(parsed.error().kind == ErrorKind::invalid && !parsed.error().message.empty());
    return 0;
  }
  // The spelling is for people: a word that is one only in its surroundings ("xd" beside a letter) may not
  // parse alone.
  const auto spelling = analysis::to_string(*parsed);
  EARSHOT_ASSERT(!spelling.empty());
  static_cast<void>(analysis::parse_query(spelling));
  static_cast<void>(analysis::lint_query(*parsed));

  std::vector<Brand> brands(2);
  brands[0] = Brand{.id = BrandId{1},
                    .name = "Fernwave",
                    .products = {"Fernwave Hub", "Fernwave " + std::string(query), std::string(query)},
                    .query = std::string(query)};
  brands[1] = Brand{.id = BrandId{2}, .name = "Quillnet", .query = spelling};
  const auto matcher = analysis::BrandMatcher::create(brands);
  if (!matcher) return 0;
  Mention mention;
  mention.platform = "mastodon";
  mention.native_id = "1";
  mention.author.handle = "ann";
  mention.lang = "en";
  mention.text = line == std::string_view::npos ? "Fernwave is down" : std::string(input.substr(line + 1));
  const BrandId about[] = {BrandId{1}};
  const auto check = [&](const std::vector<Span>& spans) {
    for (const auto& span : spans) EARSHOT_ASSERT(span.begin <= span.end && span.end <= mention.text.size());
  };
  for (const auto& match : (*matcher)->match(mention, about)) {
    check(match.spans);
    for (const auto& product : match.products) check(product.spans);
  }
  return 0;
}
