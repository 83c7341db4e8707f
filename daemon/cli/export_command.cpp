// export: every mention of the filter as NDJSON (the interchange format plus the verdict), CSV or Parquet.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "core/base/time_format.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/export_format.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"

namespace earshot::cli {
namespace {

/// Enough rows per query that the start-up of each does not show, few enough to stay small in memory.
constexpr std::size_t page_rows = 5'000;

/// The file that is meant: of a folder, one in it whose name says what made it.
std::string file_of(const Options& options, const std::string& format, const store::Versions& versions,
                    Timestamp now) {
  std::error_code failed;
  if (!std::filesystem::is_directory(options.output, failed)) return options.output;
  const auto name = "earshot-mentions-" + format_rfc3339(now).substr(0, 10) + "-views" + versions.views +
                    "-lexicon" + std::to_string(versions.lexicon) + "." + format;
  return (std::filesystem::path(options.output) / name).string();
}

Result<std::size_t> write_brand(store::Reader& reader, const store::NamedBrand& brand,
                                store::MentionFilter filter, ExportFormat& format) {
  std::size_t written = 0;
  filter.brand = brand.id;
  filter.limit = page_rows;
  for (;;) {
    auto rows = reader.mentions(filter);
    if (!rows) return unexpected(rows.error());
    for (const auto& row : *rows) {
      if (row.deleted) continue;
      ++written;
      if (auto status = format.add(row, brand.name); !status) return unexpected(status.error());
    }
    if (rows->size() < page_rows) return written;
    filter.before = rows->back().id;
  }
}

}  // namespace

int export_mentions(const Options& options) {
  if (!options.author.empty()) return export_author(options);
  const auto name = options.format.empty() ? std::string("ndjson") : options.format;
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  const auto versions = (*reader)->versions();
  if (!versions) return fail(versions.error().message);
  std::FILE* out = stdout;
  const auto format = export_format(name, *versions, [&out](std::string_view bytes) -> Status {
    if (std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size()) return Done{};
    return unexpected(ErrorKind::disk_full, "the export could not be written completely: is the disk full?");
  });
  if (!format) return fail("--format is ndjson, csv or parquet", 2);
  if (name == "parquet" && options.output.empty() && ::isatty(STDOUT_FILENO) == 1)
    return fail("Parquet is not for a terminal: give --output", 2);
  auto brands = brands_of(**reader, options);
  if (!brands) return fail(brands.error().message, 2);
  const auto now = SystemClock().now();
  store::MentionFilter filter;
  for (const auto& [text, at] :
       {std::pair(&options.since, &filter.since), std::pair(&options.until, &filter.until)}) {
    if (text->empty()) continue;
    auto parsed = parse_when(*text, now);
    if (!parsed) return fail(parsed.error().message, 2);
    *at = *parsed;
  }
  const auto file = file_of(options, name, *versions, now);
  if (!file.empty()) out = std::fopen(file.c_str(), "wb");
  if (!out) return fail("cannot write " + file);
  std::size_t written = 0;
  auto status = format->begin();
  for (std::size_t i = 0; status && i < brands->size(); ++i) {
    const auto count = write_brand(**reader, (*brands)[i], filter, *format);
    if (!count) status = unexpected(count.error());
    written += count ? *count : 0;
  }
  if (status) status = format->end();
  const bool failed = std::ferror(out) != 0 || (out != stdout ? std::fclose(out) : std::fflush(out)) != 0;
  if (!status) return fail(status.error().message);
  if (failed) return fail("the export could not be written completely: is the disk full?");
  std::fprintf(stderr, "%zu mentions%s%s\n", written, file == options.output ? "" : " in ",
               file == options.output ? "" : file.c_str());
  return 0;
}

CommandSpec export_command() {
  return {
      .name = "export",
      .group = CommandGroup::keep,
      .purpose = "Write mentions as NDJSON, CSV or Parquet, or everything that is kept of a person",
      .examples =
          "  earshot export --format csv --output mentions.csv --since 30d\n"
          "  earshot export --format parquet --output .     a name with the versions in it\n"
          "  earshot export --author mastodon:ann@social.example --output ann.ndjson",
      .run = export_mentions,
      .options = reading_options() + OptionList{{.names = "--format",
                                                 .target = &Options::format,
                                                 .help = "ndjson, csv or parquet",
                                                 .known = {"ndjson", "csv", "parquet"}},
                                                {.names = "--author",
                                                 .target = &Options::author,
                                                 .help = "PLATFORM:ID or PLATFORM:HANDLE: every row about "
                                                         "them, as NDJSON"},
                                                {.names = "--output",
                                                 .target = &Options::output,
                                                 .help = "File (default: standard output)",
                                                 .kind = ValueKind::file}}};
}

}  // namespace earshot::cli
