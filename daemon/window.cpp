#include "daemon/window.hpp"

#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"

namespace earshot::daemon {

Result<Timestamp> parse_when(const std::string& text, Timestamp now) {
  if (text == "now") return now;
  std::string_view words = trim(text);
  if (words.ends_with(" ago")) words.remove_suffix(4);
  // "2 hours", "3 days": the unit's first letter, months are not offered since their length varies.
  std::string compact;
  for (const char c : words)
    if (c != ' ') compact.push_back(c);
  for (const auto& [word, unit] : {std::pair{"minutes", "m"},
                                   {"minute", "m"},
                                   {"min", "m"},
                                   {"hours", "h"},
                                   {"hour", "h"},
                                   {"days", "d"},
                                   {"day", "d"},
                                   {"weeks", "w"},
                                   {"week", "w"},
                                   {"seconds", "s"}})
    if (compact.ends_with(word)) {
      compact.replace(compact.size() - std::string_view(word).size(), std::string::npos, unit);
      break;
    }
  if (const auto span = parse_duration(compact)) return now - *span;
  if (const auto at = parse_time(text)) return *at;
  return unexpected(
      ErrorKind::invalid,
      "'" + text + "' is no time: write 2026-03-01, 2026-03-01T12:00:00Z, 7d or \"2 hours ago\"");
}

Timestamp end_of(const std::string& text, Timestamp at) {
  return text.size() == 10 ? at + std::chrono::hours(24) : at;
}

Result<Window> window_of(store::Reader& reader, const std::string& since, const std::string& until, int days,
                         Timestamp now) {
  Window window{.since = {}, .until = now};
  auto extent = reader.extent();
  if (!extent) return unexpected(extent.error());
  if (*extent) window.until = std::min(now, (*extent)->second) + std::chrono::hours(1);
  if (!until.empty()) {
    auto at = parse_when(until, now);
    if (!at) return unexpected(at.error());
    window.until = *at;
  }
  window.since = window.until - std::chrono::hours(24 * days);
  if (!since.empty()) {
    auto at = parse_when(since, now);
    if (!at) return unexpected(at.error());
    window.since = *at;
  }
  if (window.since >= window.until) return unexpected(ErrorKind::invalid, "since is not before until");
  return window;
}

Result<store::NamedBrand> find_brand(store::Reader& reader, const std::string& name) {
  auto brands = reader.brands();
  if (!brands) return unexpected(brands.error());
  if (brands->empty())
    return unexpected(ErrorKind::invalid, "the database knows no brand yet: start the daemon first");
  if (name.empty()) return brands->front();
  std::string known;
  for (const auto& brand : *brands) {
    if (fold_case(brand.name) == fold_case(name)) return brand;
    known += (known.empty() ? "" : ", ") + brand.name;
  }
  return unexpected(ErrorKind::invalid, "there is no brand '" + name + "'; known are: " + known);
}

}  // namespace earshot::daemon
