// The daemon as a whole, for whoever runs it: how it is, and what it should do at once.
#include <map>

#include "connectors/json_fields.hpp"
#include "core/base/time_format.hpp"
#include "core/base/version.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

void write_jobs(JsonWriter& out, const std::vector<daemon::JobRun>& jobs) {
  out.key("jobs").begin_array();
  for (const auto& one : jobs) {
    out.begin_object().field("job", one.job).field("brand", one.brand);
    out.field("last_at", format_rfc3339(one.last_at)).key("last_ok_at");
    one.last_ok_at ? out.value(format_rfc3339(*one.last_ok_at)) : out.null();
    out.field("seconds", std::chrono::duration<double>(one.took).count()).field("runs", one.runs);
    out.field("failures", one.failures).field("last_error", one.last_error).end_object();
  }
  out.end_array();
}

/// How many sources are in which state, and the names of those that are not well.
void write_sources(JsonWriter& out, const std::vector<store::SourceStatus>& sources) {
  std::map<std::string, std::int64_t> states;
  for (const auto& one : sources) ++states[one.state];
  out.key("sources").begin_object().key("states").begin_object();
  for (const auto& [state, count] : states) out.field(state, count);
  out.end_object().key("unwell").begin_array();
  for (const auto& one : sources)
    if (one.state != "ok" && one.state != "new") out.value(one.name);
  out.end_array().end_object();
}

Response status(store::Reader& reader, const daemon::RunLog& log) {
  const auto versions = reader.versions();
  if (!versions) return problem(versions.error());
  const auto storage = reader.storage();
  if (!storage) return problem(storage.error());
  const auto sources = reader.sources();
  if (!sources) return problem(sources.error());
  const auto destinations = reader.destinations();
  if (!destinations) return problem(destinations.error());
  JsonWriter out;
  out.begin_object().field("version", product_version);
  out.field("started_at", format_rfc3339(log.started_at()));
  out.field("configured_at", format_rfc3339(log.configured_at())).key("schema").begin_object();
  out.field("schema_version", versions->schema).field("views_version", versions->views);
  out.field("lexicon_version", versions->lexicon).end_object().key("store").begin_object();
  out.field("mentions", storage->mentions).field("database_bytes", storage->database_bytes);
  out.field("free_bytes", storage->free_bytes).field("wal_bytes", storage->log_bytes);
  out.field("search_bytes", storage->search_bytes).field("search_waiting", storage->search_waiting);
  out.end_object();
  write_jobs(out, log.jobs());
  write_sources(out, *sources);
  out.key("destinations").begin_array();
  for (const auto& one : *destinations) write_json(out, one);
  return json(out.end_array().end_object().str());
}

Response accepted(const Status& status) {
  if (!status) return problem(status.error());
  JsonWriter out;
  return json(out.begin_object().field("accepted", true).end_object().str());
}

Response poll(const Request& request, const daemon::Controls& controls) {
  const auto body = connectors::parse_json(request.body);
  if (!body || !(*body)["source"].is_string()) return problem(400, "\"source\" says which source is meant");
  return accepted(controls.poll(std::string((*body)["source"].text())));
}

}  // namespace

void add_admin_routes(Router& router, const RouteServices& services) {
  const auto& controls = services.controls;
  const auto& log = services.run_log;
  const Query now = [&log](store::Reader& reader, const Request&) { return status(reader, log); };
  const Immediate reload = [&controls](const Request&) { return accepted(controls.reload()); };
  const Immediate ask = [&controls](const Request& request) { return poll(request, controls); };
  router.add({.method = "GET", .pattern = "/api/v1/admin/status", .scope = Scope::admin, .run = now});
  router.add({.method = "POST", .pattern = "/api/v1/admin/reload", .scope = Scope::admin, .run = reload});
  router.add({.method = "POST", .pattern = "/api/v1/admin/poll", .scope = Scope::admin, .run = ask});
}

}  // namespace earshot::api
