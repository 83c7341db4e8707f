#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "daemon/config.hpp"
#include "daemon/doctor/finding.hpp"
#include "net/probe.hpp"
#include "store/deliveries.hpp"
#include "store/inspection.hpp"
#include "store/rows.hpp"

/// The checks, one file each. What a check looks at is handed to it or read on the spot; nothing is changed,
/// made or locked. A check that cannot look says so in a finding.
namespace earshot::daemon::doctor {

/// Every mistake of a configuration that did not load, or what was read.
Findings check_configuration(const std::string& path, const Result<Config>& loaded);

/// The database's folder: there, whose, open to whom, and how long its disk lasts. `use` is nothing where the
/// database could not be read.
Findings check_state_folder(const std::string& database, const std::optional<store::StorageUse>& use);

/// The database file. `writer` is the process that has it open for writing, if one has.
Findings check_database(const std::string& database, const Result<store::Inspection>& seen,
                        std::optional<int> writer);

/// Where each secret is found, and tokens that are not renewed any more. Never what they are.
Findings check_credentials(const Config& config, Timestamp now);

/// What was asked for whom: a place on the network and those that need it ("source mastodon").
struct Reached {
  std::string place;
  std::vector<std::string> users;
  Result<net::Probed> probed;
};
Findings check_network(const std::vector<Reached>& places);

/// Our clock against those of the servers that answered; `stored` is the newest time that the daemon wrote.
Findings check_clock(const std::vector<Reached>& places, std::optional<Timestamp> stored, Timestamp now);

/// How the configured sources are doing; `gaps` are those of the last seven days.
Findings check_sources(const Config& config, const std::vector<store::SourceStatus>& sources,
                       const std::vector<store::GapRow>& gaps, bool daemon_runs, Timestamp now);

Findings check_deliveries(const std::vector<store::DestinationState>& destinations, Timestamp now);

/// Erasures that have left words in a file.
Findings check_erasures(const store::Inspection& seen, Timestamp now);

/// How long a platform lets a post be kept without looking whether it is still there.
struct DeletionDuty {
  std::string_view platform;
  std::chrono::hours window;
};
/// With a source: the terms as the platforms publish them.
const std::vector<DeletionDuty>& deletion_duties();
/// `unseen` is how many posts of the platform were not looked at within its window; an error where it took
/// too long to count.
Findings check_deletions(const DeletionDuty& duty, const Result<std::int64_t>& unseen);

/// A process as the kernel shows it: /proc/PID/status and /proc/PID/limits.
struct ProcessSight {
  int pid = 0;
  std::string status = {}, limits = {};  ///< empty: may not be read
};
ProcessSight look_at_process(int pid);
/// Whom the daemon runs as, core dumps, file descriptors.
Findings check_process(const ProcessSight& sight);
/// What `systemd-analyze security` gives for the unit ("9.2 UNSAFE"), an error where it cannot be asked.
Result<double> exposure_of(const std::string& unit_file);
Findings check_unit(const std::string& unit_file, const Result<double>& exposure);

/// Files that the programs read beside the configuration: zone files, lexicons, connectors.
Findings check_data_files(const Config& config);

}  // namespace earshot::daemon::doctor
