#include "connectors/exec/run_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace earshot::connectors::exec {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view name_start = "earshot-exec-";

/// The process in whose name the folder was made, or 0.
pid_t owner_of(const std::string& name) {
  pid_t pid = 0;
  if (!name.starts_with(name_start)) return 0;
  const auto* begin = name.data() + name_start.size();
  const auto [end, failure] = std::from_chars(begin, name.data() + name.size(), pid);
  return failure == std::errc{} && end != name.data() + name.size() && *end == '-' ? pid : 0;
}

/// A killed process cannot clean up after itself, and these folders hold credentials.
void remove_orphans(const fs::path& parent) {
  std::error_code ignored;
  for (fs::directory_iterator entry(parent, ignored), end; entry != end; entry.increment(ignored)) {
    const auto pid = owner_of(entry->path().filename().string());
    if (pid <= 0 || ::kill(pid, 0) == 0 || errno != ESRCH) continue;
    struct stat status {};
    if (::lstat(entry->path().c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != ::geteuid())
      continue;
    fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace

Result<std::unique_ptr<RunFolder>> RunFolder::make() {
  std::error_code failure;
  const auto parent = fs::temp_directory_path(failure);
  if (failure)
    return unexpected(ErrorKind::busy, "there is no folder for temporary files: " + failure.message());
  remove_orphans(parent);
  auto pattern = (parent / (std::string(name_start) + std::to_string(::getpid()) + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return unexpected(ErrorKind::busy,
                      "cannot make a folder in " + parent.string() + ": " + std::strerror(errno));
  return std::unique_ptr<RunFolder>(new RunFolder(std::move(pattern)));
}

RunFolder::~RunFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<std::string> RunFolder::write(const std::string& name, std::string_view bytes) const {
  auto path = path_ + "/" + name;
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  while (fd >= 0 && !bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const int code = errno;
  if (fd >= 0) ::close(fd);
  if (fd < 0 || !bytes.empty())
    return unexpected(ErrorKind::busy, "cannot write " + path + ": " + std::strerror(code));
  return path;
}

}  // namespace earshot::connectors::exec
