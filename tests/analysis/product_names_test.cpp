#include "analysis/text/product_names.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "analysis/text/brand_matcher.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

Brand fernwave() {
  return {.id = BrandId{1},
          .name = "Fernwave",
          .aliases = {"FW"},
          .handles = {"@fernwave"},
          .products = {"Fernwave Hub", "Fernwave Hub Max", "Fernwave Play", "MyFernwave", "QuillBox"}};
}

std::vector<ProductMatch> named(const Brand& brand, const Mention& mention) {
  const auto matcher = *BrandMatcher::create(std::span(&brand, 1));
  const auto found = matcher->match(mention, std::span(&brand.id, 1));
  REQUIRE(found.size() == 1);
  return found.front().products;
}

/// "Fernwave Hub=the Hub,Hub; Fernwave Play=…": the products named, each with the words that name it.
std::string named(const std::string& text, const Brand& brand = fernwave()) {
  std::string out;
  for (const auto& product : named(brand, Mention{.text = text})) {
    out += (out.empty() ? "" : "; ") + product.product + "=";
    for (const auto& span : product.spans)
      out += (out.ends_with('=') ? "" : ",") + text.substr(span.begin, span.end - span.begin);
  }
  return out;
}

}  // namespace

TEST_CASE("a product's full name counts however it is written", "[analysis][products]") {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {"my Fernwave Hub died", "Fernwave Hub=Fernwave Hub"},
      {"my fernwave hub died", "Fernwave Hub=fernwave hub"},
      {"MY FERNWAVE HUB DIED", "Fernwave Hub=FERNWAVE HUB"},
      {"both Fernwave Hubs died", "Fernwave Hub=Fernwave Hubs"},
      {"two quillboxes", "QuillBox=quillboxes"},
      {"the Fernwave Hub's light", "Fernwave Hub=Fernwave Hub's"},
      {"Fernwave’s Hub is slow", "Fernwave Hub=Fernwave’s Hub"},
      {"an FW hub", "Fernwave Hub=FW hub"},
      {"the Fernwave-Hub is slow", "Fernwave Hub=Fernwave-Hub"},
      {"#FernwaveHub is slow", "Fernwave Hub=#FernwaveHub"},
      {"slow #fernwavehub", "Fernwave Hub=#fernwavehub"},
      {"#FernwaveHubDown again", "Fernwave Hub=FernwaveHub"},
      {"ask @FernwaveHub", "Fernwave Hub=@FernwaveHub"},
      {"ask @fernwavehub@social.example", "Fernwave Hub=@fernwavehub@social.example"},
      {"in myfernwave I see nothing", "MyFernwave=myfernwave"},
      {"the Fernwave hubcap", ""},
      {"I like Fernwave. Hub caps are another thing", ""},
      {"Fernwave, hub of the city", ""},
      {"notMyFernwave", ""},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK(named(row.text) == row.expected);
  }
}

TEST_CASE("a short name counts where it can be nothing else", "[analysis][products]") {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {"The Hub is great but Play keeps buffering", "Fernwave Hub=Hub; Fernwave Play=Play"},
      {"I prefer the Hub over Play", "Fernwave Hub=Hub; Fernwave Play=Play"},
      {"are the Hubs in stock? My Hub's dead", "Fernwave Hub=Hubs,Hub's"},
      {"#hub again", "Fernwave Hub=#hub"},
      {"the new hub of the city", ""},
      {"does Fernwave let me play songs", ""},
      {"I WANT MY HUB TO PLAY", ""},
      {"ask @hub", ""},
      {"got a #PlayStation", ""},
      {"get it on Google Play", ""},
      {"the Docker Hub is down", ""},
      {"in the Play Store", ""},
      {"the Hub SUCKS", "Fernwave Hub=Hub"},
      {"with the Hub I bought", "Fernwave Hub=Hub"},
      {"my Quillnet, Hub and all", "Fernwave Hub=Hub"},
      // At the head of a sentence a capital says nothing.
      {"Play my song", ""},
      {"@fernwave Play my song", ""},
      {"Nice. Hub of the city", ""},
      {"Play keeps buffering", "Fernwave Play=Play"},
      {"Hub's firmware", "Fernwave Hub=Hub's"},
      {"Hub dead. My Hub was dead before", "Fernwave Hub=Hub,Hub"},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK(named(row.text) == row.expected);
  }
}

TEST_CASE("the longest name wins", "[analysis][products]") {
  CHECK(named("a Fernwave Hub Max") == "Fernwave Hub Max=Fernwave Hub Max");
  CHECK(named("the Hub Max is fine, the Hub is not") == "Fernwave Hub=Hub; Fernwave Hub Max=Hub Max");
  CHECK(named("#HubMax") == "Fernwave Hub Max=#HubMax");
}

TEST_CASE("a short name that two products or the brand itself may have is nobody's", "[analysis][products]") {
  auto brand = fernwave();
  brand.products = {"Fernwave Hub", "FW Hub"};
  CHECK(named("the Hub is slow", brand).empty());
  brand.products = {"Fernwave Hub", "Hub"};
  CHECK(named("the Hub is slow", brand) == "Hub=Hub");
  brand.products = {"Fernwave FW", "Fernwave"};
  CHECK(named("FW is slow, Fernwave too", brand).empty());
}

TEST_CASE("short names without a capital and a small letter are no names", "[analysis][products]") {
  auto brand = fernwave();
  brand.products = {"Fernwave TV", "Fernwave 5", "fernwave mail"};
  CHECK(named("my TV and my 5 mail", brand).empty());
  CHECK(named("fernwave tv, Fernwave 5 and Fernwave Mail", brand) ==
        "Fernwave TV=fernwave tv; Fernwave 5=Fernwave 5; fernwave mail=Fernwave Mail");
}

TEST_CASE("marks that belong to a name may stand in it", "[analysis][products]") {
  auto brand = fernwave();
  brand.products = {"St. Ives & Co", "Wave+"};
  CHECK(named("some St. Ives & Co", brand) == "St. Ives & Co=St. Ives & Co");
  CHECK(named("in St. Ives. Co workers", brand).empty());
}

TEST_CASE("a title names products by their full name, without a span", "[analysis][products]") {
  const auto brand = fernwave();
  const auto full = named(brand, Mention{.text = "it works", .title = "Fernwave Hub review"});
  CHECK(full == std::vector{ProductMatch{.product = "Fernwave Hub", .spans = {}}});
  CHECK(named(brand, Mention{.text = "it works", .title = "How To Play Songs On The Hub"}).empty());
}

TEST_CASE("products belong to matched brands and to those the source is about", "[analysis][products]") {
  const Brand brands[] = {fernwave(), {.id = BrandId{2}, .name = "Quillnet", .products = {"Quillnet Hub"}}};
  const auto matcher = *BrandMatcher::create(brands);
  const Mention mention{.text = "on Quillnet the Hub is fine"};
  const auto found = matcher->match(mention);
  REQUIRE(found.size() == 1);
  CHECK(found[0].products == std::vector{ProductMatch{.product = "Quillnet Hub", .spans = {{16, 19}}}});
  const BrandId about[] = {BrandId{1}, BrandId{9}};
  const auto more = matcher->match(mention, about);
  REQUIRE(more.size() == 3);
  CHECK(more[0].kind == MatchKind::source);
  CHECK(more[0].products.front().product == "Fernwave Hub");
  CHECK(more[1] == found[0]);
  CHECK(more[2].products.empty());
}
