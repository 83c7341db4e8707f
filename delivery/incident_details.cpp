#include "delivery/incident_details.hpp"

#include <simdjson.h>

namespace earshot::delivery {
namespace {

using Element = simdjson::dom::element;

void get(Element from, const char* key, std::string& out) {
  if (std::string_view text; from[key].get(text) == simdjson::SUCCESS) out = text;
}

template <typename Number>
requires std::is_arithmetic_v<Number>
void get(Element from, const char* key, Number& out) {
  if (double value = 0; from[key].get(value) == simdjson::SUCCESS) out = static_cast<Number>(value);
}

void get(Element from, const char* key, IncidentSum& out) {
  Element sum;
  if (from[key].get(sum) != simdjson::SUCCESS) return;
  get(sum, "at", out.at);
  get(sum, "window_minutes", out.window_minutes);
  get(sum, "observed", out.observed);
  get(sum, "expected", out.expected);
  get(sum, "spread", out.spread);
  get(sum, "threshold", out.threshold);
  get(sum, "weeks", out.weeks);
  get(sum, "hours", out.hours);
  get(sum, "gap_hours_left_out", out.gap_hours_left_out);
  if (bool warm_up = false; sum["warm_up"].get(warm_up) == simdjson::SUCCESS) out.warm_up = warm_up;
}

/// Calls `take(element)` for every element of the array `key`.
template <typename Take>
void each(Element from, const char* key, Take&& take) {
  simdjson::dom::array list;
  if (from[key].get(list) != simdjson::SUCCESS) return;
  for (const Element one : list) take(one);
}

std::vector<Counted> counted(Element from, const char* key, const char* name) {
  std::vector<Counted> out;
  each(from, key, [&](Element one) {
    Counted entry;
    get(one, name, entry.first);
    get(one, "authors", entry.second);
    if (!entry.first.empty()) out.push_back(std::move(entry));
  });
  return out;
}

}  // namespace

IncidentDetails incident_details(const std::string& json) {
  simdjson::dom::parser parser;
  Element root;
  IncidentDetails out;
  if (parser.parse(json).get(root) != simdjson::SUCCESS) return out;
  each(root, "issues", [&](Element one) {
    if (std::string_view name; one.get(name) == simdjson::SUCCESS) out.issues.emplace_back(name);
  });
  get(root, "arithmetic", out.fired);
  get(root, "peak", out.peak);
  out.reasons = counted(root, "reasons", "phrase");
  out.words = counted(root, "words", "word");
  out.sources = counted(root, "sources", "source");
  out.exemplars = evidence_of(json, "exemplars");
  return out;
}

}  // namespace earshot::delivery
