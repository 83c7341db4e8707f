// storage and backup: how much there is, how long it fits, and a copy of it.
#include <cstdio>
#include <filesystem>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/forecast.hpp"

namespace earshot::cli {
namespace {

using daemon::show_bytes;

double size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : static_cast<double>(size);
}

}  // namespace

int storage(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto use = (*reader)->storage();
  if (!use) return fail(use.error().message);
  const auto path = database_path(options);
  const auto main = static_cast<double>(use->database_bytes), search = static_cast<double>(use->search_bytes);
  const auto ahead = daemon::forecast(*use, path);
  if (options.json) {
    JsonWriter out;
    out.begin_object().field("database_bytes", use->database_bytes).field("free_bytes", use->free_bytes);
    out.field("log_bytes", use->log_bytes).field("search_bytes", use->search_bytes);
    out.field("mentions", use->mentions).field("search_waiting", use->search_waiting);
    out.key("bytes_per_mention").rounded(ahead.bytes_per_mention, 1);
    out.key("mentions_per_day").rounded(ahead.mentions_per_day, 1);
    out.key("bytes_per_day").rounded(ahead.bytes_per_day, 0);
    out.field("disk_available_bytes", static_cast<std::int64_t>(ahead.available_bytes)).key("days_left");
    ahead.days_left ? out.rounded(*ahead.days_left, 1) : out.null();
    std::printf("%s\n", out.end_object().str().c_str());
    return 0;
  }
  std::printf("%s\n", printable(path).c_str());
  std::printf("  mentions, verdicts, rollups  %s, of which %s are free for new ones\n",
              show_bytes(main).c_str(), show_bytes(static_cast<double>(use->free_bytes)).c_str());
  std::printf("  write-ahead log              %s\n", show_bytes(static_cast<double>(use->log_bytes)).c_str());
  std::printf("  full-text index              %s%s\n", show_bytes(search).c_str(),
              use->search_waiting == 0
                  ? ""
                  : (", " + std::to_string(use->search_waiting) + " transactions behind").c_str());
  std::printf("  %lld mentions, %s each\n", static_cast<long long>(use->mentions),
              show_bytes(ahead.bytes_per_mention).c_str());
  if (!ahead.days_left) {
    std::printf("  nothing was heard in the last week: no forecast\n");
    return 0;
  }
  std::printf("  %.0f mentions a day in the last week: %s in 30 days, %s in a year\n", ahead.mentions_per_day,
              show_bytes(ahead.bytes_per_day * 30).c_str(), show_bytes(ahead.bytes_per_day * 365).c_str());
  if (*ahead.days_left > 3650)
    std::printf("  the disk has %s: enough for more than ten years\n",
                show_bytes(ahead.available_bytes).c_str());
  else
    std::printf("  the disk has %s: enough for %.0f days; [retention] in the configuration limits it\n",
                show_bytes(ahead.available_bytes).c_str(), *ahead.days_left);
  return 0;
}

int backup(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  if (auto status = (*reader)->backup(options.file); !status) return fail(status.error().message);
  std::printf("%s: %s, checked\n", printable(options.file).c_str(),
              show_bytes(size_of(options.file)).c_str());
  return 0;
}

CommandSpec storage_command() {
  return {.name = "storage",
          .group = CommandGroup::keep,
          .purpose = "How much there is, and how long the disk lasts",
          .examples = "  earshot storage",
          .run = storage,
          .options = OptionList{json_option()}};
}

CommandSpec backup_command() {
  return {.name = "backup",
          .group = CommandGroup::keep,
          .purpose = "Copy the database while the daemon goes on",
          .examples =
              "  earshot backup /srv/backup/earshot-2026-11-27.db\n"
              "  to restore: stop the daemon, put the copy in the database's place, start it",
          .run = backup,
          .options = OptionList{{.names = "file",
                                 .target = &Options::file,
                                 .help = "New file",
                                 .kind = ValueKind::file,
                                 .required = true}}};
}

}  // namespace earshot::cli
