// What people decide: labels, who looks after what, what is done. Each change is one transaction on the
// store's thread, and is answered with the thing as it is then.
#include <algorithm>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/acting.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/explain.hpp"

namespace earshot::api {
namespace {

Result<std::uint8_t> issue_of(std::string_view name, const Snapshot& snapshot) {
  if (const auto type = issue_type_from(name)) return static_cast<std::uint8_t>(*type);
  for (std::size_t i = 0; i < snapshot.own_issues.size(); ++i)
    if (snapshot.own_issues[i] == name) return static_cast<std::uint8_t>(own_issue_first + i);
  return unexpected(ErrorKind::invalid, "there is no issue type '" + printable(name) + "'");
}

Result<MentionId> mention_id(const Doing& doing) {
  const auto id = id_from(doing.request.params.front());
  if (!id)
    return unexpected(ErrorKind::gone,
                      "there is no mention '" + printable(doing.request.params.front()) + "'");
  return MentionId{*id};
}

Response mention_now(const Doing& doing, MentionId id, const store::NamedBrand& brand) {
  const auto mention = mention_for(doing.reader, id, brand.id);
  if (!mention) return problem(404, "this mention does not speak of that brand");
  JsonWriter out;
  write_json(out, *mention, brand.name);
  return json(out.str());
}

Response label(const Doing& doing) {
  const auto id = mention_id(doing);
  if (!id) return problem(id.error());
  const auto brand = brand_of(doing);
  if (!brand) return problem(brand.error());
  store::Label out{.mention = *id, .brand = brand->id, .by = doing.request.caller, .at = doing.now};
  std::optional<std::string> polarity, by;
  if (auto status = fill(doing.body, {{"polarity", &polarity}, {"note", &out.note}, {"by", &by}}); !status)
    return problem(status.error());
  if (by && !by->empty()) out.by = *by;
  if (polarity && !polarity->empty()) {
    out.polarity = polarity_from(*polarity);
    if (!out.polarity || *out.polarity == Polarity::unscored)
      return problem(400, "\"polarity\" is positive, neutral or negative");
  }
  if (const auto issues = doing.body["issues"]) {
    if (!issues.is_array()) return problem(400, "\"issues\" is a list of issue types");
    out.issues.emplace();
    for (const auto name : issues) {
      const auto bit = issue_of(name.text(), doing.snapshot);
      if (!bit) return problem(bit.error());
      out.issues->push_back(*bit);
    }
  }
  if (!out.polarity && !out.issues && !out.note)
    return problem(400, "say \"polarity\", \"issues\" or \"note\"");
  if (auto status = doing.store.label(out); !status) return problem(status.error());
  return mention_now(doing, *id, *brand);
}

Response unlabel(const Doing& doing) {
  const auto id = mention_id(doing);
  if (!id) return problem(id.error());
  const auto brand = brand_of(doing);
  if (!brand) return problem(brand.error());
  if (auto status = doing.store.unlabel(*id, brand->id); !status) return problem(status.error());
  return mention_now(doing, *id, *brand);
}

Response incident(const Doing& doing) {
  const auto id = id_from(doing.request.params.front());
  if (!id) return problem(404, "there is no incident '" + printable(doing.request.params.front()) + "'");
  store::IncidentDecision out{.id = IncidentId{*id}, .at = doing.now};
  auto status = fill(doing.body, {{"state", &out.state}, {"owner", &out.owner}, {"note", &out.note}});
  if (status) status = doing.store.decide_incident(out);
  if (!status) return problem(status.error());
  return finding(doing.reader, doing.reader.incident(out.id));
}

Response idea(const Doing& doing) {
  const auto id = id_from(doing.request.params.front());
  if (!id) return problem(404, "there is no idea '" + printable(doing.request.params.front()) + "'");
  store::IdeaDecision out{.id = IdeaId{*id}, .at = doing.now};
  auto status = fill(doing.body,
                     {{"state", &out.state}, {"owner", &out.owner}, {"url", &out.url}, {"note", &out.note}});
  if (!status) return problem(status.error());
  const auto due = optional_time(doing.body, "due");
  if (!due) return problem(due.error());
  out.due = *due;
  const auto published_at = optional_time(doing.body, "published_at");
  if (!published_at) return problem(published_at.error());
  out.published_at = *published_at;
  if (status = doing.store.decide_idea(out); !status) return problem(status.error());
  return finding(doing.reader, doing.reader.idea(out.id));
}

Response waiting(const Doing& doing) {
  const auto id = mention_id(doing);
  if (!id) return problem(id.error());
  const auto brand = brand_of(doing);
  if (!brand) return problem(brand.error());
  store::WaitingDecision out{.mention = *id, .brand = brand->id, .at = doing.now};
  auto status = fill(doing.body, {{"state", &out.state}, {"owner", &out.owner}, {"note", &out.note}});
  if (!status) return problem(status.error());
  const auto until = optional_time(doing.body, "until");
  if (!until) return problem(until.error());
  out.until = *until;
  if (status = doing.store.decide_waiting(out); !status) return problem(status.error());
  const auto row = doing.reader.waiting_of(brand->id, *id);
  if (!row) return problem(row.error());
  const auto mention = mention_for(doing.reader, *id, brand->id);
  if (!mention) return problem(404, "this mention does not speak of that brand");
  JsonWriter text;
  write_json(text, *row, *mention, brand->name);
  return json(text.str());
}

Response labels(store::Reader& reader, const Request& request) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 50, 1, 500);
  if (!limit) return problem(400, "limit= is a number from 1 to 500");
  const auto rows = reader.labels(brand->id, static_cast<std::size_t>(*limit));
  if (!rows) return problem(rows.error());
  JsonWriter out;
  out.begin_object().key("labels").begin_array();
  for (const auto& row : *rows)
    if (const auto mention = mention_for(reader, row.mention, brand->id))
      write_json(out, row, *mention, brand->name);
  return json(out.end_array().end_object().str());
}

/// With `evidence=true` also why each was judged so, in the same order: one request for a page that labels.
Response review(store::Reader& reader, const Request& request, const daemon::Pipeline& pipeline) {
  const auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return problem(brand.error());
  const auto limit = number_of(request, "limit", 20, 1, 100);
  if (!limit) return problem(400, "limit= is a number from 1 to 100");
  const auto rows = reader.to_review(brand->id, static_cast<std::size_t>(*limit));
  if (!rows) return problem(rows.error());
  JsonWriter out;
  out.begin_object().key("mentions").begin_array();
  for (const auto& row : *rows) write_json(out, row, brand->name);
  out.end_array();
  if (request.text("evidence") == "true") {
    out.key("verdicts").begin_array();
    for (const auto& row : *rows) {
      const auto verdicts = daemon::explain(pipeline, {row});
      const auto own = std::ranges::find(verdicts, brand->id, &BrandVerdict::brand);
      own == verdicts.end() ? static_cast<void>(out.null()) : write_json(out, *own, brand->name, row.text);
    }
    out.end_array();
  }
  return json(out.end_object().str());
}

}  // namespace

void add_action_routes(Router& router, const RouteServices& services) {
  const std::pair<const char*, std::pair<Act, const char*>> acts[] = {
      {"/api/v1/mentions/{id}/label", {label, "label"}},
      {"/api/v1/mentions/{id}/unlabel", {unlabel, "label"}},
      {"/api/v1/incidents/{id}", {incident, "incident"}},
      {"/api/v1/ideas/{id}", {idea, "idea"}},
      {"/api/v1/queue/{id}", {waiting, "waiting"}}};
  for (const auto& [pattern, action] : acts) {
    const Command run = [&services, action = action](Request request) {
      return act(services, std::move(request), action.first, action.second);
    };
    router.add({.method = "POST", .pattern = pattern, .scope = Scope::act, .run = run});
  }
  const Query all = [](store::Reader& reader, const Request& request) { return labels(reader, request); };
  const auto& snapshots = services.snapshots;
  const Query next = [&snapshots](store::Reader& reader, const Request& request) {
    const auto snapshot = snapshots.now();
    return review(reader, request, *snapshot->pipeline);
  };
  router.add({.method = "GET", .pattern = "/api/v1/labels", .run = all});
  router.add({.method = "GET", .pattern = "/api/v1/review", .run = next});
}

}  // namespace earshot::api
