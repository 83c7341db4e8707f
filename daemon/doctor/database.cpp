// The database file, its log and its index.
#include <unistd.h>

#include "daemon/doctor/checks.hpp"
#include "daemon/forecast.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* database_group = "database";
/// As config/grafana/alerts.yml has it: EarshotLogGrows, EarshotSearchBehind.
constexpr std::int64_t log_warn = 1'000'000'000, waiting_warn = 1000;

Finding schema_finding(const store::Inspection& seen) {
  const auto schema = "schema " + std::to_string(seen.schema);
  if (seen.current()) return {.level = Level::ok, .group = database_group, .what = schema + ", the newest"};
  return {.level = Level::warn,
          .group = database_group,
          .what = schema + ", this program has " + std::to_string(seen.newest_schema),
          .why = "commands that read do not work on it",
          .advice = "`earshot migrate` with the daemon stopped, or start the daemon: both make a copy first"};
}

Finding soundness_finding(const store::Inspection& seen) {
  switch (seen.soundness) {
    case store::Soundness::sound:
      return {.level = Level::ok,
              .group = database_group,
              .what = "sound: " + show_bytes(static_cast<double>(seen.database_bytes)) + " looked through"};
    case store::Soundness::damaged:
      return {.level = Level::bad,
              .group = database_group,
              .what = "damaged: " + seen.damage,
              .why = "the disk, its memory or a program that wrote over the file",
              .advice = "stop the daemon, put the last `earshot backup` in its place, start it"};
    case store::Soundness::not_looked_through: break;
  }
  return {.level = Level::note,
          .group = database_group,
          .what = "not looked through to the end",
          .why = "it is large, and the look is limited",
          .advice = "`earshot backup FILE` reads every page and checks the copy"};
}

}  // namespace

Findings check_database(const std::string& database, const Result<store::Inspection>& seen,
                        std::optional<int> writer) {
  if (::access(database.c_str(), F_OK) != 0)
    return {{.level = Level::note,
             .group = database_group,
             .what = database + " is not there yet",
             .advice = "the first start of the daemon makes it; else name the right one by --db"}};
  Findings out;
  if (writer)
    out.push_back(
        {.level = Level::ok, .group = database_group, .what = "written by pid " + std::to_string(*writer)});
  else
    out.push_back({.level = Level::note,
                   .group = database_group,
                   .what = "no daemon has it open",
                   .why = "nothing is heard meanwhile",
                   .advice = "systemctl start earshotd, or journalctl -u earshotd -e for why it ended"});
  if (!seen) {
    const bool newer = seen.error().kind == ErrorKind::forbidden;
    out.push_back({.level = Level::bad,
                   .group = database_group,
                   .what = seen.error().message,
                   .advice = newer
                                 ? "use the program that wrote it, or name the right file by --db"
                                 : "stop the daemon, put the last `earshot backup` in its place, start it"});
    return out;
  }
  out.push_back(schema_finding(*seen));
  out.push_back(soundness_finding(*seen));
  if (seen->log_bytes > log_warn)
    out.push_back({.level = Level::warn,
                   .group = database_group,
                   .what = "the write-ahead log holds " + show_bytes(static_cast<double>(seen->log_bytes)),
                   .why = "somebody keeps a read transaction open",
                   .advice = "end the reader that `fuser " + database + "` shows"});
  if (seen->search_waiting > waiting_warn)
    out.push_back(
        {.level = Level::warn,
         .group = database_group,
         .what = "the full-text index is " + std::to_string(seen->search_waiting) + " transactions behind",
         .why = "new mentions are not found by words yet",
         .advice = "wait where much was imported; else look for a full disk, or start the daemon"});
  return out;
}

}  // namespace earshot::daemon::doctor
