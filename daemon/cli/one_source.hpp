#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "daemon/cli/options.hpp"
#include "daemon/prepare.hpp"
#include "daemon/source_loop.hpp"
#include "net/auth/auth_client.hpp"
#include "net/curl_client.hpp"
#include "net/imap_client.hpp"

/// One configured source without the daemon: its clients, on an io context of its own.
namespace earshot::cli {

class OneSource {
 public:
  /// The source named by `options.name`. `invalid`: the configuration is wrong; `gone`: it has no such
  /// source, and the message names those there are.
  static Result<std::unique_ptr<OneSource>> open(const Options& options);

  const daemon::Config& config() const { return config_; }
  daemon::PreparedSource& source() { return *source_; }
  const daemon::Pipeline& pipeline() const { return *prepared_.pipeline; }
  net::HttpClient& http() { return http_; }
  connectors::Context context();
  /// Runs one coroutine to its end.
  void run(async::Awaitable<void> work);

  /// The database, to write to. Brands and source are those of the store from then on: until now they were
  /// numbered from 1.
  Result<std::unique_ptr<store::Store>> open_store();
  /// A connector that takes the place of the source's own.
  using Wrap = std::function<std::unique_ptr<connectors::Connector>(std::unique_ptr<connectors::Connector>)>;
  /// Polls every stream until it is caught up, with the brands' ids of the store; says on standard error what
  /// that brought.
  Status catch_up(const Wrap& wrap, int attempts_max, daemon::SourceLoop::Budget budget);

 private:
  OneSource(daemon::Config config, daemon::Prepared prepared, std::size_t at);

  daemon::Config config_;
  daemon::Prepared prepared_;
  daemon::PreparedSource* source_;
  boost::asio::io_context io_{1};
  SystemClock clock_;
  net::CurlClient plain_;
  net::ImapClient mail_;
  net::auth::AuthClient http_;
};

/// The exit code of a command whose source could not be opened: 2 when there is none of that name.
int fail_to_open(const Error& error);

}  // namespace earshot::cli
