#include "delivery/routing.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace earshot::delivery {
namespace {

/// With fewer labels a precision of 70 % could as well be 40 %: nothing is held against an issue type.
constexpr std::int64_t precision_labels_min = 20;

/// What a message does not say cannot keep it from anybody: told once too often is better than never.
bool allows(const std::vector<std::string>& list, const std::string& value) {
  if (list.empty() || value.empty()) return true;
  return std::ranges::any_of(list, [&](const auto& one) { return same_folded(one, value); });
}

/// There are as many of them as people who write: a way must ask for them by name.
bool leads_by_name_only(const std::string& kind) { return kind == "waiting"; }

bool is_urgent(const Route& route, const Message& message) {
  return message.severity >= route.urgent_severity;
}

}  // namespace

bool QuietHours::holds(Timestamp at) const {
  const int minute = zone.minute_of_day(at);
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

const Route* route_for(const std::vector<Route>& routes, const std::string& destination,
                       const Message& message, bool known) {
  const auto leads = [&](const Route& route) {
    if (std::ranges::find(route.to, destination) == route.to.end()) return false;
    if (route.report != message.report) return false;
    if (route.kinds.empty() && leads_by_name_only(message.kind)) return false;
    if (!allows(route.kinds, message.kind) || !allows(route.brands, message.brand) ||
        !allows(route.issues, message.issue))
      return false;
    if (known) return true;
    if (message.severity > 0 && message.severity < route.severity_min) return false;
    return message.authors <= 0 || message.authors >= route.authors_min;
  };
  const auto found = std::ranges::find_if(routes, leads);
  return found == routes.end() ? nullptr : &*found;
}

std::string topic_of(const Message& message) {
  return message.kind + "|" + message.brand + "|" + message.issue;
}

std::pair<Timestamp, Timestamp> budget_day(const Route& route, Timestamp at) {
  const auto& zone = route.quiet_hours ? route.quiet_hours->zone : route.digest.zone;
  return {zone.day_start(at), zone.next(at, 0)};
}

std::optional<Timestamp> held_until(const Route& route, const Message& message, Timestamp now) {
  if (!route.quiet_hours || is_urgent(route, message) || !route.quiet_hours->holds(now)) return std::nullopt;
  return route.quiet_hours->zone.next(now, route.quiet_hours->to);
}

Timing timing_of(const Route& route, const Message& message, const Sent& sent, Timestamp now) {
  const bool urgent = is_urgent(route, message);
  const bool over_budget = route.per_day && sent.today >= *route.per_day;
  const bool too_soon =
      sent.topic_at && route.cool_down.count() > 0 && now - *sent.topic_at < route.cool_down;
  const bool doubtful = route.precision_min > 0 && sent.precision.labels >= precision_labels_min &&
                        sent.precision.agreed * 100 < sent.precision.labels * route.precision_min;
  // What follows something in a digest joins it: an end must not be told before its beginning.
  if (!urgent && (route.digest_only || sent.thread.in_digest || over_budget || too_soon || doubtful))
    return {.digest = true, .due_at = route.digest.zone.next(now, route.digest.minute)};
  return {.digest = false, .due_at = held_until(route, message, now).value_or(now)};
}

}  // namespace earshot::delivery
