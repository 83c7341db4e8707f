#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time_zone.hpp"
#include "delivery/message.hpp"
#include "store/deliveries.hpp"

namespace earshot::delivery {

/// Hours in which nobody is to be disturbed, in minutes of the day; they may span midnight.
struct QuietHours {
  int from = 0, to = 0;
  TimeZone zone = {};

  bool holds(Timestamp at) const;
};

/// When digests go out.
struct DigestTime {
  int minute = 8 * 60;  ///< of the day
  TimeZone zone = {};
};

/// One [[route]]: what goes to which destinations, and when. Empty lists allow everything.
struct Route {
  std::vector<std::string> to = {};
  std::vector<std::string> kinds = {}, brands = {}, issues = {};
  int severity_min = 0;          ///< asked of what has a severity
  std::int64_t authors_min = 0;  ///< … and of what counts people
  /// What is as severe as this goes out at once, whatever quiet hours, cool-down and budget say; 11: nothing
  /// is.
  int urgent_severity = 11;
  std::optional<QuietHours> quiet_hours = {};
  std::chrono::milliseconds cool_down{
      0};  ///< between messages of one topic; what comes sooner goes into the digest
  std::optional<std::int64_t> per_day =
      {};  ///< messages of its own a destination gets a day; the rest: digest
  /// In percent: how often people who labelled mentions of the finding's issue type must have agreed with the
  /// rules for it to go out on its own; 0: not asked.
  int precision_min = 0;
  bool digest_only = false;
  DigestTime digest = {};
  std::string report = {};  ///< that this way is for; empty: it is for all else
};

/// The first route that leads this message there, or nothing. Who was told of the beginning is told of the
/// end: for a thread that is `known` there, `severity_min` and `authors_min` are not asked.
const Route* route_for(const std::vector<Route>& routes, const std::string& destination,
                       const Message& message, bool known);

/// What cool-downs count as the same.
std::string topic_of(const Message& message);

/// The days that a budget is for: [since, until) around this moment.
std::pair<Timestamp, Timestamp> budget_day(const Route& route, Timestamp at);

/// What went there already.
struct Sent {
  store::Deliveries::Thread thread = {};
  std::int64_t today = 0;                       ///< messages of their own, in the budget's day
  std::optional<Timestamp> topic_at = {};       ///< the last one on this topic
  store::Deliveries::Precision precision = {};  ///< of the message's issue type
};

/// When it is due, and whether on its own.
struct Timing {
  bool digest = false;
  Timestamp due_at = {};
};
Timing timing_of(const Route& route, const Message& message, const Sent& sent, Timestamp now);

/// Until when it must be held back now, or nothing: asked again before every attempt.
std::optional<Timestamp> held_until(const Route& route, const Message& message, Timestamp now);

}  // namespace earshot::delivery
