// drivers: which issue types move net sentiment, how far, and what it moves with.
#include <cmath>
#include <cstdio>

#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::cli {
namespace {

using insight::Driver;
using insight::Drivers;

constexpr std::size_t reasons_shown = 3;

std::string share(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f %%", value * 100);
  return out;
}

std::string mean_text(double weight, double mean) { return weight > 0 ? signed_number(mean, 2) : "-"; }

void print_table(const Drivers& found) {
  Table table({"  issue", "moves it by", "95 % interval", "of it tone", "and mix", "mentions", "share",
               "usual", "net", "usual net"});
  for (const auto& row : found.rows) {
    const auto& part = row.part;
    table.add({"  " + printable(row.name), signed_number(part.total(), 4),
               signed_number(part.low, 3) + " to " + signed_number(part.high, 3), signed_number(part.tone, 4),
               signed_number(part.mix, 4), std::to_string(row.mentions), share(part.share),
               share(part.usual_share), mean_text(part.weight, part.mean),
               mean_text(part.usual_weight, part.usual_mean)});
  }
  table.add({"  together", signed_number(found.total.difference(), 4), "", "", "", "", "", "", "", ""});
  table.print();
}

void print_reasons(const Drivers& found) {
  for (const auto& row : found.rows) {
    if (row.reasons.empty()) continue;
    std::string line;
    for (std::size_t i = 0; i < row.reasons.size() && i < reasons_shown; ++i)
      line += (i == 0 ? "" : ", ") + ("\"" + printable(row.reasons[i].phrase) + "\" (" +
                                      std::to_string(row.reasons[i].authors) + ")");
    std::printf("  %s: %s\n", printable(row.name).c_str(), line.c_str());
  }
}

void print_lag(const char* what, const std::vector<analysis::Correlation>& lags) {
  const auto* now = insight::same_day(lags);
  if (!now || now->too_little) {
    std::printf("  %s: too little to say (%zu days with values that change, at least %zu are needed)\n", what,
                now ? now->pairs : 0, analysis::pairs_min);
    return;
  }
  std::printf("  %s: same day r = %s (%s to %s, %zu days)%s", what, signed_number(now->r, 2).c_str(),
              signed_number(now->low, 2).c_str(), signed_number(now->high, 2).c_str(), now->pairs,
              now->clear() ? "" : ", not clear of chance");
  const auto* best = insight::strongest(lags);
  if (best && best->lag != 0)
    std::printf("; strongest %d days %s: %s (%s to %s, %zu days)", std::abs(best->lag),
                best->lag < 0 ? "before" : "after", signed_number(best->r, 2).c_str(),
                signed_number(best->low, 2).c_str(), signed_number(best->high, 2).c_str(), best->pairs);
  std::printf("\n");
}

void print_movement(const insight::Movement& movement) {
  std::printf("\n%s\n", paint(Colour::bold, "What daily net sentiment moves with").c_str());
  print_lag("mentions", movement.volume);
  print_lag("your own posts", movement.own_posts);
  std::printf("%s\n", paint(Colour::dim,
                            "  " + std::to_string(movement.days) + " days, " +
                                std::to_string(movement.days_left_out) +
                                " left out; lags of up to seven days either way were tried, so one in twenty "
                                "looks clear by chance; moving together is no cause")
                          .c_str());
}

void print(const Drivers& found, const insight::Movement& movement) {
  std::printf(
      "%s  %s to %s, against the %d weeks before%s\n", paint(Colour::bold, printable(found.brand)).c_str(),
      show_time(found.since).c_str(), show_time(found.until).c_str(), found.weeks,
      found.weeks_left_out > 0
          ? (" (" + std::to_string(found.weeks_left_out) + " left out: not heard well enough)").c_str()
          : "");
  if (found.total.rows.empty()) {
    std::printf("Nothing to compare: %lld scored mentions now, %lld before.\n",
                static_cast<long long>(found.total.count), static_cast<long long>(found.total.usual_count));
  } else {
    std::printf("Net sentiment %s (%lld scored mentions), usual %s (%lld): %s, 95 %% interval %s to %s%s\n",
                signed_number(found.total.mean, 3).c_str(), static_cast<long long>(found.total.count),
                signed_number(found.total.usual_mean, 3).c_str(),
                static_cast<long long>(found.total.usual_count),
                signed_number(found.total.difference(), 3).c_str(), signed_number(found.total.low, 3).c_str(),
                signed_number(found.total.high, 3).c_str(),
                found.too_little() ? "; too few mentions to mean much" : "");
    std::printf("%s\n\n", paint(Colour::dim, insight::net_sentiment_formula).c_str());
    print_table(found);
    std::printf("\n%s\n", paint(Colour::bold, "The reasons people give").c_str());
    print_reasons(found);
    std::printf("  the mentions of a line: %s\n", daemon::command_of({.brand = found.brand,
                                                                      .issue = found.rows.front().name,
                                                                      .since = found.since,
                                                                      .until = found.until})
                                                      .c_str());
  }
  print_movement(movement);
}

}  // namespace

int drivers(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto window = window_of(**reader, options, 7);
  if (!window) return fail(window.error().message, 2);
  const insight::JobInput input{
      .reader = **reader, .brand = brand->id, .brand_name = brand->name, .now = window->until};
  auto found = insight::find_drivers(input, window->since, window->until);
  if (!found) return fail(found.error().message);
  auto movement = insight::find_movement(input, window->until - insight::movement_span, window->until);
  if (!movement) return fail(movement.error().message);
  if (options.json) {
    JsonWriter out;
    api::write_drivers(out, *found, *movement);
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  print(*found, *movement);
  return 0;
}

CommandSpec drivers_command() {
  return {.name = "drivers",
          .group = CommandGroup::look,
          .purpose = "What moves net sentiment: which issue types, how far, and why",
          .examples =
              "  earshot drivers --brand Acme                the last seven days against the weeks before\n"
              "  earshot drivers --brand Acme --since 2026-03-01 --until 2026-04-01",
          .run = drivers,
          .options = reading_options()};
}

}  // namespace earshot::cli
