// benchmark: a brand beside its competitors, each figure with its interval.
#include <cstdio>

#include "core/base/text.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/config.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::cli {
namespace {

std::string percent(const std::optional<analysis::Interval>& e) {
  if (!e) return "-";
  char out[64];
  std::snprintf(out, sizeof out, "%.1f %% (%.1f to %.1f)", e->value * 100, e->low * 100, e->high * 100);
  return out;
}

std::string net(const std::optional<analysis::Interval>& e) {
  if (!e) return "-";
  return signed_number(e->value, 2) + " (" + signed_number(e->low, 2) + " to " + signed_number(e->high, 2) +
         ")";
}

/// The competitors a configuration names; none without one (--db alone): then every brand is compared.
Result<std::vector<std::string>> competitors_of(const Options& options, const std::string& brand) {
  if (!options.config_given && !options.database.empty()) return std::vector<std::string>{};
  auto config = daemon::load_config(options.config_path);
  if (!config) return unexpected(config.error());
  for (auto& one : config->brands)
    if (same_folded(one.name, brand)) return std::move(one.competitors);
  return std::vector<std::string>{};
}

}  // namespace

int benchmark(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto window = window_of(**reader, options, 28);
  if (!window) return fail(window.error().message, 2);
  auto competitors = competitors_of(options, brand->name);
  if (!competitors) return fail(competitors.error().message, 2);
  const insight::JobInput input{
      .reader = **reader, .brand = brand->id, .brand_name = brand->name, .now = window->until};
  auto found = insight::benchmark(input, *competitors, window->since, window->until);
  if (!found) return fail(found.error().message);
  if (options.json) {
    JsonWriter out;
    api::write_benchmark(out, *found);
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  std::printf("%s beside its competitors, %s to %s\n", paint(Colour::bold, printable(found->brand)).c_str(),
              show_time(found->since).c_str(), show_time(found->until).c_str());
  Table table({"  brand", "mentions", "share of voice", "people", "net sentiment",
               "people who wrote negatively", "answered within"});
  for (const auto& row : found->rows)
    table.add({(row.own ? "* " : "  ") + printable(row.brand), std::to_string(row.mentions),
               percent(row.share), std::to_string(row.authors), net(row.net_sentiment),
               percent(row.negative_author_share),
               row.response.median_s ? show_span(*row.response.median_s) : "-"});
  table.print();
  for (const auto& name : found->unknown)
    std::printf("  %s: nothing is stored, is it a [[brand]]?\n", printable(name).c_str());
  std::printf("%s\n", paint(Colour::dim, "  intervals at 95 %, mentions taken as independent").c_str());
  for (const auto& row : found->rows)
    std::printf(
        "  %s\n",
        daemon::command_of({.brand = row.brand, .since = found->since, .until = found->until}).c_str());
  return 0;
}

CommandSpec benchmark_command() {
  return {.name = "benchmark",
          .group = CommandGroup::look,
          .purpose = "Share of voice and sentiment beside the competitors",
          .examples = "  earshot benchmark --brand Acme --since 28d",
          .run = benchmark,
          .options = reading_options()};
}

}  // namespace earshot::cli
