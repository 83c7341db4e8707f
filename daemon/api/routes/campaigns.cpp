// Campaigns and claims as people enter them, and who felt misled.
#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/acting.hpp"
#include "daemon/api/routes/asking.hpp"

namespace earshot::api {
namespace {

template <typename Row>
Response list_of(const char* name, const Result<std::vector<Row>>& rows, const std::string& brand) {
  if (!rows) return problem(rows.error());
  JsonWriter out;
  out.begin_object().key(name).begin_array();
  for (const auto& row : *rows) write_json(out, row, brand);
  return json(out.end_array().end_object().str());
}

Response campaigns(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  return list_of("campaigns", reader.campaigns(brand->id), brand->name);
}

Response claims(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  return list_of("claims", reader.claims(brand->id), brand->name);
}

Response all_misled(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  return list_of("misled", reader.misled(brand->id), brand->name);
}

Response none(const char* what, const Request& request) {
  return problem(404, std::string("there is no ") + what + " '" + printable(request.params.front()) + "'");
}

Response campaign(store::Reader& reader, const Request& request) {
  const auto id = id_from(request.params.front());
  return id ? finding(reader, reader.campaign(CampaignId{*id})) : none("campaign", request);
}

Response claim(store::Reader& reader, const Request& request) {
  const auto id = id_from(request.params.front());
  return id ? finding(reader, reader.claim(ClaimId{*id})) : none("claim", request);
}

Response one_misled(store::Reader& reader, const Request& request) {
  const auto id = id_from(request.params.front());
  return id ? finding(reader, reader.misled(MisledId{*id})) : none("finding", request);
}

/// Of an address with an id, that; of one without, the brand that the body names.
template <typename Decision>
Status begin(const Doing& doing, Decision& decision) {
  decision.at = doing.now;
  if (doing.request.params.empty()) {
    const auto brand = brand_of(doing);
    if (!brand) return unexpected(brand.error());
    decision.brand = brand->id;
    return Done{};
  }
  const auto id = id_from(doing.request.params.front());
  if (!id) return unexpected(ErrorKind::gone, "there is nothing with that number");
  decision.id.value = *id;
  return Done{};
}

template <typename Decision>
Status span_of(const Doing& doing, Decision& decision) {
  const auto from = optional_time(doing.body, "from");
  if (!from) return unexpected(from.error());
  const auto to = optional_end(doing.body, "to");
  if (!to) return unexpected(to.error());
  decision.from = *from;
  decision.to = *to;
  return Done{};
}

Response save_campaign(const Doing& doing) {
  store::CampaignDecision out;
  auto status = begin(doing, out);
  if (status) status = fill(doing.body, {{"name", &out.name}, {"url", &out.url}, {"note", &out.note}});
  if (status) status = span_of(doing, out);
  if (!status) return problem(status.error());
  const auto id = doing.store.decide_campaign(out);
  return id ? finding(doing.reader, doing.reader.campaign(*id)) : problem(id.error());
}

Response save_claim(const Doing& doing) {
  store::ClaimDecision out;
  std::optional<std::string> campaign;
  auto status = begin(doing, out);
  if (status)
    status =
        fill(doing.body,
             {{"campaign", &campaign}, {"product", &out.product}, {"text", &out.text}, {"url", &out.url}});
  if (status) status = span_of(doing, out);
  if (!status) return problem(status.error());
  const auto edited_at = optional_time(doing.body, "edited_at");
  if (!edited_at) return problem(edited_at.error());
  out.edited_at = *edited_at;
  if (campaign) {
    const auto id = campaign->empty() ? std::optional<std::int64_t>(0) : id_from(*campaign);
    if (!id) return problem(400, "\"campaign\" is the id of a campaign, or null");
    out.campaign = CampaignId{*id};
  }
  const auto id = doing.store.decide_claim(out);
  return id ? finding(doing.reader, doing.reader.claim(*id)) : problem(id.error());
}

}  // namespace

void add_campaign_routes(Router& router, const RouteServices& services) {
  const auto change = [&services](Act what, const char* kind) -> Command {
    return [&services, what, kind](Request request) { return act(services, std::move(request), what, kind); };
  };
  const auto save_a_campaign = change(save_campaign, "campaign"), save_a_claim = change(save_claim, "claim");
  const Query list_campaigns = campaigns, list_claims = claims, list_misled = all_misled;
  const Query show_campaign = campaign, show_claim = claim, show_misled = one_misled;
  constexpr auto may = Scope::act;
  router.add({.method = "GET", .pattern = "/api/v1/campaigns", .run = list_campaigns});
  router.add({.method = "GET", .pattern = "/api/v1/campaigns/{id}", .run = show_campaign});
  router.add({.method = "POST", .pattern = "/api/v1/campaigns", .scope = may, .run = save_a_campaign});
  router.add({.method = "PATCH", .pattern = "/api/v1/campaigns/{id}", .scope = may, .run = save_a_campaign});
  router.add({.method = "GET", .pattern = "/api/v1/claims", .run = list_claims});
  router.add({.method = "GET", .pattern = "/api/v1/claims/{id}", .run = show_claim});
  router.add({.method = "POST", .pattern = "/api/v1/claims", .scope = may, .run = save_a_claim});
  router.add({.method = "PATCH", .pattern = "/api/v1/claims/{id}", .scope = may, .run = save_a_claim});
  router.add({.method = "GET", .pattern = "/api/v1/misled", .run = list_misled});
  router.add({.method = "GET", .pattern = "/api/v1/misled/{id}", .run = show_misled});
}

}  // namespace earshot::api
