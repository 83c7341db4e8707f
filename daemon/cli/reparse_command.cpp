// reparse: what was kept of every item as it was received, read by the connector as it is now.
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/one_source.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/legal.hpp"
#include "daemon/reparsing.hpp"

namespace earshot::cli {
namespace {

/// Items in one transaction: few enough that the daemon's next start waits for nothing.
constexpr std::size_t batch_size = 1'000;

/// The store as this command uses it; nothing to write to: only what would change is counted.
struct Work {
  OneSource& one;
  store::Reader& reader;
  store::Store* store = nullptr;
  SourceId source = {};
  MentionId after = {};
  std::int64_t epoch = 0;
};

Result<daemon::Reparsed> run_through(Work work) {
  auto& source = work.one.source();
  daemon::Reparsed counts;
  const auto now = SystemClock().now();
  for (;;) {
    const auto rows = work.reader.received(work.source, work.after, batch_size);
    if (!rows) return unexpected(rows.error());
    const daemon::PageOrigin origin{.source = work.source,
                                    .stream = daemon::ReparsePlace::stream,
                                    .epoch = work.epoch,
                                    .brands = source.brands,
                                    .about = source.about,
                                    .keeping = daemon::keeping_of(source.config.legal)};
    auto batch = daemon::reparse(*source.connector, work.one.pipeline(), origin, *rows, now, counts);
    const bool last = rows->size() < batch_size;
    work.after = last ? MentionId{} : rows->back().id;
    if (work.store) {
      batch.cursor = daemon::ReparsePlace{.reached = work.after}.write();
      batch.caught_up = last;
      const auto receipts = work.store->write(std::span(&batch, 1));
      if (!receipts) return unexpected(receipts.error());
      work.epoch = receipts->front().epoch;
    }
    if (last) return counts;
  }
}

Result<daemon::Reparsed> look(OneSource& one) {
  auto reader = store::open_reader(one.config().database);
  if (!reader) return unexpected(reader.error());
  const auto sources = (*reader)->sources();
  if (!sources) return unexpected(sources.error());
  for (const auto& row : *sources)
    if (row.name == one.source().config.name)
      return run_through({.one = one, .reader = **reader, .source = row.id});
  return daemon::Reparsed{};
}

Result<daemon::Reparsed> write_anew(OneSource& one) {
  auto store = one.open_store();
  if (!store) return unexpected(store.error());
  auto reader = (*store)->reader();
  if (!reader) return unexpected(reader.error());
  const auto& config = one.source().config;
  const auto id = (*store)->ensure_source(config.name, config.connector);
  if (!id) return unexpected(id.error());
  const auto state = (*store)->stream(*id, daemon::ReparsePlace::stream);
  if (!state) return unexpected(state.error());
  const auto place = daemon::ReparsePlace::read(state->cursor);
  if (!place) return unexpected(place.error());
  if (place->reached) std::fprintf(stderr, "going on where it was broken off\n");
  return run_through({.one = one,
                      .reader = **reader,
                      .store = store->get(),
                      .source = *id,
                      .after = place->reached,
                      .epoch = state->epoch});
}

void print(const std::string& name, const daemon::Reparsed& counts, bool dry_run) {
  const auto number = [](std::int64_t value) { return static_cast<long long>(value); };
  std::printf("%s: %lld items, %lld read as before, %lld %s\n", printable(name).c_str(), number(counts.items),
              number(counts.same), number(counts.changed), dry_run ? "would change" : "changed");
  for (const auto& [field, times] : counts.fields) std::printf("  %s: %lld\n", field.c_str(), number(times));
  if (counts.unreadable > 0) std::printf("%lld no longer parse, and stay\n", number(counts.unreadable));
  for (const auto& [reason, times] : counts.reasons)
    std::printf("  %s: %lld\n", printable(reason).c_str(), number(times));
  if (counts.renamed > 0) std::printf("%lld have another id now, and stay\n", number(counts.renamed));
  if (counts.brandless > 0)
    std::printf("%lld would speak of no brand any more, and stay\n", number(counts.brandless));
}

void write(const std::string& name, const daemon::Reparsed& counts, bool dry_run) {
  JsonWriter out;
  out.begin_object().field("source", name).field("dry_run", dry_run).field("items", counts.items);
  out.field("same", counts.same).field("changed", counts.changed).key("fields").begin_object();
  for (const auto& [field, times] : counts.fields) out.field(field, times);
  out.end_object().field("unreadable", counts.unreadable).key("reasons").begin_object();
  for (const auto& [reason, times] : counts.reasons) out.field(reason, times);
  out.end_object().field("renamed", counts.renamed).field("brandless", counts.brandless);
  std::printf("%s\n", out.end_object().str().c_str());
}

}  // namespace

int reparse(const Options& options) {
  auto one = OneSource::open(options);
  if (!one) return fail_to_open(one.error());
  const auto& source = (*one)->source();
  if (const auto can = source.connector->reread("{}", {}); !can && can.error().kind == ErrorKind::invalid)
    return fail("'" + options.name + "': " + can.error().message);
  const auto counts = options.dry_run ? look(**one) : write_anew(**one);
  if (!counts) return fail(counts.error().message);
  options.json ? write(options.name, *counts, options.dry_run)
               : print(options.name, *counts, options.dry_run);
  return 0;
}

CommandSpec reparse_command() {
  return {.name = "reparse",
          .group = CommandGroup::keep,
          .purpose = "Read kept items again by today's connector",
          .examples =
              "  earshot reparse forum --dry-run    which fields would change, what no longer parses\n"
              "  earshot reparse forum              change them; broken off, the same again goes on",
          .run = reparse,
          .options = OptionList{{.names = "source",
                                 .target = &Options::name,
                                 .help = "Name of the source",
                                 .kind = ValueKind::source,
                                 .required = true},
                                {.names = "-n,--dry-run",
                                 .target = &Options::dry_run,
                                 .help = "Change nothing; the daemon may run"},
                                json_option()}};
}

}  // namespace earshot::cli
