// How the sources do, and how the daemon does: for people, for Prometheus, and for whoever restarts it.
#include <algorithm>

#include "core/base/time_format.hpp"
#include "core/base/version.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/legal.hpp"
#include "daemon/source_list.hpp"

namespace earshot::api {
namespace {

Response sources(store::Reader& reader, Timestamp now, const Snapshot& snapshot) {
  const auto rows = daemon::read_sources(reader);
  if (!rows) return problem(rows.error());
  const auto gaps = reader.gaps(now - std::chrono::hours(24 * 7), now);
  if (!gaps) return problem(gaps.error());
  JsonWriter out;
  out.begin_object().key("sources").begin_array();
  for (const auto& row : *rows) write_json(out, row);
  out.end_array().key("gaps").begin_array();
  for (const auto& row : *gaps) write_json(out, row);
  out.end_array().key("legal").begin_array();
  for (const auto& row : *rows) {
    out.begin_object().field("source", row.name);
    daemon::write_legal(out, daemon::legal_of(snapshot.legal, row.name, row.connector));
    out.end_object();
  }
  return json(out.end_array().end_object().str());
}

void describe(Metrics& metrics) {
  metrics.describe("earshot_http_requests_total", "Requests by route and status.");
  metrics.describe("earshot_http_request_seconds", "Time from a request to its answer.");
  metrics.describe("earshot_poll_delay_seconds", "How long after its time a poll's first request was made.");
  metrics.describe("earshot_source_items_total", "Items of the pages that were read since the start.");
  metrics.describe("earshot_source_empty_total", "Of those, items in which a field was empty.");
  metrics.describe("earshot_http_event_listeners", "Open streams of server-sent events.");
}

/// What the database says of every source, as metrics of this moment.
Result<std::string> source_metrics(store::Reader& reader, Timestamp now) {
  const auto rows = reader.sources();
  if (!rows) return unexpected(rows.error());
  const auto storage = reader.storage();
  if (!storage) return unexpected(storage.error());
  Metrics out;
  out.describe("earshot_source_received_total", "Posts that a source sent.");
  out.describe("earshot_source_stored_total", "Mentions stored for the first time.");
  out.describe("earshot_source_duplicate_total", "Mentions that were known already.");
  out.describe("earshot_source_updated_total", "Mentions that their authors changed.");
  out.describe("earshot_source_unmatched_total", "Posts that speak of no brand.");
  out.describe("earshot_source_malformed_total", "Items that could not be read.");
  out.describe("earshot_source_failures", "Failed polls in a row; 0: all is well.");
  out.describe("earshot_source_state", "1 for the state that the source is in.");
  out.describe("earshot_source_silence_seconds", "Time since the source last answered.");
  out.describe("earshot_source_quota_limit", "Requests that the platform allows in a window.");
  out.describe("earshot_source_quota_remaining", "Requests left of that, as the last answer had it.");
  out.describe("earshot_source_quota_reset_timestamp_seconds", "When the budget is full again.");
  out.describe("earshot_source_poll_rate", "Share of the polls wanted that the budget of requests allows.");
  out.describe("earshot_hydrate_asked_total", "Mentions that their platform was asked for again.");
  out.describe("earshot_hydrate_gone_total", "Of those, mentions that were deleted there.");
  out.describe("earshot_hydrate_overdue", "Mentions that were not read again within the platform's window.");
  out.describe("earshot_hydrate_oldest_timestamp_seconds", "When the stalest of those was last read.");
  for (const auto& row : *rows) {
    const auto labels = metric_label("source", row.name) + "," + metric_label("connector", row.connector);
    const std::pair<const char*, std::int64_t> counts[] = {
        {"received", row.received}, {"stored", row.stored},       {"duplicate", row.duplicate},
        {"updated", row.updated},   {"unmatched", row.unmatched}, {"malformed", row.malformed}};
    for (const auto& [name, count] : counts)
      out.count(std::string("earshot_source_") + name + "_total", labels, static_cast<double>(count));
    out.gauge("earshot_source_failures", labels, static_cast<double>(row.fail_count));
    out.gauge("earshot_source_state", labels + "," + metric_label("state", row.state), 1);
    if (row.last_ok_at)
      out.gauge("earshot_source_silence_seconds", labels,
                std::chrono::duration<double>(now - *row.last_ok_at).count());
    out.gauge("earshot_source_poll_rate", labels, row.poll_rate.value_or(1));
    if (row.hydrate) {
      out.count("earshot_hydrate_asked_total", labels, static_cast<double>(row.hydrate->asked));
      out.count("earshot_hydrate_gone_total", labels, static_cast<double>(row.hydrate->gone));
      out.gauge("earshot_hydrate_overdue", labels, static_cast<double>(row.hydrate->overdue));
      if (row.hydrate->oldest_at)
        out.gauge("earshot_hydrate_oldest_timestamp_seconds", labels,
                  static_cast<double>(to_ms(*row.hydrate->oldest_at)) / 1000);
    }
    if (!row.quota) continue;
    out.gauge("earshot_source_quota_remaining", labels, static_cast<double>(row.quota->remaining));
    if (row.quota->limit)
      out.gauge("earshot_source_quota_limit", labels, static_cast<double>(*row.quota->limit));
    if (row.quota->resets_at)
      out.gauge("earshot_source_quota_reset_timestamp_seconds", labels,
                static_cast<double>(to_ms(*row.quota->resets_at)) / 1000);
  }
  out.describe("earshot_store_mentions", "Mentions that are kept.");
  out.gauge("earshot_store_mentions", "", static_cast<double>(storage->mentions));
  out.describe("earshot_store_bytes", "Bytes on disk by part.");
  const std::pair<const char*, std::int64_t> parts[] = {{"database", storage->database_bytes},
                                                        {"free", storage->free_bytes},
                                                        {"log", storage->log_bytes},
                                                        {"search", storage->search_bytes}};
  for (const auto& [name, bytes] : parts)
    out.gauge("earshot_store_bytes", metric_label("part", name), static_cast<double>(bytes));
  out.describe("earshot_store_search_waiting", "Transactions that the full-text index has not taken in.");
  out.gauge("earshot_store_search_waiting", "", static_cast<double>(storage->search_waiting));
  const auto brands = reader.brands();
  if (!brands) return unexpected(brands.error());
  out.describe("earshot_incidents_open", "Widespread problems that are going on.");
  out.describe("earshot_queue_at_risk", "People whose complaint or threat to leave waits for an answer.");
  for (const auto& brand : *brands) {
    const auto incidents =
        reader.incidents(brand.id, now - std::chrono::hours(24 * 7), now, store::Members::no);
    if (!incidents) return unexpected(incidents.error());
    const auto waiting = reader.waiting_count(brand.id);
    if (!waiting) return unexpected(waiting.error());
    const auto label = metric_label("brand", brand.name);
    out.gauge("earshot_incidents_open", label,
              static_cast<double>(std::ranges::count(*incidents, "open", &store::IncidentRow::state)));
    out.gauge("earshot_queue_at_risk", label, static_cast<double>(waiting->at_risk));
  }
  return out.text();
}

/// What waits for destinations, and how they took what was sent.
Result<std::string> delivery_metrics(store::Reader& reader, Timestamp now) {
  const auto rows = reader.destinations();
  if (!rows) return unexpected(rows.error());
  Metrics out;
  out.describe("earshot_delivery_queued", "Deliveries that wait or are being sent.");
  out.describe("earshot_delivery_retrying", "Of those, deliveries that failed before.");
  out.describe("earshot_delivery_dead", "Dead letters: deliveries that were given up.");
  out.describe("earshot_delivery_sent_total", "Deliveries that the destination took.");
  out.describe("earshot_delivery_failed_total", "Attempts that it did not take.");
  out.describe("earshot_delivery_oldest_seconds", "How long the oldest that waits is overdue; 0: none is.");
  for (const auto& row : *rows) {
    const auto label = metric_label("destination", row.name);
    out.gauge("earshot_delivery_queued", label, static_cast<double>(row.waiting));
    out.gauge("earshot_delivery_retrying", label, static_cast<double>(row.retrying));
    out.gauge("earshot_delivery_dead", label, static_cast<double>(row.dead));
    out.count("earshot_delivery_sent_total", label, static_cast<double>(row.sent));
    out.count("earshot_delivery_failed_total", label, static_cast<double>(row.failed));
    const auto overdue = row.oldest_due_at ? now - *row.oldest_due_at : Milliseconds(0);
    out.gauge("earshot_delivery_oldest_seconds", label,
              std::max(0.0, std::chrono::duration<double>(overdue).count()));
  }
  return out.text();
}

/// How the jobs fared since the daemon began.
std::string job_metrics(const daemon::RunLog& log) {
  Metrics out;
  out.describe("earshot_job_duration_seconds", "How long a job took when it last went well.");
  out.describe("earshot_job_last_success_timestamp_seconds", "When a job last went well.");
  out.describe("earshot_job_runs_total", "Runs of a job.");
  out.describe("earshot_job_failures_total", "Runs of a job that failed.");
  for (const auto& one : log.jobs()) {
    const auto labels = metric_label("name", one.job) + "," + metric_label("brand", one.brand);
    out.count("earshot_job_runs_total", labels, static_cast<double>(one.runs));
    out.count("earshot_job_failures_total", labels, static_cast<double>(one.failures));
    if (!one.last_ok_at) continue;
    out.gauge("earshot_job_duration_seconds", labels, std::chrono::duration<double>(one.took).count());
    out.gauge("earshot_job_last_success_timestamp_seconds", labels,
              static_cast<double>(to_ms(*one.last_ok_at)) / 1000);
  }
  return out.text();
}

/// What does not change while this program runs, and when it began.
std::string build_metrics(const daemon::RunLog& log) {
  Metrics out;
  out.describe("earshot_build_info", "1; the program's version is the label.");
  out.gauge("earshot_build_info", metric_label("version", product_version), 1);
  out.describe("earshot_start_timestamp_seconds", "When the daemon began.");
  out.gauge("earshot_start_timestamp_seconds", "", static_cast<double>(to_ms(log.started_at())) / 1000);
  return out.text();
}

Response metrics_page(store::Reader& reader, Timestamp now, const Metrics& metrics,
                      const daemon::RunLog& log) {
  auto text = source_metrics(reader, now);
  if (!text) return problem(text.error());
  auto deliveries = delivery_metrics(reader, now);
  if (!deliveries) return problem(deliveries.error());
  *text += *deliveries + job_metrics(log) + build_metrics(log);
  return Response{.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics.text() + *text};
}

Response plain(std::string text) {
  return Response{.content_type = "text/plain; charset=utf-8", .body = std::move(text)};
}

}  // namespace

void add_source_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  auto& metrics = services.metrics;
  auto& events = services.events;
  describe(metrics);
  const auto& snapshots = services.snapshots;
  const Query list = [&clock, &snapshots](store::Reader& reader, const Request&) {
    const auto snapshot = snapshots.now();
    return sources(reader, clock.now(), *snapshot);
  };
  const auto& log = services.run_log;
  const Query prometheus = [&clock, &metrics, &log](store::Reader& reader, const Request&) {
    return metrics_page(reader, clock.now(), metrics, log);
  };
  const Immediate alive = [](const Request&) { return plain("ok\n"); };
  const Query ready = [](store::Reader& reader, const Request&) {
    const auto brands = reader.brands();
    return brands ? plain("ready\n") : problem(503, "the database cannot be read");
  };
  const Immediate stream = [&metrics, &events](const Request&) {
    metrics.gauge("earshot_http_event_listeners", "", static_cast<double>(events.listeners() + 1));
    return Response{.content_type = "text/event-stream", .events = true};
  };
  router.add({.method = "GET", .pattern = "/api/v1/sources", .run = list});
  router.add({.method = "GET", .pattern = "/api/v1/events", .run = stream});
  router.add({.method = "GET", .pattern = "/metrics", .scope = Scope::metrics, .run = prometheus});
  router.add({.method = "GET", .pattern = "/healthz", .scope = Scope::none, .run = alive});
  router.add({.method = "GET", .pattern = "/readyz", .scope = Scope::none, .run = ready});
}

}  // namespace earshot::api
