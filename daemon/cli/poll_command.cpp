// poll: one look at one source, now; with --dry-run nothing is stored.
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/one_source.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"

namespace earshot::cli {
namespace {

struct DryRun {
  connectors::Connector& connector;
  connectors::Context context;
  const daemon::Pipeline& pipeline;
  daemon::PageOrigin origin;
  bool json = false;
  bool failed = false;
};

void print_item(const store::ScoredMention& item, bool json) {
  const auto& m = item.mention;
  if (json) {
    JsonWriter out;
    out.begin_object()
        .field("platform", m.platform)
        .field("native_id", m.native_id)
        .field("author", m.author.handle);
    out.field("url", m.url).field("text", m.text).key("polarity");
    item.verdicts.empty() ? out.null()
                          : out.value(to_string(item.verdicts.front().verdict.sentiment.polarity));
    out.end_object();
    std::printf("%s\n", out.str().c_str());
    return;
  }
  const auto polarity = item.verdicts.empty()
                            ? "no brand"
                            : std::string(to_string(item.verdicts.front().verdict.sentiment.polarity));
  std::printf("  %-9s %s  @%s  %s\n", polarity.c_str(), show_time(m.created_at).c_str(),
              printable(m.author.handle).c_str(),
              clip(squeeze_space(printable(m.title.empty() ? m.text : m.title + ": " + m.text)),
                   std::max(30, terminal_width() - 60))
                  .c_str());
}

async::Awaitable<void> dry_run(DryRun& run) {
  for (const auto& stream : run.connector.streams()) {
    if (stream.live) {
      std::fprintf(stderr, "%s: live, heard by earshotd alone\n", stream.name.c_str());
      continue;
    }
    auto page = co_await run.connector.fetch(run.context, stream, std::nullopt);
    if (!page) {
      std::fprintf(stderr, "earshot: %s: %s\n", stream.name.c_str(), printable(page.error().message).c_str());
      run.failed = true;
      continue;
    }
    std::fprintf(stderr, "%s: %zu items, %zu bad, %s\n", stream.name.c_str(), page->mentions.size(),
                 page->bad_items.size(), page->more ? "more pages follow" : "caught up");
    for (const auto& bad : page->bad_items)
      std::fprintf(stderr, "  item %zu: %s\n", bad.index, printable(bad.reason).c_str());
    const auto batch = run.pipeline.process(std::move(*page), run.origin, run.context.clock.now());
    for (const auto& item : batch.mentions) print_item(item, run.json);
  }
}

}  // namespace

int poll(const Options& options) {
  auto one = OneSource::open(options);
  if (!one) return fail_to_open(one.error());
  auto& source = (*one)->source();
  if (!options.recorded.empty()) return poll_recorded(options, *source.connector, source.config.connector);
  if (!options.dry_run) {
    const auto status = (*one)->catch_up({}, 1, daemon::SourceLoop::Budget::unlimited);
    return status ? 0 : fail(status.error().message);
  }
  DryRun run{
      .connector = *source.connector,
      .context = (*one)->context(),
      .pipeline = (*one)->pipeline(),
      .origin = {.source = SourceId{1}, .stream = "dry-run", .brands = source.brands, .about = source.about},
      .json = options.json};
  (*one)->run(dry_run(run));
  return run.failed ? 1 : 0;
}

CommandSpec poll_command() {
  return {
      .name = "poll",
      .group = CommandGroup::set_up,
      .purpose = "Poll one source now",
      .examples =
          "  earshot poll forum --dry-run              print what it brings, store nothing\n"
          "  earshot poll forum --recorded page.json   read a recorded reply, show what was found where",
      .run = poll,
      .options = OptionList{{.names = "source",
                             .target = &Options::name,
                             .help = "Name of the source",
                             .kind = ValueKind::source,
                             .required = true},
                            {.names = "-n,--dry-run", .target = &Options::dry_run, .help = "Store nothing"},
                            {.names = "--recorded",
                             .target = &Options::recorded,
                             .help = "A reply's JSON, or lines {\"url\",\"body\"}: nothing is asked",
                             .kind = ValueKind::file},
                            json_option()}};
}

}  // namespace earshot::cli
