// Atom and JSON Feed of what was found, for any reader.
#include "delivery/feeds.hpp"
#include "core/base/text.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/content_pages.hpp"
#include "delivery/markup.hpp"

namespace earshot::api {
namespace {

constexpr std::size_t ideas_max = 50;
const std::string kinds = "feeds are ideas, incidents, gaps, risers, praise and stories";

/// The newest change of what a feed tells, so that it reads the same while nothing changed; of an empty one
/// the day.
Timestamp newest(const delivery::Feed& feed, Timestamp now) {
  if (feed.entries.empty()) return std::chrono::floor<std::chrono::days>(now);
  Timestamp out{};
  for (const auto& entry : feed.entries) out = std::max(out, entry.updated);
  return out;
}

Response feed_of(store::Reader& reader, const store::NamedBrand& brand, const std::string& file,
                 Timestamp now) {
  const bool atom = file.ends_with(".atom");
  const auto dot = file.rfind('.');
  if (dot == std::string::npos || (!atom && !file.ends_with(".json")))
    return problem(404, kinds + ", each as .atom and .json");
  const auto kind = file.substr(0, dot);
  delivery::Feed feed;
  if (kind == "ideas") {
    auto made = daemon::idea_feed(reader, brand, now);
    if (!made) return problem(made.error());
    feed = std::move(*made);
  } else if (kind == "incidents") {
    const auto rows = reader.incidents(brand.id, now - std::chrono::hours(24 * 90),
                                       now + std::chrono::hours(1), store::Members::no);
    if (!rows) return problem(rows.error());
    feed = delivery::incident_feed(brand.name, *rows, now);
  } else if (kind == "gaps") {
    const auto rows = reader.misled(brand.id);
    if (!rows) return problem(rows.error());
    feed = delivery::gap_feed(brand.name, *rows, now);
  } else if (kind == "risers") {
    const auto rows = reader.ideas(brand.id, ideas_max, store::Members::no);
    if (!rows) return problem(rows.error());
    const auto terms = reader.content().term_moves(brand.id);
    if (!terms) return problem(terms.error());
    feed = daemon::riser_feed(brand.name, *rows, *terms, now);
  } else if (kind == "praise" || kind == "stories") {
    auto made =
        kind == "praise" ? daemon::praise_feed(reader, brand, now) : daemon::story_feed(reader, brand, now);
    if (!made) return problem(made.error());
    feed = std::move(*made);
  } else {
    return problem(404, "there is no feed '" + printable(kind) + "': " + kinds);
  }
  feed.updated = newest(feed, now);
  return Response{.content_type = atom ? "application/atom+xml; charset=utf-8" : "application/feed+json",
                  .body = atom ? delivery::atom(feed) : delivery::json_feed(feed)};
}

/// A brand by its name or by its name as addresses have it.
Response of_brand(store::Reader& reader, const Request& request, Timestamp now) {
  const auto brands = reader.brands();
  if (!brands) return problem(brands.error());
  const auto& wanted = request.params[0];
  for (const auto& brand : *brands)
    if (delivery::slug(brand.name) == wanted || fold_case(brand.name) == fold_case(wanted))
      return feed_of(reader, brand, request.params[1], now);
  return problem(404, "there is no brand '" + printable(wanted) + "'");
}

Response of_first_brand(store::Reader& reader, const Request& request, Timestamp now) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  return feed_of(reader, *brand, request.params[0], now);
}

}  // namespace

void add_feed_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const Query first = [&clock](store::Reader& reader, const Request& request) {
    return of_first_brand(reader, request, clock.now());
  };
  const Query named = [&clock](store::Reader& reader, const Request& request) {
    return of_brand(reader, request, clock.now());
  };
  router.add({.method = "GET", .pattern = "/feeds/{feed}", .scope = Scope::feeds, .run = first});
  router.add({.method = "GET", .pattern = "/feeds/{brand}/{feed}", .scope = Scope::feeds, .run = named});
}

}  // namespace earshot::api
