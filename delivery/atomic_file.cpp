#include "delivery/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace earshot::delivery {
namespace {

Unexpected failure(const std::string& doing, const std::string& path) {
  const int code = errno;
  const auto kind = code == ENOSPC || code == EDQUOT                   ? ErrorKind::disk_full
                    : code == EACCES || code == EPERM || code == EROFS ? ErrorKind::forbidden
                                                                       : ErrorKind::internal;
  return unexpected(kind, doing + " " + path + ": " + std::strerror(code));
}

/// Closes a descriptor that nobody else knows of.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Status write_atomically(const std::string& path, std::string_view bytes) {
  const auto directory = std::filesystem::path(path).parent_path().string();
  const auto temporary = path + ".tmp" + std::to_string(::getpid());
  {
    // Feeds are read by web servers of other users.
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) return failure("cannot write", temporary);
    if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0 || !file.close()) {
      auto failed = failure("cannot write", temporary);
      ::unlink(temporary.c_str());
      return failed;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    auto failed = failure("cannot replace", path);
    ::unlink(temporary.c_str());
    return failed;
  }
  Descriptor folder(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());  // some file systems cannot; the rename stands all the same
  return Done{};
}

}  // namespace earshot::delivery
