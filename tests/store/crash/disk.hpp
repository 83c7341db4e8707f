#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace earshot::test {

/// What a file system is asked to do, as far as it can fail.
enum class Call { read, write, sync, open };

/// A call that fails: the `nth` of its kind from now on (1: the next), and with `for_good` all after it.
struct Fault {
  Call call = Call::write;
  int nth = 1;
  int code = SQLITE_IOERR;
  bool for_good = false;
};

/// What happened to the files of a folder, in one order, since all of them lose power together.
struct Event {
  enum class Kind { create, write, truncate, sync, remove, acknowledge };
  Kind kind = Kind::write;
  std::string file = {};
  std::int64_t offset = 0;  ///< of `truncate` the size; of `remove` 1 where the folder was synced as well
  std::string bytes = {};
};

using Files = std::map<std::string, std::string>;  ///< name and content
Files read_files(const std::string& folder);
/// Makes the folder hold these files and nothing else.
void write_files(const std::string& folder, const Files& files);

/// While it lives, SQLite's default file system: the real one, except that nothing waits for a disk, that
/// calls fail where they are told to, and that what happens to the files of one folder is remembered. For one
/// thread. Databases opened under it are closed before it ends.
class Disk {
 public:
  /// Without a folder nothing is remembered.
  explicit Disk(std::string folder);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void fail(std::optional<Fault> fault);
  /// Whether the call that was to fail was made.
  bool failed() const { return failed_; }
  /// Whoever asked was told by now that what they wrote is kept.
  void acknowledge() { events_.push_back({.kind = Event::Kind::acknowledge}); }
  const Files& before() const { return before_; }
  const std::vector<Event>& events() const { return events_; }

  // What the calls of SQLite ask.
  int verdict(Call call);
  std::optional<std::string> name_of(const char* path) const;
  void note(Event event) { events_.push_back(std::move(event)); }

 private:
  std::string folder_;
  Files before_;
  std::vector<Event> events_;
  std::optional<Fault> fault_;
  int calls_ = 0;
  bool failed_ = false;
};

/// How much of what was not synced reaches the disk.
enum class Kept { none, some, all };

/// The folder as it is found when the power fails right before event `at`: what was synced is there, of
/// everything later each 512-byte sector or not; so are new files and removals whose folder was not synced.
Files after_power_cut(const Files& before, const std::vector<Event>& events, std::size_t at, Kept kept,
                      std::mt19937_64& random);

}  // namespace earshot::test
