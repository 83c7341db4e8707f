#include "core/base/metrics.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace earshot {
namespace {

constexpr std::array<double, 10> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 10};

std::string number(double value) {
  char out[40];
  if (std::abs(value) < 1e15 && value == std::floor(value))
    std::snprintf(out, sizeof out, "%.0f", value);
  else
    std::snprintf(out, sizeof out, "%.9g", value);
  return out;
}

void line(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels,
          std::string_view more, double value) {
  out.append(name).append(suffix);
  if (!labels.empty() || !more.empty()) {
    out.append("{").append(labels);
    if (!labels.empty() && !more.empty()) out.append(",");
    out.append(more).append("}");
  }
  out.append(" ").append(number(value)).append("\n");
}

}  // namespace

std::string metric_label(std::string_view name, std::string_view value) {
  std::string out(name);
  out += "=\"";
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

Metrics::Family& Metrics::family(std::string_view name, Kind kind) {
  auto found = families_.find(name);
  if (found == families_.end()) found = families_.emplace(std::string(name), Family{.kind = kind}).first;
  return found->second;
}

void Metrics::count(std::string_view name, std::string_view labels, double by) {
  const std::lock_guard lock(mutex_);
  family(name, Kind::counter).series[std::string(labels)].value += by;
}

void Metrics::gauge(std::string_view name, std::string_view labels, double value) {
  const std::lock_guard lock(mutex_);
  family(name, Kind::gauge).series[std::string(labels)].value = value;
}

void Metrics::observe_seconds(std::string_view name, std::string_view labels, double seconds) {
  const std::lock_guard lock(mutex_);
  auto& series = family(name, Kind::histogram).series[std::string(labels)];
  series.buckets.resize(bounds.size());
  for (std::size_t i = 0; i < bounds.size(); ++i)
    if (seconds <= bounds[i]) ++series.buckets[i];
  ++series.observations;
  series.value += seconds;
}

void Metrics::describe(std::string_view name, std::string_view help) {
  const std::lock_guard lock(mutex_);
  help_[std::string(name)] = help;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    if (const auto help = help_.find(name); help != help_.end())
      out.append("# HELP ").append(name).append(" ").append(help->second).append("\n");
    static constexpr const char* kinds[] = {"counter", "gauge", "histogram"};
    out.append("# TYPE ").append(name).append(" ").append(kinds[static_cast<int>(family.kind)]).append("\n");
    for (const auto& [labels, series] : family.series) {
      if (family.kind != Kind::histogram) {
        line(out, name, "", labels, "", series.value);
        continue;
      }
      for (std::size_t i = 0; i < bounds.size(); ++i)
        line(out, name, "_bucket", labels, metric_label("le", number(bounds[i])),
             static_cast<double>(series.buckets[i]));
      const auto all = static_cast<double>(series.observations);
      line(out, name, "_bucket", labels, metric_label("le", "+Inf"), all);
      line(out, name, "_sum", labels, "", series.value);
      line(out, name, "_count", labels, "", all);
    }
  }
  return out;
}

}  // namespace earshot
