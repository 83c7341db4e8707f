// Mentions: found by what they say, when and of whom, by their ids, and one with the reasons for its verdict.
#include <map>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/explain.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::api {
namespace {

constexpr std::int64_t limit_max = 500;
constexpr std::size_t ids_max = 200;

std::string brand_name(const std::vector<store::NamedBrand>& brands, BrandId id) {
  for (const auto& brand : brands)
    if (brand.id == id) return brand.name;
  return "?";
}

Result<store::MentionFilter> filter_of(store::Reader& reader, const Request& request, Timestamp now) {
  store::MentionFilter out{.search = request.text("search")};
  const auto limit = number_of(request, "limit", 50, 1, limit_max);
  if (!limit) return unexpected(ErrorKind::invalid, "limit= is a number from 1 to 500");
  out.limit = static_cast<std::size_t>(*limit);
  if (const auto name = request.text("brand"); !name.empty()) {
    auto brand = daemon::find_brand(reader, name);
    if (!brand) return unexpected(brand.error());
    out.brand = brand->id;
  }
  for (const auto& [name, at] : {std::pair("since", &out.since), std::pair("until", &out.until)}) {
    const auto text = request.text(name);
    if (text.empty()) continue;
    auto when = daemon::parse_when(text, now);
    if (!when) return unexpected(when.error());
    *at = *when;
  }
  if (const auto text = request.text("polarity"); !text.empty()) {
    out.polarity = polarity_from(text);
    if (!out.polarity)
      return unexpected(ErrorKind::invalid, "polarity= is positive, neutral, negative or unscored");
  }
  if (auto status = daemon::filter_issue(reader, request.text("issue"), out); !status)
    return unexpected(status.error());
  out.contact = request.text("contact") == "true";
  out.counted = request.text("counted") == "true";
  if (const auto text = request.text("intent"); !text.empty()) {
    out.intent = intent_from(text);
    if (!out.intent) return unexpected(ErrorKind::invalid, "there is no intent '" + printable(text) + "'");
  }
  if (const auto text = request.text("source"); !text.empty()) {
    if (const auto source = source_of(reader, text); !source) return unexpected(source.error());
    out.source = text;
  }
  if (const auto text = request.text("lang"); !text.empty()) out.lang = text;
  if (auto status = daemon::filter_product(reader, request.text("product"), out); !status)
    return unexpected(status.error());
  if (const auto text = request.text("before"); !text.empty()) {
    const auto id = id_from(text);
    if (!id) return unexpected(ErrorKind::invalid, "before= is the id of a mention");
    out.before = MentionId{*id};
  }
  return out;
}

/// Mentions asked for by their ids; one brand's verdict each, or every verdict when no brand is named.
Response by_ids(store::Reader& reader, const Request& request, const std::vector<store::NamedBrand>& brands) {
  std::optional<BrandId> brand;
  if (const auto name = request.text("brand"); !name.empty()) {
    const auto found = daemon::find_brand(reader, name);
    if (!found) return problem(found.error());
    brand = found->id;
  }
  const auto ids_text = request.text("ids");
  const auto ids = split(ids_text, ',');
  if (ids.size() > ids_max) return problem(400, "ids= takes at most 200 ids");
  JsonWriter out;
  out.begin_object().key("mentions").begin_array();
  for (const auto text : ids) {
    const auto id = id_from(trim(text));
    if (!id) return problem(400, "ids= is a list of ids with commas between");
    const auto rows = reader.mention(MentionId{*id});
    if (!rows && rows.error().kind == ErrorKind::invalid) continue;
    if (!rows) return problem(rows.error());
    for (const auto& row : *rows)
      if (!brand || row.verdict.brand == *brand) write_json(out, row, brand_name(brands, row.verdict.brand));
  }
  out.end_array().key("next").null();
  return json(out.end_object().str());
}

Response list(store::Reader& reader, const Request& request, Timestamp now) {
  const auto brands = reader.brands();
  if (!brands) return problem(brands.error());
  if (!request.text("ids").empty()) return by_ids(reader, request, *brands);
  const auto filter = filter_of(reader, request, now);
  if (!filter) return problem(filter.error());
  const auto rows = reader.mentions(*filter);
  if (!rows) return problem(rows.error());
  JsonWriter out;
  out.begin_object().key("mentions").begin_array();
  for (const auto& row : *rows) write_json(out, row, brand_name(*brands, row.verdict.brand));
  out.end_array().key("next");
  rows->size() < filter->limit ? out.null() : out.value(id_text(rows->back().id));
  return json(out.end_object().str());
}

Response explained(store::Reader& reader, const Request& request, const daemon::Pipeline& pipeline) {
  const auto id = id_from(request.params.front());
  if (!id) return problem(404, "there is no mention '" + printable(request.params.front()) + "'");
  auto rows = reader.mention(MentionId{*id});
  if (!rows)
    return rows.error().kind == ErrorKind::invalid ? problem(404, rows.error().message)
                                                   : problem(rows.error());
  const auto brands = reader.brands();
  if (!brands) return problem(brands.error());
  if (const auto name = request.text("brand"); !name.empty())
    std::erase_if(*rows, [&](const auto& row) {
      return fold_case(brand_name(*brands, row.verdict.brand)) != fold_case(name);
    });
  if (rows->empty()) return problem(404, "this mention does not speak of that brand");
  const auto& first = rows->front();
  JsonWriter out;
  out.begin_object().key("mention");
  write_json(out, first, brand_name(*brands, first.verdict.brand));
  out.key("verdicts").begin_array();
  // Of a deleted mention only the numbers are kept: there is nothing to judge.
  if (!first.deleted)
    for (const auto& verdict : daemon::explain(pipeline, *rows))
      write_json(out, verdict, brand_name(*brands, verdict.brand), first.text);
  return json(out.end_array().end_object().str());
}

}  // namespace

void add_mention_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const auto& snapshots = services.snapshots;
  const Query find = [&clock](store::Reader& reader, const Request& request) {
    return list(reader, request, clock.now());
  };
  const Query one = [&snapshots](store::Reader& reader, const Request& request) {
    const auto snapshot = snapshots.now();
    return explained(reader, request, *snapshot->pipeline);
  };
  router.add({.method = "GET", .pattern = "/api/v1/mentions", .run = find});
  router.add({.method = "GET", .pattern = "/api/v1/mentions/{id}", .run = one});
}

}  // namespace earshot::api
