// import: a file of mentions through the same path as everything that is polled.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "connectors/import/import_reader.hpp"
#include "core/base/text.hpp"
#include "daemon/bulk_ingest.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/legal.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/prepare.hpp"

namespace earshot::cli {
namespace {

/// Of the file, parsed and analysed by one thread: large enough that handing it over does not count, small
/// enough that a handful on their way is little memory.
constexpr std::size_t block_bytes = 512 << 10;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

/// Cuts a file of lines into blocks. A line beyond the limit is cut short after it, which its reader reports.
class LineBlocks {
 public:
  LineBlocks(daemon::BulkIngest& ingest, std::size_t line_bytes_max)
      : ingest_(ingest), line_bytes_max_(line_bytes_max) {}

  bool push(std::string_view bytes) {
    if (cutting_) {
      const auto end = bytes.find('\n');
      bytes.remove_prefix(std::min(end, bytes.size()));
      cutting_ = end == std::string_view::npos;
    }
    pending_ += bytes;
    const auto end = pending_.rfind('\n');
    if (end != std::string::npos) return hand_over(end + 1);
    if (pending_.size() > line_bytes_max_) {
      pending_.resize(line_bytes_max_ + 1);
      cutting_ = true;
    }
    return true;
  }
  bool finish() { return pending_.empty() || hand_over(pending_.size()); }

 private:
  bool hand_over(std::size_t size) {
    daemon::Block block{.lines = pending_.substr(0, size), .first_line = line_, .read = {}};
    pending_.erase(0, size);
    line_ += static_cast<std::size_t>(std::ranges::count(block.lines, '\n'));
    return ingest_.push(std::move(block));
  }

  daemon::BulkIngest& ingest_;
  std::size_t line_bytes_max_;
  std::string pending_;
  std::size_t line_ = 1;
  bool cutting_ = false;
};

Result<connectors::import::ImportOptions> reader_options(const Options& options) {
  using connectors::import::Format;
  connectors::import::ImportOptions out{
      .format = Format::ndjson, .platform = options.name, .now = SystemClock().now(), .columns = {}};
  auto format = options.format;
  if (format.empty())
    format = options.file.ends_with(".csv") ? "csv" : options.file.ends_with(".mbox") ? "mbox" : "ndjson";
  if (format != "ndjson" && format != "csv" && format != "mbox")
    return unexpected(ErrorKind::invalid, "--format is ndjson, csv or mbox");
  if (format == "csv") out.format = Format::csv;
  if (format == "mbox") out.format = Format::mbox;
  if (out.platform.empty() && out.format == Format::mbox) out.platform = "email";
  if (out.platform.empty() && out.format == Format::csv) out.platform = "import";
  for (const auto& pair : options.columns) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return unexpected(ErrorKind::invalid, "--column is FIELD=NAME, such as --column text=Comment");
    out.columns[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return out;
}

}  // namespace

int import(const Options& options) {
  if (options.source.empty()) return fail("import needs --source NAME, under which the mentions are kept", 2);
  auto import_options = reader_options(options);
  if (!import_options) return fail(import_options.error().message, 2);
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  if (!options.database.empty()) config->database = options.database;
  std::unique_ptr<std::FILE, CloseFile> file(options.file == "-" ? stdin
                                                                 : std::fopen(options.file.c_str(), "rb"));
  if (!file) return fail("cannot read " + options.file, 2);

  auto store = store::open_store(config->database);
  if (!store) return fail(store.error().message);
  config->sources.clear();
  auto prepared = daemon::prepare(*config, **store);
  if (!prepared) return fail(prepared.error().message);
  auto source = (*store)->ensure_source(options.source, "import");
  if (!source) return fail(source.error().message);
  auto stream = (*store)->stream(*source, "import");
  if (!stream) return fail(stream.error().message);
  const auto rules = daemon::legal_of(config->legal, options.source, "import");
  daemon::PageOrigin origin{
      .source = *source, .stream = "import", .epoch = stream->epoch, .keeping = daemon::keeping_of(rules)};
  if (!options.brand.empty()) {
    const auto found = std::ranges::find(prepared->brands, options.brand, &Brand::name);
    if (found == prepared->brands.end())
      return fail("there is no brand '" + options.brand + "' in " + options.config_path, 2);
    origin.about = found->id;
  }

  std::size_t bad = 0;
  bool read_failed = false;
  const auto report = [&](const connectors::import::ImportError& error) {
    ++bad;
    std::fprintf(stderr, "%s:%zu: %s\n", options.file.c_str(), error.line, printable(error.reason).c_str());
  };
  auto indexer = (*store)->indexer();
  if (!indexer) return fail(indexer.error().message);
  daemon::BulkIngest ingest(**store, std::move(*indexer), *prepared->pipeline, origin, *import_options,
                            report);
  LineBlocks blocks(ingest, import_options->line_bytes_max);
  const bool lines = import_options->format == connectors::import::Format::ndjson;
  connectors::import::ImportReader reader(*import_options);  // rows may span lines: they are read here
  std::string chunk(block_bytes, '\0');
  for (bool going = true; going;) {
    // Not fread: it waits until the chunk is full, and what a pipe brings slowly would lie about.
    const auto got = ::read(::fileno(file.get()), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    const auto bytes = std::string_view(chunk).substr(0, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    read_failed = got < 0;
    going = got > 0;
    if (lines) {
      going = (bytes.empty() ? blocks.finish() : blocks.push(bytes)) && going;
      continue;
    }
    daemon::Block block;
    bytes.empty() ? reader.finish(block.read) : reader.push(bytes, block.read);
    going = ingest.push(std::move(block)) && going;
  }
  const auto status = ingest.finish();
  const auto& total = ingest.total();
  std::fprintf(stderr, "%lld new, %lld known, %lld changed, %lld of no brand, %zu bad lines\n",
               static_cast<long long>(total.stored), static_cast<long long>(total.duplicate),
               static_cast<long long>(total.updated), static_cast<long long>(total.unmatched), bad);
  if (!status)
    return fail(status.error().message +
                "; what was counted above is stored, run the import again for the rest");
  if (read_failed) return fail("reading " + options.file + " failed before its end");
  return bad == 0 ? 0 : 1;
}

CommandSpec import_command() {
  return {
      .name = "import",
      .group = CommandGroup::keep,
      .purpose = "Store mentions from a file",
      .examples =
          "  earshot import posts.ndjson --source archive\n"
          "  earshot import survey.csv --source survey --column text=Comment --column created_at=Date",
      .run = import,
      .options =
          OptionList{
              {.names = "file",
               .target = &Options::file,
               .help = "File, or - for standard input",
               .kind = ValueKind::file,
               .required = true},
              {.names = "--source",
               .target = &Options::source,
               .help = "Name under which the mentions are kept",
               .kind = ValueKind::source},
              {.names = "--format",
               .target = &Options::format,
               .help = "ndjson, csv or mbox (default by the file's name)",
               .known = {"ndjson", "csv", "mbox"}},
              {.names = "--platform", .target = &Options::name, .help = "Platform of lines that name none"},
              {.names = "--brand",
               .target = &Options::brand,
               .help = "The brand that every line is about",
               .kind = ValueKind::brand},
              {.names = "--column", .target = &Options::columns, .help = "CSV: FIELD=NAME of its column"}},
      .fails = "The file could not be read or stored, or had bad lines; good lines are stored all the same."};
}

}  // namespace earshot::cli
