#include "store/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace earshot::store {

Result<WriterLock> WriterLock::acquire(const std::string& database_path) {
  const auto path = database_path + ".lock";
  WriterLock lock;
  lock.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.file_ < 0)
    return unexpected(ErrorKind::forbidden, "cannot open " + path + ": " + std::strerror(errno));
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    char pid[32] = {};
    const auto got = ::pread(lock.file_, pid, sizeof pid - 1, 0);
    std::string owner(pid, got > 0 ? static_cast<std::size_t>(got) : 0);
    while (!owner.empty() && owner.back() == '\n') owner.pop_back();
    return unexpected(ErrorKind::busy, database_path + " is in use by pid " + (owner.empty() ? "?" : owner) +
                                           "; stop that process or give another --db");
  }
  const auto mine = std::to_string(::getpid()) + "\n";
  // The pid only serves a message; a full disk must not keep the daemon from starting.
  if (::ftruncate(lock.file_, 0) == 0 && ::pwrite(lock.file_, mine.data(), mine.size(), 0) < 0) {
  }
  return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

WriterLock::~WriterLock() {
  if (file_ >= 0) ::close(file_);
}

std::optional<int> writer_of(const std::string& database_path) {
  struct stat wanted {};
  if (::stat((database_path + ".lock").c_str(), &wanted) != 0) return std::nullopt;
  // "1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF": the last number of the sixth word is the inode.
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, manner, access, pid, file;
    words >> number >> kind >> manner >> access >> pid >> file;
    if (kind == "FLOCK" && file.substr(file.rfind(':') + 1) == std::to_string(wanted.st_ino))
      return std::atoi(pid.c_str());
  }
  return std::nullopt;
}

}  // namespace earshot::store
