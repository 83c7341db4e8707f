#include "daemon/api/api.hpp"

#include "core/base/json_writer.hpp"
#include "core/base/log.hpp"
#include "daemon/api/server.hpp"

namespace earshot::api {

struct Api::State {
  State(const ApiServices& given, const daemon::HttpConfig& http)
      : config(http),
        access(http, given.clock),
        events(std::make_shared<EventHub>(given.home)),
        queries(given.database),
        services{.clock = given.clock,
                 .snapshots = snapshots,
                 .access = access,
                 .events = *events,
                 .metrics = metrics,
                 .store = given.store,
                 .committer = given.committer,
                 .storing = given.storing,
                 .analysing = given.analysing,
                 .controls = given.controls,
                 .run_log = given.run_log},
        replays(given.store, given.storing, given.clock),
        dispatch(router, access, queries, metrics, replays),
        server(given.home, dispatch, events) {
    for (const auto& add : {add_session_routes,  add_overview_routes, add_mention_routes, add_finding_routes,
                            add_driver_routes,   add_report_routes,   add_quality_routes, add_service_routes,
                            add_people_routes,   add_content_routes,  add_source_routes,  add_score_routes,
                            add_ingest_routes,   add_hook_routes,     add_action_routes,  add_campaign_routes,
                            add_delivery_routes, add_admin_routes,    add_erasure_routes, add_feed_routes,
                            add_page_routes})
      add(router, services);
  }

  daemon::HttpConfig config;
  Access access;
  Snapshots snapshots;
  Metrics metrics;
  std::shared_ptr<EventHub> events;
  QueryPool queries;
  RouteServices services;
  Router router;
  Replays replays;
  Dispatch dispatch;
  Server server;
};

Api::Api(const ApiServices& services, const daemon::HttpConfig& config)
    : state_(std::make_unique<State>(services, config)) {}
Api::~Api() = default;

Status Api::open(const std::vector<int>& passed_sockets) {
  auto& s = *state_;
  for (const int descriptor : passed_sockets)
    if (auto status = s.server.adopt(descriptor); !status) return status;
  if (!s.config.socket.empty())
    if (auto status = s.server.listen_unix(s.config.socket); !status) return status;
  const auto address = daemon::parse_http_address(s.config.listen);
  if (!address || !passed_sockets.empty()) return Done{};
  auto status = s.server.listen(*address);
  if (!status && s.config.listen_given) return status;
  if (!status) {
    log::warn("no dashboard and no API", {{"error", status.error().message}});
    return Done{};
  }
  const auto host = address->host.find(':') == std::string::npos ? address->host : "[" + address->host + "]";
  log::info("serving", {{"url", "http://" + host + ":" + std::to_string(s.server.port()) + "/"}});
  return Done{};
}

void Api::replace(Snapshot snapshot, const daemon::HttpConfig& config) {
  auto& s = *state_;
  if (config.listen != s.config.listen || config.socket != s.config.socket)
    log::warn("another [http] address needs a restart", {{"listen", s.config.listen}});
  s.access.replace(config);
  s.snapshots.replace(std::move(snapshot));
}

void Api::stored(const std::string& source, std::int64_t mentions) {
  state_->events->stored(source, mentions);
}

void Api::found(const std::string& brand) {
  JsonWriter out;
  out.begin_object().field("brand", brand).end_object();
  state_->events->publish("findings", out.view());
}

void Api::polled(std::chrono::steady_clock::duration delay) {
  state_->metrics.observe_seconds("earshot_poll_delay_seconds", "",
                                  std::chrono::duration<double>(delay).count());
}

void Api::heard(const std::string& source, const daemon::EmptyFields& fields) {
  const auto label = metric_label("source", source);
  state_->metrics.count("earshot_source_items_total", label, static_cast<double>(fields.items));
  for (std::size_t i = 0; i < fields.empty.size(); ++i)
    state_->metrics.count("earshot_source_empty_total",
                          label + "," + metric_label("field", daemon::EmptyFields::names[i]),
                          static_cast<double>(fields.empty[i]));
}

void Api::stop() { state_->server.stop(); }

std::size_t Api::connections() const { return state_->server.connections(); }

}  // namespace earshot::api
