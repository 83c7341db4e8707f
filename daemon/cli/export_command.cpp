// export: every mention of the filter as NDJSON (the interchange format plus the verdict) or CSV.
#include <cstdio>

#include "core/base/csv.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

/// Enough rows per query that the start-up of each does not show, few enough to stay small in memory.
constexpr std::size_t page_rows = 5'000;

void write_csv(std::FILE* out, const store::MentionRow& row, const std::string& brand) {
  const auto id = std::to_string(row.id.value);
  const auto created_at = format_rfc3339(row.created_at);
  const auto score = std::to_string(row.verdict.score);
  const auto issues = issue_list(row.verdict.issues);
  const auto urgency = std::to_string(row.verdict.urgency);
  const auto severity = std::to_string(row.verdict.severity);
  const std::string_view fields[] = {id,
                                     brand,
                                     row.platform,
                                     row.source,
                                     row.native_id,
                                     created_at,
                                     row.author_handle,
                                     row.url,
                                     to_string(row.verdict.polarity),
                                     score,
                                     issues,
                                     row.verdict.lang,
                                     row.title,
                                     row.text,
                                     urgency,
                                     severity};
  const auto line = csv_line(fields);
  std::fwrite(line.data(), 1, line.size(), out);
}

}  // namespace

int export_mentions(const Options& options) {
  const auto format = options.format.empty() ? std::string("ndjson") : options.format;
  if (format != "ndjson" && format != "csv") return fail("--format is ndjson or csv", 2);
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brands = brands_of(**reader, options);
  if (!brands) return fail(brands.error().message, 2);
  std::FILE* out = options.output.empty() ? stdout : std::fopen(options.output.c_str(), "wb");
  if (!out) return fail("cannot write " + options.output);
  const auto now = SystemClock().now();
  if (format == "csv") {
    static constexpr std::string_view names[] = {
        "id",       "brand", "platform", "source", "native_id", "created_at", "author",  "url",
        "polarity", "score", "issues",   "lang",   "title",     "text",       "urgency", "severity"};
    const auto header = csv_line(names);
    std::fwrite(header.data(), 1, header.size(), out);
  }
  std::size_t written = 0;
  for (const auto& brand : *brands) {
    store::MentionFilter filter{.brand = brand.id, .limit = page_rows};
    for (const auto& [text, at] :
         {std::pair(&options.since, &filter.since), std::pair(&options.until, &filter.until)}) {
      if (text->empty()) continue;
      auto parsed = parse_when(*text, now);
      if (!parsed) return fail(parsed.error().message, 2);
      *at = *parsed;
    }
    for (;;) {
      auto rows = (*reader)->mentions(filter);
      if (!rows) return fail(rows.error().message);
      for (const auto& row : *rows) {
        if (row.deleted) continue;
        ++written;
        if (format == "csv") {
          write_csv(out, row, brand.name);
          continue;
        }
        JsonWriter json;
        write_json(json, row, brand.name);
        const auto line = json.str() + "\n";
        std::fwrite(line.data(), 1, line.size(), out);
      }
      if (rows->size() < page_rows) break;
      filter.before = rows->back().id;
    }
  }
  const bool failed = std::ferror(out) != 0 || (out != stdout ? std::fclose(out) : std::fflush(out)) != 0;
  if (failed) return fail("the export could not be written completely: is the disk full?");
  std::fprintf(stderr, "%zu mentions\n", written);
  return 0;
}

CommandSpec export_command() {
  return {.name = "export",
          .group = CommandGroup::keep,
          .purpose = "Write mentions as NDJSON or CSV",
          .examples = "  earshot export --format csv --output mentions.csv --since 30d",
          .run = export_mentions,
          .options = reading_options() + OptionList{{.names = "--format",
                                                     .target = &Options::format,
                                                     .help = "ndjson or csv",
                                                     .known = {"ndjson", "csv"}},
                                                    {.names = "--output",
                                                     .target = &Options::output,
                                                     .help = "File (default: standard output)",
                                                     .kind = ValueKind::file}}};
}

}  // namespace earshot::cli
