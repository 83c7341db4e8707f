// The folder that the database lies in.
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "daemon/doctor/checks.hpp"
#include "daemon/forecast.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr const char* state_folder_group = "state folder";
/// SQLite, the index and an upgrade need some room to breathe.
constexpr double room_least = 200e6;
constexpr double days_bad = 7, days_warn = 30, days_told = 3650;

std::string mode_of(const struct stat& seen) {
  char out[8];
  std::snprintf(out, sizeof out, "%04o", static_cast<unsigned>(seen.st_mode & 07777));
  return out;
}

Findings check_access(const std::string& path, bool is_folder) {
  struct stat seen {};
  if (::stat(path.c_str(), &seen) != 0) return {};
  const auto others = seen.st_mode & (is_folder ? S_IRWXO : S_IRWXO | S_IWGRP);
  if (others == 0) return {};
  const bool writable = (others & (S_IWOTH | S_IWGRP)) != 0;
  return {{.level = writable ? Level::bad : Level::warn,
           .group = state_folder_group,
           .what = path + " has mode " + mode_of(seen),
           .why = writable ? "others than the daemon can change what people said"
                           : "every user of this machine can read what people said, and who",
           .advice = std::string("chmod ") + (is_folder ? "0750 " : "0640 ") + path}};
}

Findings check_room(const std::string& database, const std::optional<store::StorageUse>& use) {
  const auto ahead = forecast(use.value_or(store::StorageUse{}), database);
  const auto left = show_bytes(ahead.available_bytes);
  const std::string advice = "make room, or set `keep` or `size_max` in [retention]";
  if (ahead.available_bytes < room_least)
    return {{.level = Level::bad,
             .group = state_folder_group,
             .what = "the disk has " + left + " left",
             .why = "when it is full, nothing is heard any more until there is room again",
             .advice = advice}};
  if (!ahead.days_left)
    return {{.level = Level::ok, .group = state_folder_group, .what = "the disk has " + left + " left"}};
  const auto days = *ahead.days_left > days_told
                        ? std::string("more than ten years")
                        : std::to_string(static_cast<long long>(*ahead.days_left)) + " days";
  const auto level = *ahead.days_left < days_bad    ? Level::bad
                     : *ahead.days_left < days_warn ? Level::warn
                                                    : Level::ok;
  return {{.level = level,
           .group = state_folder_group,
           .what = "the disk has " + left + " left: " + days + " days at the pace of the last week",
           .why = level == Level::ok ? "" : show_bytes(ahead.bytes_per_day) + " come in a day",
           .advice = level == Level::ok ? "" : advice}};
}

/// Copies that upgrades left: what is erased stays in them.
Findings check_copies(const std::string& folder, const std::string& database) {
  Findings out;
  const auto begin = std::filesystem::path(database).filename().string() + ".schema-";
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
    if (entry.path().filename().string().starts_with(begin))
      out.push_back({.level = Level::note,
                     .group = state_folder_group,
                     .what = entry.path().string() + " is a copy from an upgrade",
                     .why = "it takes room, and what people have erased or deleted since is still in it",
                     .advice = "rm it when the new version has proved itself"});
  return out;
}

}  // namespace

Findings check_state_folder(const std::string& database, const std::optional<store::StorageUse>& use) {
  const auto folder = std::filesystem::absolute(database).parent_path().string();
  struct stat seen {};
  if (::stat(folder.c_str(), &seen) != 0)
    return {{.level = Level::bad,
             .group = state_folder_group,
             .what = folder + ": " + std::strerror(errno),
             .why = "the database is to lie there",
             .advice = "systemd-tmpfiles --create, or name another `database`"}};
  Findings out;
  struct stat file {};
  const bool there = ::stat(database.c_str(), &file) == 0;
  if (there && file.st_uid != seen.st_uid)
    out.push_back({.level = Level::bad,
                   .group = state_folder_group,
                   .what = database + " belongs to user " + std::to_string(file.st_uid) + ", its folder to " +
                           std::to_string(seen.st_uid),
                   .why = "the daemon may not be able to write it; a command run as root made it",
                   .advice = "chown --reference=" + folder + " " + database + "*"});
  add(out, check_access(folder, true));
  // In a folder that is closed to others the modes of its files harm nobody.
  if ((seen.st_mode & S_IXOTH) != 0)
    for (const auto* more : {"", "-wal"}) add(out, check_access(database + more, false));
  if (out.empty())
    out.push_back(
        {.level = Level::ok, .group = state_folder_group, .what = folder + ", mode " + mode_of(seen)});
  add(out, check_copies(folder, database));
  add(out, check_room(database, use));
  return out;
}

}  // namespace earshot::daemon::doctor
