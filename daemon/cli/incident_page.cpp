// One incident as a person reads it before acting: the arithmetic, what people say, and a draft for
// followers.
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/api/incident_views.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "delivery/advisory.hpp"

namespace earshot::cli {
namespace {

using delivery::IncidentSum;

/// As lists show times; what is none stays as it is.
std::string when(const std::string& rfc3339) {
  const auto at = parse_rfc3339(rfc3339);
  return at ? show_time(*at) : printable(rfc3339);
}

/// "6 people in 60 minutes at 2026-11-11 18:38; usual 0.1 ± 1.0, alarm from max(5, 3 × 0.1, 0.1 + 5 × 1.0)
/// = 5.3"
void print_sum(const char* name, const IncidentSum& sum) {
  if (sum.at.empty()) return;
  std::printf(
      "    %-6s %lld people in %d minutes, %s; usual %.1f ± %.1f: alarm from max(5, 3 × %.1f, %.1f + 5 × "
      "%.1f) = %.1f\n",
      name, static_cast<long long>(sum.observed), sum.window_minutes, when(sum.at).c_str(), sum.expected,
      sum.spread, sum.expected, sum.expected, sum.spread, sum.threshold);
}

void print_counted(const char* name, const std::vector<delivery::Counted>& entries, const char* quote) {
  if (entries.empty()) return;
  std::string line;
  for (const auto& [words, authors] : entries)
    line += (line.empty() ? "" : ", ") + std::string(quote) + printable(words) + quote + " " +
            std::to_string(authors);
  std::printf("    %-6s %s\n", name, line.c_str());
}

void print_posts(const std::vector<delivery::Evidence>& posts) {
  for (const auto& post : posts) {
    std::printf("    %s  %s  %s  earshot explain %s\n", when(post.at).c_str(),
                post.author.empty() ? "somebody" : ("@" + printable(post.author)).c_str(),
                printable(post.source).c_str(), printable(post.mention).c_str());
    std::printf("      %s\n", clip(printable(post.text), std::max(40, terminal_width() - 6)).c_str());
    if (!post.url.empty()) std::printf("      %s\n", paint(Colour::dim, post.url).c_str());
  }
}

}  // namespace

void print_incident_page(const store::IncidentRow& row) {
  print_incident(row);
  const auto details = delivery::incident_details(row.details);
  std::printf("\nWhy it was raised\n");
  print_sum("fired", details.fired);
  print_sum("peak", details.peak);
  std::printf(
      "    from   %d hours of %d weeks%s%s\n", details.fired.hours, details.fired.weeks,
      details.fired.gap_hours_left_out > 0
          ? (", " + std::to_string(details.fired.gap_hours_left_out) + " hours left out that were not heard")
                .c_str()
          : "",
      details.fired.warm_up ? ", still warming up" : "");
  std::printf("\nWhat people say\n");
  print_counted("why", details.reasons, "\"");
  print_counted("words", details.words, "");
  print_counted("where", details.sources, "");
  print_posts(details.exemplars);
}

void print_advisory(const store::IncidentRow& row) {
  const auto draft = delivery::advisory_of(row);
  std::printf("%s\n\nBefore you post it\n", printable(draft.post).c_str());
  for (const auto& line : draft.to_check) std::printf("    %s\n", printable(line).c_str());
  std::printf("\nWhere people wait for it\n");
  print_posts(draft.threads);
}

std::string advisory_json(const store::IncidentRow& row) {
  JsonWriter out;
  api::write_advisory(out, row);
  return out.str();
}

}  // namespace earshot::cli
