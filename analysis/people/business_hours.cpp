#include "analysis/people/business_hours.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

/// Days that are looked through for open time.
constexpr int days_max = 400;
constexpr int day_minutes = 1440;
constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<int> number_of(std::string_view text, int most) {
  if (text.empty() || text.size() > 2) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value <= most ? std::optional(value) : std::nullopt;
}

/// "8", "08:30", "24:00" in minutes.
std::optional<int> minute_of(std::string_view text) {
  const auto colon = text.find(':');
  const auto hours = number_of(text.substr(0, colon), 24);
  const auto minutes =
      colon == std::string_view::npos ? std::optional(0) : number_of(text.substr(colon + 1), 59);
  if (!hours || !minutes || *hours * 60 + *minutes > day_minutes) return std::nullopt;
  return *hours * 60 + *minutes;
}

std::optional<std::size_t> day_of(std::string_view text) {
  const auto found = std::ranges::find(day_names, ascii_lower(text));
  if (found == day_names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - day_names.begin());
}

/// "mon-fri", "sat,sun"; days in between go on over the week's end.
std::optional<std::vector<std::size_t>> days_of(std::string_view text) {
  std::vector<std::size_t> out;
  for (const auto part : split(text, ',')) {
    const auto dash = part.find('-');
    const auto first = day_of(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_of(part.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    for (auto day = *first;; day = (day + 1) % 7) {
      out.push_back(day);
      if (day == *last) break;
    }
  }
  return out;
}

}  // namespace

int weekday_of(std::int64_t day_number) { return static_cast<int>(((day_number + 3) % 7 + 7) % 7); }

bool BusinessHours::always() const {
  return std::ranges::all_of(days, [](const auto& day) { return day.empty(); });
}

Status BusinessHours::add(std::string_view text) {
  const auto wrong = [&] {
    return unexpected(
        ErrorKind::invalid,
        "'" + std::string(text) + "' are no hours: write days and times such as \"mon-fri 08:00-20:00\"");
  };
  const auto words = squeeze_space(text);
  const auto space = words.find(' ');
  if (space == std::string::npos) return wrong();
  const auto wanted = days_of(std::string_view(words).substr(0, space));
  const auto times = std::string_view(words).substr(space + 1);
  const auto dash = times.find('-');
  if (!wanted || dash == std::string_view::npos) return wrong();
  const auto from = minute_of(times.substr(0, dash)), to = minute_of(times.substr(dash + 1));
  if (!from || !to || *from >= *to) return wrong();
  for (const auto day : *wanted) {
    auto& windows = days[day];
    if (std::ranges::any_of(windows, [&](const Window& w) { return *from < w.to && w.from < *to; }))
      return wrong();
    windows.push_back({.from = *from, .to = *to});
    std::ranges::sort(windows, {}, &Window::from);
  }
  return Done{};
}

Milliseconds BusinessHours::between(Timestamp from, Timestamp until) const {
  if (until <= from) return Milliseconds(0);
  if (always()) return until - from;
  Milliseconds open(0);
  const auto last = zone.day_number(until);
  for (auto day = zone.day_number(from); day <= last; ++day) {
    if (std::ranges::binary_search(holidays, day)) continue;
    for (const auto& window : days[static_cast<std::size_t>(weekday_of(day))]) {
      const auto begin = std::max(from, zone.moment(day, window.from));
      const auto end = std::min(until, zone.moment(day, window.to));
      if (begin < end) open += end - begin;
    }
  }
  return open;
}

std::optional<Timestamp> BusinessHours::after(Timestamp from, Milliseconds open) const {
  if (always()) return from + open;
  const auto first = zone.day_number(from);
  for (auto day = first; day < first + days_max; ++day) {
    if (std::ranges::binary_search(holidays, day)) continue;
    for (const auto& window : days[static_cast<std::size_t>(weekday_of(day))]) {
      const auto begin = std::max(from, zone.moment(day, window.from)), end = zone.moment(day, window.to);
      if (begin >= end) continue;
      if (end - begin >= open) return begin + open;
      open -= end - begin;
    }
  }
  return std::nullopt;
}

}  // namespace earshot::analysis
