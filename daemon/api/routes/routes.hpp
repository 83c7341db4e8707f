#pragma once
#include <functional>
#include <memory>

#include "core/base/clock.hpp"
#include "core/base/metrics.hpp"
#include "daemon/api/access.hpp"
#include "daemon/api/events.hpp"
#include "daemon/api/router.hpp"
#include "daemon/api/snapshot.hpp"
#include "daemon/committer.hpp"
#include "daemon/controls.hpp"
#include "daemon/run_log.hpp"
#include "store/store.hpp"

/// Every route of the HTTP API, one file for each kind of thing; docs/api.md is what they keep to.
namespace earshot::api {

/// What routes work with; all of it outlives them.
struct RouteServices {
  const Clock& clock;
  const Snapshots& snapshots;
  Access& access;
  EventHub& events;
  Metrics& metrics;
  store::Store& store;  ///< on `storing` alone
  daemon::Committer& committer;
  async::Executor storing;
  async::Executor analysing;
  const daemon::Controls& controls;
  const daemon::RunLog& run_log;
};

void add_session_routes(Router& router, const RouteServices& services);
void add_overview_routes(Router& router, const RouteServices& services);
void add_mention_routes(Router& router, const RouteServices& services);
void add_finding_routes(Router& router, const RouteServices& services);
void add_driver_routes(Router& router, const RouteServices& services);
void add_report_routes(Router& router, const RouteServices& services);
void add_quality_routes(Router& router, const RouteServices& services);
void add_service_routes(Router& router, const RouteServices& services);
void add_people_routes(Router& router, const RouteServices& services);
void add_content_routes(Router& router, const RouteServices& services);
void add_source_routes(Router& router, const RouteServices& services);
void add_score_routes(Router& router, const RouteServices& services);
void add_ingest_routes(Router& router, const RouteServices& services);
void add_hook_routes(Router& router, const RouteServices& services);
void add_action_routes(Router& router, const RouteServices& services);
void add_campaign_routes(Router& router, const RouteServices& services);
void add_delivery_routes(Router& router, const RouteServices& services);
void add_admin_routes(Router& router, const RouteServices& services);
void add_erasure_routes(Router& router, const RouteServices& services);
void add_feed_routes(Router& router, const RouteServices& services);
void add_page_routes(Router& router, const RouteServices& services);

}  // namespace earshot::api
