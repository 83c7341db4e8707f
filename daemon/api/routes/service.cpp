// Who waits, how the stories of unhappy customers went on, and what answering was worth.
#include <map>

#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/people_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

Response queue(store::Reader& reader, const Request& request, Timestamp now) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  const auto kind = request.text("kind");
  if (kind == "praise") {
    return json(praise_json(reader, *brand, static_cast<std::size_t>(*limit), now));
  }
  if (!kind.empty() && kind != "waiting") return problem(400, "kind= is waiting or praise");
  const auto rows = reader.waiting(brand->id, static_cast<std::size_t>(*limit));
  if (!rows) return problem(rows.error());
  const auto count = reader.waiting_count(brand->id);
  if (!count) return problem(count.error());
  JsonWriter out;
  out.begin_object().key("waiting").begin_array();
  for (const auto& row : *rows) {
    const auto mention = mention_for(reader, row.id, brand->id);
    if (!mention || mention->deleted) continue;
    write_json(out, row, *mention, brand->name);
  }
  return json(out.end_array().field("at_risk", count->at_risk).end_object().str());
}

void write_mention(JsonWriter& out, store::Reader& reader, const char* key,
                   const std::optional<MentionId>& id, const store::NamedBrand& brand) {
  out.key(key);
  const auto mention = id ? mention_for(reader, *id, brand.id) : std::nullopt;
  mention ? write_json(out, *mention, brand.name) : void(out.null());
}

Response journeys(store::Reader& reader, const Request& request, Timestamp now) {
  const auto asked_for = asked(reader, request, 84, now);
  if (!asked_for) return problem(asked_for.error());
  const auto limit = number_of(request, "limit", 50, 1, 200);
  if (!limit) return problem(400, "limit= is a number from 1 to 200");
  const auto& [brand, window] = *asked_for;
  const auto rows = reader.journeys(brand.id, window.since, window.until, request.text("outcome"),
                                    static_cast<std::size_t>(*limit));
  if (!rows) return problem(rows.error());
  const auto days = reader.journey_counts(brand.id, window.since, window.until);
  if (!days) return problem(days.error());
  std::map<std::string, std::int64_t> counts;
  for (const auto& row : *days) counts[row.outcome] += row.journeys;
  JsonWriter out;
  out.begin_object().key("journeys").begin_array();
  for (const auto& row : *rows) {
    out.begin_object();
    write_fields(out, row);
    write_mention(out, reader, "rant", row.rant, brand);
    write_mention(out, reader, "reply", row.reply, brand);
    write_mention(out, reader, "last", row.last, brand);
    out.end_object();
  }
  out.end_array().key("counts").begin_object();
  for (const auto& [name, count] : counts) out.field(name, count);
  return json(out.end_object().end_object().str());
}

Response roi(store::Reader& reader, const Request& request, Timestamp now, const Snapshot& snapshot) {
  const auto asked_for = asked(reader, request, 84, now);
  if (!asked_for) return problem(asked_for.error());
  const auto& [brand, window] = *asked_for;
  const insight::JobInput input{
      .reader = reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto summary = insight::summarise_roi(input, window.since, window.until, snapshot.money);
  if (!summary) return problem(summary.error());
  JsonWriter out;
  write_roi(out, *summary, brand.name, window.since, window.until);
  return json(out.str());
}

}  // namespace

void add_service_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const auto& snapshots = services.snapshots;
  const Query waiting = [&clock](store::Reader& reader, const Request& request) {
    return queue(reader, request, clock.now());
  };
  const Query stories = [&clock](store::Reader& reader, const Request& request) {
    return journeys(reader, request, clock.now());
  };
  const Query money = [&clock, &snapshots](store::Reader& reader, const Request& request) {
    return roi(reader, request, clock.now(), *snapshots.now());
  };
  router.add({.method = "GET", .pattern = "/api/v1/queue", .run = waiting});
  router.add({.method = "GET", .pattern = "/api/v1/journeys", .run = stories});
  router.add({.method = "GET", .pattern = "/api/v1/roi", .run = money});
}

}  // namespace earshot::api
