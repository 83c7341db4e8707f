#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "daemon/api/routes/routes.hpp"
#include "daemon/empty_fields.hpp"

namespace earshot::api {

/// What the API serves from; all of it outlives the Api.
struct ApiServices {
  const Clock& clock;
  store::Store& store;  ///< on `storing` alone
  daemon::Committer& committer;
  async::Executor home, storing, analysing;
  std::string database;
  const daemon::Controls& controls;
  const daemon::RunLog& run_log;
};

/// The daemon's face: everything between a socket and the store, in the order of dependence. Lives on the io
/// thread.
class Api {
 public:
  Api(const ApiServices& services, const daemon::HttpConfig& config);
  ~Api();

  /// Opens every address there is. `busy` when one is taken, except the default one: then the daemon goes on
  /// without, and says so.
  Status open(const std::vector<int>& passed_sockets);
  /// The brands, queries and money of a configuration, and its tokens. A new address needs a restart.
  void replace(Snapshot snapshot, const daemon::HttpConfig& config);
  /// Tell those who watch.
  void stored(const std::string& source, std::int64_t mentions);
  void found(const std::string& brand);
  /// How late a poll was, for the metrics.
  void polled(std::chrono::steady_clock::duration delay);
  /// What the items of a page lacked, for the metrics.
  void heard(const std::string& source, const daemon::EmptyFields& fields);
  /// No more connections; those there are end.
  void stop();
  std::size_t connections() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace earshot::api
