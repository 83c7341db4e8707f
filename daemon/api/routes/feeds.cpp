// Atom and JSON Feed of what was found, for any reader.
#include <algorithm>

#include "core/base/text.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/content_pages.hpp"
#include "delivery/feeds.hpp"
#include "delivery/markup.hpp"

namespace earshot::api {
namespace {

Response feed_of(store::Reader& reader, const store::NamedBrand& brand, const std::string& file,
                 Timestamp now) {
  const bool atom = file.ends_with(".atom");
  const auto kind = file.substr(0, file.rfind('.'));
  if ((!atom && !file.ends_with(".json")) ||
      std::ranges::find(daemon::feed_kinds, kind) == daemon::feed_kinds.end())
    return problem(
        404, "there is no feed '" + printable(file) +
                 "': they are ideas, incidents, gaps, risers, praise and stories, each as .atom and .json");
  const auto made = daemon::feed_of(reader, brand, kind, now);
  if (!made) return problem(made.error());
  const auto& feed = *made;
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
