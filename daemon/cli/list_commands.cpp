// status, sources, mentions: lists of what is stored.
#include <cmath>
#include <cstdio>

#include "connectors/connector.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/line.hpp"
#include "daemon/cli/mention_filter.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "daemon/legal.hpp"
#include "daemon/source_list.hpp"

namespace earshot::cli {
namespace {

/// "35 of 300", or "-" where the platform says nothing or the budget is full again.
std::string quota_text(const std::optional<Quota>& quota, Timestamp now) {
  if (!quota || (quota->resets_at && *quota->resets_at <= now)) return "-";
  return std::to_string(quota->remaining) + (quota->limit ? " of " + std::to_string(*quota->limit) : "");
}

/// " at 25 %": how often a source was asked, against how often it should have been.
std::string rate_text(const std::optional<double>& rate) {
  return rate ? " at " + std::to_string(std::lround(*rate * 100)) + " %" : std::string();
}

/// What a source could not do as it should.
void print_compliance(const store::SourceStatus& row) {
  if (row.poll_rate)
    std::printf("%s: its budget of requests allows%s of the polls that it should make\n",
                printable(row.name).c_str(), rate_text(row.poll_rate).substr(3).c_str());
  if (!row.hydrate || row.hydrate->overdue == 0) return;
  std::printf(
      "%s: %lld mentions were not read again within the platform's window, the stalest since %s; edits and "
      "deletions of these may be missed\n",
      printable(row.name).c_str(), static_cast<long long>(row.hydrate->overdue),
      row.hydrate->oldest_at ? show_time(*row.hydrate->oldest_at).c_str() : "-");
}

}  // namespace

int status(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto rows = daemon::read_sources(**reader);
  if (!rows) return fail(rows.error().message);
  if (options.json) {
    JsonWriter out;
    out.begin_object().field("database", database_path(options)).key("sources").begin_array();
    for (const auto& row : *rows) write_json(out, row);
    out.end_array().end_object();
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  const auto now = SystemClock().now();
  Table table({"source", "state", "last heard", "last push", "next poll", "received", "stored", "known",
               "changed", "no brand", "bad", "quota left", "overdue"});
  for (const auto& row : *rows) {
    const auto colour = row.state == "ok" ? Colour::green : row.state == "new" ? Colour::dim : Colour::red;
    table.add({printable(row.name), paint(colour, row.state),
               row.last_ok_at ? show_time(*row.last_ok_at) : "never",
               row.last_push_at ? show_time(*row.last_push_at) : "-",
               row.next_poll_at ? show_time(*row.next_poll_at) : "-", std::to_string(row.received),
               std::to_string(row.stored), std::to_string(row.duplicate), std::to_string(row.updated),
               std::to_string(row.unmatched), std::to_string(row.malformed), quota_text(row.quota, now),
               row.hydrate ? std::to_string(row.hydrate->overdue) : "-"});
  }
  table.print();
  for (const auto& row : *rows)
    if (!row.last_error.empty())
      std::printf("%s: %s (%lld failures in a row)\n", printable(row.name).c_str(),
                  printable(row.last_error).c_str(), static_cast<long long>(row.fail_count));
  for (const auto& row : *rows) print_compliance(row);
  auto gaps = (*reader)->gaps(now - std::chrono::hours(24 * 7), now);
  if (gaps && !gaps->empty()) std::printf("\nNot heard in the last 7 days:\n");
  if (gaps)
    for (const auto& gap : *gaps)
      std::printf("  %s  %s to %s  %s%s\n", printable(gap.source_name).c_str(),
                  show_time(gap.gap.from).c_str(), show_time(gap.gap.to).c_str(),
                  printable(gap.gap.reason).c_str(), rate_text(gap.gap.rate).c_str());
  return 0;
}

int sources(const Options& options) {
  JsonWriter out;
  out.begin_array();
  Table table({"connector", "what it reads", "access"});
  bool any = false;
  for (const auto* spec : connectors::catalog()) {
    if (!options.name.empty() && spec->name != options.name) continue;
    any = true;
    out.begin_object()
        .field("connector", spec->name)
        .field("summary", spec->summary)
        .field("access", spec->access)
        .key("legal")
        .begin_object();
    daemon::write_legal(out, spec->legal);
    out.end_object().end_object();
    table.add({std::string(spec->name), std::string(spec->summary), std::string(spec->access)});
  }
  out.end_array();
  if (!any) return fail("there is no connector '" + options.name + "': `earshot sources` lists them", 2);
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else
    table.print();
  if (!options.name.empty() && !options.json)
    std::printf("\n%s\n", connectors::describe(connectors::find_connector(options.name)->legal).c_str());
  return 0;
}

int mentions(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto filter = mention_filter(**reader, options);
  if (!filter) return fail(filter.error().message, 2);
  auto rows = (*reader)->mentions(*filter);
  if (!rows) return fail(rows.error().message, rows.error().kind == ErrorKind::invalid ? 2 : 1);
  auto brands = (*reader)->brands();
  if (!brands) return fail(brands.error().message);
  if (options.json) {
    for (const auto& row : *rows) {
      JsonWriter out;
      write_json(out, row, brand_name(*brands, row.verdict.brand));
      std::printf("%s\n", out.str().c_str());
    }
    return 0;
  }
  const int width = std::max(40, terminal_width() - 4);
  for (const auto& row : *rows) {
    std::printf("%s  %s  %s  %s  %s%s\n", paint(Colour::bold, show_time(row.created_at)).c_str(),
                paint(colour_of(row.verdict.polarity), polarity_text(row.verdict.polarity, row.verdict.score))
                    .c_str(),
                printable(brand_name(*brands, row.verdict.brand)).c_str(), printable(row.platform).c_str(),
                printable(row.author_handle.empty() ? "" : "@" + row.author_handle).c_str(),
                paint(Colour::dim, "  " + std::to_string(row.id.value)).c_str());
    if (row.deleted)
      std::printf("    (deleted by its author)\n");
    else
      std::printf(
          "    %s\n",
          clip(squeeze_space(printable(row.title.empty() ? row.text : row.title + ": " + row.text)), width)
              .c_str());
    for (const auto& product : row.verdict.products)
      std::printf("    %s: %s\n", printable(product.product).c_str(),
                  paint(colour_of(product.polarity), polarity_text(product.polarity, product.score)).c_str());
    const auto issues = issue_list(row.verdict.issues);
    if (!issues.empty()) std::printf("    %s\n", paint(Colour::blue, issues).c_str());
    if (row.verdict.labelled) std::printf("    %s\n", paint(Colour::dim, "labelled by a person").c_str());
  }
  if (rows->size() == options.limit)
    std::fprintf(stderr, "older: add --before %lld\n", static_cast<long long>(rows->back().id.value));
  return 0;
}

CommandSpec status_command() {
  return {.name = "status",
          .group = CommandGroup::look,
          .purpose = "How every source is doing",
          .examples = "  earshot status",
          .run = status,
          .options = OptionList{json_option()}};
}

CommandSpec mentions_command() {
  return {.name = "mentions",
          .group = CommandGroup::look,
          .purpose = "List mentions, newest first",
          .examples =
              "  earshot mentions --brand Acme --polarity negative --issue billing --since 7d\n"
              "  earshot mentions --search 'router AND \"red light\"'",
          .run = mentions,
          .options = mention_filter_options() +
                     OptionList{{.names = "--before",
                                 .target = &Options::id,
                                 .help = "Only older than this mention (for the next page)",
                                 .kind = ValueKind::mention},
                                limit_option(10'000)}};
}

}  // namespace earshot::cli
