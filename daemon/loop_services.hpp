#pragma once
#include <functional>
#include <string>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "daemon/committer.hpp"
#include "daemon/empty_fields.hpp"
#include "net/http_client.hpp"
#include "net/live_client.hpp"
#include "store/store.hpp"

namespace earshot::net {
class MailClient;
class SecretSource;
}  // namespace earshot::net

namespace earshot::daemon {

/// What every source loop shares.
struct LoopServices {
  net::HttpClient& http;
  const Clock& clock;
  store::Store& store;
  Committer& committer;
  async::Executor home;       ///< the io thread
  async::Executor storing;    ///< the store thread
  async::Executor analysing;  ///< the worker pool
  net::SecretSource* secrets = nullptr;
  net::MailClient* mail = nullptr;
  /// Called, on the io thread, when the store is damaged or its state is unknown (a failed sync): the process
  /// must end loudly, since what memory and file hold may differ from now on.
  std::function<void(const Error&)> store_broken = {};
  net::LiveClient* live = nullptr;  ///< nothing: live streams are not heard
  /// Told of every page that brought or changed mentions: the source's name and how many.
  std::function<void(const std::string& source, std::int64_t mentions)> stored = {};
  /// Told of every poll how long after its time its first request was made.
  std::function<void(std::chrono::steady_clock::duration delay)> polled = {};
  /// Told of every page what its items lacked.
  std::function<void(const std::string& source, const EmptyFields& fields)> heard = {};
};

}  // namespace earshot::daemon
