// Any bytes, the first line a query and the rest a text: a query fails as `invalid` or parses; its canonical
// spelling parses to the same query; and as a brand's query it finds the same in the text, with spans inside
// it.
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
  const auto spelling = analysis::to_string(*parsed);
  const auto again = analysis::parse_query(spelling);
  // Brackets and quotes may take the canonical spelling over the limit.
  const bool at_limit =
      !again && (spelling.size() > 10'000 || again.error().message.find("deep") != std::string::npos);
  if (at_limit) return 0;
  EARSHOT_ASSERT(again);
  EARSHOT_ASSERT(analysis::to_string(*again) == spelling);
  EARSHOT_ASSERT(analysis::lint_query(*again).empty() == analysis::lint_query(*parsed).empty());

  std::vector<Brand> brands(2);
  brands[0] = Brand{.id = BrandId{1}, .name = "Fernwave", .query = std::string(query)};
  brands[1] = Brand{.id = BrandId{2}, .name = "Quillnet", .query = spelling};
  const auto matcher = analysis::BrandMatcher::create(brands);
  if (!matcher) return 0;
  Mention mention;
  mention.platform = "mastodon";
  mention.native_id = "1";
  mention.author.handle = "ann";
  mention.lang = "en";
  mention.text = line == std::string_view::npos ? "Fernwave is down" : std::string(input.substr(line + 1));
  const auto matches = (*matcher)->match(mention);
  EARSHOT_ASSERT(matches.size() % 2 == 0);
  for (const auto& match : matches)
    for (const auto& span : match.spans)
      EARSHOT_ASSERT(span.begin <= span.end && span.end <= mention.text.size());
  return 0;
}
