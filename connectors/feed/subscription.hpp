#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json_fields.hpp"
#include "core/base/clock.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "net/http_types.hpp"

namespace earshot::connectors::feed {

/// One feed at one hub (W3C WebSub): what was asked for, what the hub granted, and when it is due again.
struct Subscription {
  enum class State { wanted, asked, active, leaving };
  std::string url;    ///< as configured
  std::string topic;  ///< as the hub knows it
  std::string hub;
  State state = State::wanted;
  Timestamp due_at = {};                      ///< the hub is not asked before
  std::optional<Timestamp> lease_until = {};  ///< of the last grant
  int failures = 0;                           ///< requests in a row that led to nothing

  /// Short and stable: tells the callbacks of one source's feeds apart.
  std::string key() const;
  /// A request to the hub; nothing to do when it is not due.
  bool is_due(Timestamp now) const { return now >= due_at; }
  net::HttpRequest request(const std::string& callback, const Secret& secret) const;
  /// After the request: the hub took it (and will ask whether we mean it), or not.
  void asked(bool taken, Timestamp now);
  void granted(std::chrono::seconds lease, Timestamp now);
  void denied(Timestamp now);
  bool operator==(const Subscription&) const = default;
};

/// The subscriptions of one source, as they are kept in its cursor.
struct Subscriptions {
  std::vector<Subscription> all;

  /// From a JSON array; what cannot be read is left out.
  static Subscriptions read(JsonValue array);
  void write(JsonWriter& out) const;
  /// Those of feeds that are not among `urls` any more leave, and come back when they are again.
  void keep_only(const std::vector<std::string>& urls, Timestamp now);
  /// A poll has seen that a feed names a hub; empty: it names none, and the subscription leaves.
  bool note(const std::string& url, const std::string& hub, const std::string& topic);
  Subscription* find(std::string_view key);
  /// When the first is due; nothing: none is.
  std::optional<Timestamp> next_due() const;
};

/// The secret of one subscription, made of the source's own: every hub gets another.
Secret secret_for(const Secret& own, const Subscription& subscription);

/// Checks "method=hex" over the body in constant time; `unauthorized` says what is wrong with it.
Status check_signature(std::string_view header, const Secret& secret, std::string_view body);

}  // namespace earshot::connectors::feed
