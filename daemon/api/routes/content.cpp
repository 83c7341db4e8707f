// What the content team works with: stories that may be told, pages that answer what people ask, and how
// people put things; and what they do for the brand.
#include "core/base/text.hpp"
#include "daemon/api/content_views.hpp"
#include "daemon/api/routes/acting.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::api {
namespace {

/// How far back these lists look when nobody says: as the jobs do.
constexpr int content_days = 84;

Response no_story(const Request& request) {
  return problem(404, "there is no story '" + printable(request.params.front()) + "'");
}

Response story_now(store::Reader& reader, const Request& request, const store::NamedBrand& brand) {
  const auto id = id_from(request.params.front());
  if (!id) return no_story(request);
  const auto text = story_json(reader, brand, MentionId{*id});
  if (!text && text.error().kind == ErrorKind::invalid) return no_story(request);
  return json(text);
}

Response stories(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, content_days, now);
  if (!asked_for) return problem(asked_for.error());
  const auto limit = number_of(request, "limit", 50, 1, 200);
  if (!limit) return problem(400, "limit= is a number from 1 to 200");
  return json(stories_json(reader, asked_for->brand, request.text("consent"), asked_for->window,
                           static_cast<std::size_t>(*limit)));
}

Response story(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  return brand ? story_now(reader, request, *brand) : problem(brand.error());
}

Response decide(const Doing& doing) {
  const auto id = id_from(doing.request.params.front());
  if (!id) return no_story(doing.request);
  const auto brand = brand_of(doing);
  if (!brand) return problem(brand.error());
  store::StoryDecision out{
      .rant = MentionId{*id}, .brand = brand->id, .by = doing.request.caller, .at = doing.now};
  std::optional<std::string> by;
  auto status = fill(doing.body, {{"consent", &out.consent}, {"note", &out.note}, {"by", &by}});
  if (!status) return problem(status.error());
  if (by && !by->empty()) out.by = *by;
  if (!out.consent && !out.note) return problem(400, "say \"consent\" or \"note\"");
  if (status = doing.store.content().decide_story(out); !status) return problem(status.error());
  return story_now(doing.reader, doing.request, *brand);
}

Response links(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  return json(links_json(reader, *brand, static_cast<std::size_t>(*limit)));
}

Response glossary(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, content_days, now);
  if (!asked_for) return problem(asked_for.error());
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  store::MentionFilter filter{.brand = asked_for->brand.id};
  auto status = daemon::filter_issue(reader, request.text("issue"), filter);
  if (status) status = daemon::filter_product(reader, request.text("product"), filter);
  if (!status) return problem(status.error());
  const insight::GlossaryQuestion question{.since = asked_for->window.since,
                                           .until = asked_for->window.until,
                                           .issue = filter.issue,
                                           .product = filter.product,
                                           .no_issue = filter.no_issue,
                                           .limit = static_cast<std::size_t>(*limit)};
  const insight::JobInput input{
      .reader = reader, .brand = asked_for->brand.id, .brand_name = asked_for->brand.name, .now = now};
  const auto made = insight::make_glossary(input, question);
  if (!made) return problem(made.error());
  return json(glossary_json(*made, asked_for->brand, asked_for->window));
}

Response movers(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  return json(movers_json(reader, *brand, static_cast<std::size_t>(*limit)));
}

Response ror(store::Reader& reader, const Request& request, Timestamp now, const Snapshot& snapshot) {
  const auto asked_for = asked(reader, request, 365, now);
  if (!asked_for) return problem(asked_for.error());
  const auto& [brand, window] = *asked_for;
  const insight::JobInput input{
      .reader = reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto found =
      insight::return_on_relationship(input, window.since, window.until, snapshot.ror_half_life);
  if (!found) return problem(found.error());
  return json(ror_json(*found, brand));
}

}  // namespace

void add_content_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const Query all_stories = [&clock](store::Reader& reader, const Request& request) {
    return stories(reader, request, clock.now());
  };
  const Query one_story = story, all_links = links, all_movers = movers;
  const Query own_words = [&clock](store::Reader& reader, const Request& request) {
    return glossary(reader, request, clock.now());
  };
  const auto& snapshots = services.snapshots;
  const Query relationship = [&clock, &snapshots](store::Reader& reader, const Request& request) {
    return ror(reader, request, clock.now(), *snapshots.now());
  };
  const Command decide_story = [&services](Request request) {
    return act(services, std::move(request), decide, "story");
  };
  router.add({.method = "GET", .pattern = "/api/v1/stories", .run = all_stories});
  router.add({.method = "GET", .pattern = "/api/v1/stories/{id}", .run = one_story});
  router.add({.method = "POST", .pattern = "/api/v1/stories/{id}", .scope = Scope::act, .run = decide_story});
  router.add({.method = "GET", .pattern = "/api/v1/links", .run = all_links});
  router.add({.method = "GET", .pattern = "/api/v1/glossary", .run = own_words});
  router.add({.method = "GET", .pattern = "/api/v1/movers", .run = all_movers});
  router.add({.method = "GET", .pattern = "/api/v1/ror", .run = relationship});
}

}  // namespace earshot::api
