// report KIND: the pages that go to people, in four formats; kpi: figures against their targets.
#include <cstdio>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/config.hpp"
#include "daemon/report/build.hpp"
#include "daemon/report/write.hpp"
#include "delivery/atomic_file.hpp"

namespace earshot::cli {
namespace {

/// What a configuration adds to the database; without one (--db alone) nothing.
struct Beside {
  std::vector<insight::MoneyAssumptions> money = {};
  std::vector<insight::Kpi> kpis = {};
  std::vector<std::string> competitors = {};
  std::string base_url = "http://127.0.0.1:8765";
  Milliseconds ror_half_life = daemon::Config().ror_half_life;
};

Result<Beside> beside(const Options& options, const std::string& brand) {
  Beside out;
  if (!options.config_given && !options.database.empty()) return out;
  auto config = daemon::load_config(options.config_path);
  if (!config) return unexpected(config.error());
  out.money = std::move(config->money);
  out.kpis = std::move(config->kpis);
  out.ror_half_life = config->ror_half_life;
  for (auto& one : config->brands)
    if (same_folded(one.name, brand)) out.competitors = std::move(one.competitors);
  if (!config->http.listen.empty()) out.base_url = "http://" + config->http.listen;
  return out;
}

std::string value_text(const insight::KpiResult& one, double value) {
  char number[64];
  std::snprintf(number, sizeof number, value > -10 && value < 10 ? "%.2f" : "%.0f", value);
  return one.unit.empty() ? number : number + (" " + printable(one.unit));
}

}  // namespace

int report_page(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  const std::string kind = options.name.empty() ? "brief" : options.name;
  auto window = window_of(**reader, options, options.days > 0 ? options.days : report::default_days(kind));
  if (!window) return fail(window.error().message, 2);
  auto settings = beside(options, brand->name);
  if (!settings) return fail(settings.error().message, 2);
  const auto built = report::build(kind, {.reader = **reader,
                                          .brand = *brand,
                                          .since = window->since,
                                          .until = window->until,
                                          .money = settings->money,
                                          .kpis = settings->kpis,
                                          .competitors = settings->competitors,
                                          .base_url = settings->base_url,
                                          .ror_half_life = settings->ror_half_life});
  if (!built) return fail(built.error().message);
  const auto text = report::write(*built, options.format);
  if (!text) return fail(text.error().message, 2);
  if (options.output.empty() || options.output == "-") {
    std::fwrite(text->data(), 1, text->size(), stdout);
    return std::fflush(stdout) == 0 ? 0 : fail("the report could not be written to standard output");
  }
  if (auto status = delivery::write_atomically(options.output, *text); !status)
    return fail(status.error().message);
  return 0;
}

int kpi(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto window = window_of(**reader, options, 28);
  if (!window) return fail(window.error().message, 2);
  auto settings = beside(options, brand->name);
  if (!settings) return fail(settings.error().message, 2);
  const insight::JobInput input{
      .reader = **reader, .brand = brand->id, .brand_name = brand->name, .now = window->until};
  const auto results = insight::measure_kpis(
      input, settings->kpis, {.money = settings->money, .competitors = settings->competitors});
  if (!results) return fail(results.error().message);
  if (options.json) {
    JsonWriter out;
    api::write_kpis(out, *results, brand->name);
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  if (results->empty()) {
    std::printf("No [[kpi]] is configured for %s. Metrics to choose from:\n", printable(brand->name).c_str());
    const auto metrics = (*reader)->metrics();
    if (!metrics) return fail(metrics.error().message);
    for (const auto& one : *metrics)
      std::printf("  %-22s %-10s %s\n", one.name.c_str(), one.unit.c_str(), one.definition.c_str());
    return 0;
  }
  Table table({"figure", "actual", "target", "", "over", "owner"});
  for (const auto& one : *results) {
    const auto met = one.met();
    table.add({printable(one.kpi.name), one.actual ? value_text(one, *one.actual) : printable(one.problem),
               one.kpi.target ? (one.kpi.direction == insight::Direction::higher ? "at least " : "at most ") +
                                    value_text(one, *one.kpi.target)
                              : "-",
               met ? (*met ? paint(Colour::green, "met") : paint(Colour::red, "missed")) : "",
               one.kpi.metric.empty() ? "by its SELECT" : std::to_string(one.kpi.days) + " days",
               printable(one.kpi.owner)});
  }
  table.print();
  return 0;
}

CommandSpec kpi_command() {
  return {.name = "kpi",
          .group = CommandGroup::look,
          .purpose = "Your own figures against their targets",
          .examples = "  earshot kpi --brand Acme     without a [[kpi]]: the metrics there are",
          .run = kpi,
          .options = reading_options()};
}

}  // namespace earshot::cli
