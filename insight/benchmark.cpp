#include "insight/benchmark.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace earshot::insight {
namespace {

Result<BrandFigures> figures_of(const JobInput& input, const store::NamedBrand& brand, Timestamp since,
                                Timestamp until) {
  BrandFigures out{.brand = brand.name, .own = brand.id == input.brand};
  auto rows = input.reader.hours(brand.id, since, until);
  if (!rows) return unexpected(rows.error());
  DistinctSketch authors, negative_authors;
  for (const auto& row : *rows) {
    out.mentions += row.mentions;
    out.positive += row.positive;
    out.neutral += row.neutral;
    out.negative += row.negative;
    authors.merge(row.authors);
    negative_authors.merge(row.negative_authors);
  }
  out.authors = authors.estimate();
  out.negative_authors = negative_authors.estimate();
  out.net_sentiment = analysis::net_share(out.positive, out.neutral, out.negative);
  // Both are estimates above some hundred people: the part may come out greater than the whole.
  out.negative_author_share = analysis::share(std::min(out.negative_authors, out.authors), out.authors);
  auto days = input.reader.response_days(brand.id, since, until);
  if (!days) return unexpected(days.error());
  out.response = summarise_response(*days);
  return out;
}

}  // namespace

Result<Benchmark> benchmark(const JobInput& input, const std::vector<std::string>& competitors,
                            Timestamp since, Timestamp until) {
  if (since >= until)
    return unexpected(ErrorKind::invalid, "the period is empty: --since must lie before --until");
  Benchmark out{.brand = input.brand_name, .since = since, .until = until};
  auto brands = input.reader.brands();
  if (!brands) return unexpected(brands.error());
  const auto named = [&](const store::NamedBrand& brand) {
    return std::ranges::any_of(competitors, [&](const auto& name) { return same_folded(name, brand.name); });
  };
  for (const auto& name : competitors)
    if (std::ranges::none_of(*brands, [&](const auto& brand) { return same_folded(name, brand.name); }))
      out.unknown.push_back(name);
  std::int64_t all = 0;
  for (const auto& brand : *brands) {
    if (brand.id != input.brand && !competitors.empty() && !named(brand)) continue;
    auto figures = figures_of(input, brand, since, until);
    if (!figures) return unexpected(figures.error());
    all += figures->mentions;
    out.rows.push_back(std::move(*figures));
  }
  for (auto& row : out.rows) row.share = analysis::share(row.mentions, all);
  std::ranges::stable_sort(out.rows, std::greater{}, &BrandFigures::mentions);
  return out;
}

}  // namespace earshot::insight
