#include "daemon/pipeline.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::daemon;

namespace {

store::Batch process(const PageOrigin& origin, std::vector<std::string> texts) {
  const std::vector<Brand> brands = {
      {.id = BrandId{1}, .name = "Fernwave", .products = {"Fernwave Hub", "Fernwave Play"}},
      {.id = BrandId{2}, .name = "Quillnet"},
      {.id = BrandId{3}, .name = "Acme"}};
  const auto pipeline = *Pipeline::create(brands, {});
  Page page;
  for (auto& text : texts)
    page.mentions.push_back(
        Mention{.platform = "feed", .native_id = text, .text = std::move(text), .lang = "en"});
  return pipeline->process(std::move(page), origin, from_ms(0));
}

}  // namespace

TEST_CASE("a page about one brand speaks of it, and of its products, without its name",
          "[daemon][pipeline]") {
  const PageOrigin origin{.source = SourceId{1}, .stream = "s", .brands = {BrandId{2}}, .about = BrandId{1}};
  const auto batch = process(
      origin, {"The Hub is great, but Play is terrible", "Quillnet is fine", "Fernwave is awful", "Acme"});
  REQUIRE(batch.mentions.size() == 4);
  const auto& unnamed = batch.mentions[0].verdicts;
  REQUIRE(unnamed.size() == 1);
  CHECK(unnamed[0].brand == BrandId{1});
  CHECK(unnamed[0].match == MatchKind::source);
  const auto& products = unnamed[0].verdict.products;
  REQUIRE(products.size() == 2);
  CHECK(products[0].product == "Fernwave Hub");
  CHECK(products[0].sentiment.polarity == Polarity::positive);
  CHECK(products[1].sentiment.polarity == Polarity::negative);
  CHECK(products[1].evidence.empty());
  CHECK(batch.mentions[1].verdicts.size() == 2);
  REQUIRE(batch.mentions[2].verdicts.size() == 1);
  CHECK(batch.mentions[2].verdicts[0].match == MatchKind::query);
  // A brand that this source does not listen for is not heard.
  REQUIRE(batch.mentions[3].verdicts.size() == 1);
  CHECK(batch.mentions[3].verdicts[0].brand == BrandId{1});
}
