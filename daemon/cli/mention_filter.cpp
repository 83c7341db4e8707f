#include "daemon/cli/mention_filter.hpp"

#include "core/model/names.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::cli {

std::string brand_name(const std::vector<store::NamedBrand>& brands, BrandId id) {
  for (const auto& brand : brands)
    if (brand.id == id) return brand.name;
  return "?";
}

Result<store::MentionFilter> mention_filter(store::Reader& reader, const Options& options) {
  store::MentionFilter filter;
  filter.limit = options.limit;
  filter.search = options.search;
  const auto now = SystemClock().now();
  if (!options.brand.empty()) {
    auto brand = brand_of(reader, options);
    if (!brand) return unexpected(brand.error());
    filter.brand = brand->id;
  }
  for (const auto& [text, out] :
       {std::pair(&options.since, &filter.since), std::pair(&options.until, &filter.until)}) {
    if (text->empty()) continue;
    auto at = parse_when(*text, now);
    if (!at) return unexpected(at.error());
    *out = *at;
  }
  if (!options.polarity.empty()) {
    filter.polarity = polarity_from(options.polarity);
    if (!filter.polarity)
      return unexpected(ErrorKind::invalid, "--polarity is positive, neutral, negative or unscored");
  }
  if (auto status = daemon::filter_issue(reader, options.issue, filter); !status)
    return unexpected(status.error());
  filter.counted = options.counted;
  filter.contact = options.contact;
  if (!options.source.empty()) filter.source = options.source;
  if (!options.lang.empty()) filter.lang = options.lang;
  if (auto status = daemon::filter_product(reader, options.product, filter); !status)
    return unexpected(status.error());
  if (options.id > 0) filter.before = MentionId{options.id};
  return filter;
}

OptionList mention_filter_options() {
  return reading_options() +
         OptionList{
             {.names = "--search",
              .target = &Options::search,
              .help = "Full text: words, \"a phrase\", prefix*, AND OR NOT, NEAR(a b, 5)"},
             {.names = "--polarity",
              .target = &Options::polarity,
              .help = "positive, neutral, negative or unscored",
              .known = known_polarities()},
             {.names = "--issue",
              .target = &Options::issue,
              .help = "Issue type, such as billing; none: without any",
              .known = known_issues()},
             {.names = "--contact", .target = &Options::contact, .help = "Only what asks for an answer"},
             {.names = "--counted",
              .target = &Options::counted,
              .help = "Only what figures count: without your own posts and spam"},
             {.names = "--source",
              .target = &Options::source,
              .help = "Name of the source",
              .kind = ValueKind::source},
             {.names = "--lang",
              .target = &Options::lang,
              .help = "Language, such as de; und: not recognised"},
             {.names = "--product", .target = &Options::product, .help = "Only what names this product"}};
}

}  // namespace earshot::cli
