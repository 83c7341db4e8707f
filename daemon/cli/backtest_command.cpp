// backtest: the rule of incidents replayed over what is stored.
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "insight/backtest.hpp"

namespace earshot::cli {
namespace {

const char* judged_text(insight::Judged judged) {
  switch (judged) {
    case insight::Judged::right: return "right";
    case insight::Judged::wrong: return "wrong";
    case insight::Judged::nobody: break;
  }
  return "nobody";
}

std::string plain(double value, int decimals) {
  char out[64];
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return out;
}

void write_backtest(JsonWriter& out, const insight::Backtest& found) {
  out.begin_object().field("brand", found.brand).field("since", format_rfc3339(found.since));
  out.field("until", format_rfc3339(found.until)).key("rule").begin_object();
  out.field("least", found.rule.least).field("ratio", found.rule.ratio).field("spreads", found.rule.spreads);
  out.end_object()
      .key("weeks")
      .rounded(found.weeks, 3)
      .key("alarms_per_week")
      .rounded(found.alarms_per_week(), 3);
  out.key("wrong_per_week").rounded(found.wrong_per_week(), 3).key("alarms").begin_array();
  for (const auto& alarm : found.alarms) {
    out.begin_object().field("issue", alarm.issue).field("started_at", format_rfc3339(alarm.started_at));
    out.field("detected_at", format_rfc3339(alarm.detected_at))
        .field("last_at", format_rfc3339(alarm.last_at));
    out.key("hours_to_detect").rounded(alarm.hours_to_detect(), 2);
    out.field("authors", alarm.authors).field("mentions", alarm.mentions).field("observed", alarm.observed);
    out.key("expected").rounded(alarm.expected, 3).key("threshold").rounded(alarm.threshold, 3);
    out.field("warm_up", alarm.warm_up).field("first_mention", std::to_string(alarm.first_mention.value));
    out.key("incident");
    alarm.known ? out.value(std::to_string(alarm.known->value)) : out.null();
    out.field("judged", judged_text(alarm.judged)).field("labels", alarm.labels);
    out.field("labels_negative", alarm.labels_negative).end_object();
  }
  out.end_array().key("missed").begin_array();
  for (const auto& row : found.missed)
    out.begin_object().field("incident", std::to_string(row.id.value)).field("title", row.title).end_object();
  out.end_array().end_object();
}

void print(const insight::Backtest& found) {
  std::printf("%s, %s to %s, at least %s people, %s times what is expected, %s spreads above it\n",
              paint(Colour::bold, printable(found.brand)).c_str(), show_time(found.since).c_str(),
              show_time(found.until).c_str(), plain(found.rule.least, 0).c_str(),
              plain(found.rule.ratio, 1).c_str(), plain(found.rule.spreads, 1).c_str());
  Table table({"  detected", "issue", "after", "people", "that hour", "expected", "alarm at", "stored as",
               "people say"});
  for (const auto& alarm : found.alarms)
    table.add({"  " + show_time(alarm.detected_at), printable(alarm.issue),
               plain(alarm.hours_to_detect(), 1) + " h", std::to_string(alarm.authors),
               plain(alarm.observed, 0), plain(alarm.expected, 1), plain(alarm.threshold, 1),
               alarm.known ? std::to_string(alarm.known->value) : "-",
               alarm.judged == insight::Judged::nobody
                   ? "-"
                   : judged_text(alarm.judged) + std::string(alarm.warm_up ? ", warming up" : "")});
  if (!table.empty()) table.print();
  std::printf("%zu alarms in %s heard weeks: %s a week, %s a week that people call wrong\n",
              found.alarms.size(), plain(found.weeks, 1).c_str(), plain(found.alarms_per_week(), 2).c_str(),
              plain(found.wrong_per_week(), 2).c_str());
  for (const auto& row : found.missed)
    std::printf("  not raised: incident %lld, %s\n", static_cast<long long>(row.id.value),
                printable(row.title).c_str());
}

}  // namespace

int backtest(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto window = window_of(**reader, options, options.days);
  if (!window) return fail(window.error().message, 2);
  analysis::UnusualRule rule;
  rule.least = options.least.value_or(rule.least);
  rule.ratio = options.ratio.value_or(rule.ratio);
  rule.spreads = options.spreads.value_or(rule.spreads);
  const insight::JobInput input{
      .reader = **reader, .brand = brand->id, .brand_name = brand->name, .now = window->until};
  const auto found = insight::backtest(input, options.days, rule);
  if (!found) return fail(found.error().message);
  if (options.json) {
    JsonWriter out;
    write_backtest(out, *found);
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  print(*found);
  return 0;
}

CommandSpec backtest_command() {
  return {.name = "backtest",
          .group = CommandGroup::look,
          .purpose = "Which incidents another rule would have raised, and when",
          .examples =
              "  earshot backtest --days 56                        the rule as it is\n"
              "  earshot backtest --days 56 --least 8 --ratio 4    a calmer one",
          .run = backtest,
          .options = OptionList{{.names = "--brand",
                                 .target = &Options::brand,
                                 .help = "Only this brand",
                                 .kind = ValueKind::brand},
                                {.names = "--days",
                                 .target = &Options::days,
                                 .help = "How far back",
                                 .range = WholeRange{1, 366},
                                 .required = true},
                                {.names = "--until",
                                 .target = &Options::until,
                                 .help = "Up to this time (default: behind the newest mention)",
                                 .kind = ValueKind::time},
                                {.names = "--least",
                                 .target = &Options::least,
                                 .help = "People in an hour that there must be (5)",
                                 .range = RealRange{1.0, 1e6}},
                                {.names = "--ratio",
                                 .target = &Options::ratio,
                                 .help = "Times what is expected (3)",
                                 .range = RealRange{1.0, 1e3}},
                                {.names = "--spreads,--threshold",
                                 .target = &Options::spreads,
                                 .help = "Spreads above what is expected (5)",
                                 .range = RealRange{0.0, 1e3}},
                                json_option()}};
}

}  // namespace earshot::cli
