#include "core/base/time_zone.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace earshot {
namespace {

/// The library would also open any file whose path stands for a name.
bool is_zone_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && name.front() != '/' && name.find("..") == std::string::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") ==
             std::string::npos;
}

/// "+05:30" in seconds.
std::optional<int> offset_of(const std::string& text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  for (const std::size_t at : {1U, 2U, 4U, 5U})
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  const int hours = (text[1] - '0') * 10 + (text[2] - '0'), minutes = (text[4] - '0') * 10 + (text[5] - '0');
  if (hours > 14 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

absl::Time time_of(Timestamp at) { return absl::FromUnixMillis(to_ms(at)); }

}  // namespace

struct TimeZone::Impl {
  absl::TimeZone zone;

  Timestamp at(absl::CivilSecond wall) const {
    const auto found = zone.At(wall);
    const auto moment = found.kind == absl::TimeZone::TimeInfo::SKIPPED ? found.trans : found.pre;
    return from_ms(absl::ToUnixMillis(moment));
  }
};

TimeZone::TimeZone() : impl_(std::make_shared<Impl>(Impl{.zone = absl::UTCTimeZone()})) {}

std::optional<TimeZone> TimeZone::find(const std::string& name) {
  TimeZone out;
  if (const auto offset = offset_of(name)) {
    out.impl_ = std::make_shared<Impl>(Impl{.zone = absl::FixedTimeZone(*offset)});
    return out;
  }
  absl::TimeZone zone;
  if (!is_zone_name(name) || !absl::LoadTimeZone(name, &zone)) return std::nullopt;
  out.impl_ = std::make_shared<Impl>(Impl{.zone = zone});
  return out;
}

int TimeZone::minute_of_day(Timestamp at) const {
  const auto wall = impl_->zone.At(time_of(at)).cs;
  return wall.hour() * 60 + wall.minute();
}

Timestamp TimeZone::next(Timestamp after, int minute) const {
  auto day = absl::CivilDay(impl_->zone.At(time_of(after)).cs);
  for (;; ++day) {
    const auto moment = impl_->at(absl::CivilSecond(day) + minute * 60);
    if (moment > after) return moment;
  }
}

Timestamp TimeZone::day_start(Timestamp at) const {
  return impl_->at(absl::CivilSecond(absl::CivilDay(impl_->zone.At(time_of(at)).cs)));
}

std::int64_t TimeZone::day_number(Timestamp at) const {
  return absl::CivilDay(impl_->zone.At(time_of(at)).cs) - absl::CivilDay(1970, 1, 1);
}

Timestamp TimeZone::moment(std::int64_t day, int minute) const {
  return impl_->at(absl::CivilSecond(absl::CivilDay(1970, 1, 1) + day) + minute * 60);
}

}  // namespace earshot
