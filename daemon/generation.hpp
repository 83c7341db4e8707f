#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "core/base/clock.hpp"
#include "daemon/api/snapshot.hpp"
#include "daemon/config.hpp"
#include "daemon/farewell.hpp"
#include "daemon/job_loop.hpp"
#include "daemon/source_loop.hpp"
#include "net/auth/auth_client.hpp"
#include "net/curl_client.hpp"
#include "net/direct_live_client.hpp"
#include "net/imap_client.hpp"

namespace earshot::daemon {

/// A generation of source loops: what one configuration listens to. A reload ends one generation and starts
/// the next.
struct Generation {
  std::unique_ptr<net::CurlClient> http;
  std::unique_ptr<net::DirectLiveClient> live;
  std::unique_ptr<net::auth::AuthClient> auth;
  std::unique_ptr<net::ImapClient> mail;
  std::vector<std::unique_ptr<SourceLoop>> loops;
  std::vector<std::unique_ptr<Farewell>> farewells;  ///< of sources that are gone
  std::vector<JobBrand> brands;
  api::Snapshot snapshot;  ///< what the HTTP API needs of the configuration
  int running = 0;         ///< loops and farewells that have not ended

  /// Who takes what is pushed to that source; nothing: nobody.
  std::shared_ptr<connectors::PushReceiver> receiver(const std::string& source);
  /// Asks every loop and every request to end.
  void stop();
};

/// What every generation shares; outlives them.
struct GenerationParts {
  Clock& clock;
  store::Store& store;
  Committer& committer;
  async::Executor home, storing, analysing;
  std::function<void(const Error&)> store_broken;
  std::function<void(const std::string& source, std::int64_t mentions)> stored;
  std::function<void(std::chrono::steady_clock::duration delay)> polled;
  std::function<void(const std::string& source, const EmptyFields& fields)> heard;
};

/// Names the brands, issue types and sources in the store, and makes a loop for each source. Touches the
/// store: on its thread, or before there is one. Fails with `invalid` (the configuration), or like the store.
Result<std::unique_ptr<Generation>> build_generation(const Config& config, const GenerationParts& parts);

}  // namespace earshot::daemon
