#include "daemon/hydrate_schedule.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/json_fields.hpp"
#include "core/base/json_writer.hpp"
#include "core/model/identity.hpp"

namespace earshot::daemon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr milliseconds age_steps[] = {hours(1), hours(6), hours(24), hours(72), hours(168)};
/// Where the platform names no window.
constexpr milliseconds period_default = hours(168);

MentionId id_at(Timestamp at) { return identity::make_id(at, 0); }

/// Half the way back to the reading before: who was read since then, by a poll that met it, needs none.
Timestamp read_before(const HydratePlan& plan, std::size_t index, Timestamp now) {
  const auto before = index == 0 ? milliseconds(0) : plan.ages[index - 1];
  return now - (plan.ages[index] - before) / 2;
}

}  // namespace

HydratePlan hydrate_plan(std::optional<std::int64_t> deletion_hours, milliseconds age_max) {
  HydratePlan plan{.ages = {}, .period = period_default, .age_max = age_max};
  if (deletion_hours) plan.period = hours(*deletion_hours);
  milliseconds last{0};
  for (const auto age : age_steps) {
    if (age > age_max || age - last > plan.period) break;
    plan.ages.push_back(age);
    last = age;
  }
  return plan;
}

HydrateProgress HydrateProgress::begin(const HydratePlan& plan, Timestamp now) {
  HydrateProgress out{.reached = {}, .pass_began = now};
  for (const auto age : plan.ages) out.reached[age.count()] = id_at(now - age);
  out.pass_reached = id_at(now - plan.age_max);
  return out;
}

Result<HydrateProgress> HydrateProgress::read(const Cursor& cursor) {
  const auto damaged = [] {
    return unexpected(ErrorKind::cursor_invalid, "where mentions were asked for again cannot be read");
  };
  if (cursor.schema != schema) return damaged();
  const auto json = connectors::parse_json(cursor.json);
  if (!json) return damaged();
  const auto root = json->root();
  const auto began = root["pass_began"].integer(), reached = root["pass_reached"].integer();
  if (!root["reached"].is_object() || !began || !reached) return damaged();
  HydrateProgress out{.reached = {}, .pass_began = from_ms(*began), .pass_reached = MentionId{*reached}};
  for (const auto one : root["reached"]) {
    std::int64_t age = 0;
    const auto key = one.key();
    const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), age);
    const auto id = one.integer();
    if (failure != std::errc{} || end != key.data() + key.size() || age <= 0 || !id) return damaged();
    out.reached[age] = MentionId{*id};
  }
  out.gone_streak = root["gone_streak"].count().value_or(0);
  out.proven = root["proven"].is_true();
  if (const auto at = root["control_at"].integer()) out.control_at = from_ms(*at);
  return out;
}

Cursor HydrateProgress::write() const {
  JsonWriter out;
  out.begin_object().key("reached").begin_object();
  for (const auto& [age, id] : reached) out.field(std::to_string(age), id.value);
  out.end_object().field("pass_began", to_ms(pass_began)).field("pass_reached", pass_reached.value);
  out.field("proven", proven).field("gone_streak", gone_streak);
  out.field("control_at", control_at ? std::optional(to_ms(*control_at)) : std::nullopt).end_object();
  return Cursor{.schema = schema, .json = out.str()};
}

std::vector<HydrateRange> ranges_due(HydrateProgress& progress, const HydratePlan& plan, Timestamp now) {
  std::vector<HydrateRange> out;
  for (auto i = plan.ages.size(); i-- > 0;) {
    const auto age = plan.ages[i];
    const auto up_to = id_at(now - age);
    // An age that was not among them before begins now; so does one after years of silence.
    auto& reached = progress.reached.try_emplace(age.count(), up_to).first->second;
    reached = std::max(reached, id_at(now - plan.age_max));
    if (reached < up_to)
      out.push_back({.age = age, .after = reached, .up_to = up_to, .read_before = read_before(plan, i, now)});
  }
  const auto last = plan.ages.empty() ? milliseconds(0) : plan.ages.back();
  const auto end_of = [&](Timestamp began) { return id_at(began - last); };
  if (progress.pass_reached >= end_of(progress.pass_began) &&
      now - progress.pass_began >= plan.period * 3 / 4) {
    progress.pass_began = now;
    progress.pass_reached = id_at(now - plan.age_max);
  }
  const auto up_to = end_of(progress.pass_began);
  if (progress.pass_reached < up_to)
    out.push_back({.age = std::nullopt,
                   .after = progress.pass_reached,
                   .up_to = up_to,
                   .read_before = progress.pass_began});
  return out;
}

void advance(HydrateProgress& progress, const HydrateRange& range, MentionId reached) {
  (range.age ? progress.reached[range.age->count()] : progress.pass_reached) = reached;
}

}  // namespace earshot::daemon
