// A file that grows by one line of JSON per item, for whatever reads files.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/async/run_on.hpp"
#include "delivery/sink.hpp"

namespace earshot::delivery::file {
namespace {

struct File {
  explicit File(const std::string& path)
      : fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640)) {}
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd;
};

Unexpected failure(const std::string& path, int code) {
  const auto kind = code == ENOSPC || code == EDQUOT ? ErrorKind::disk_full : ErrorKind::unreachable;
  return unexpected(kind, "cannot write " + path + ": " + std::strerror(code));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

/// The line is on the disk when this returns. A line that a crash or a full disk broke off is ended first, or
/// taken back.
Status append(const std::string& path, std::string line) {
  const File file(path);
  struct stat status {};
  if (file.fd < 0 || ::fstat(file.fd, &status) != 0) return failure(path, errno);
  const bool regular = S_ISREG(status.st_mode);
  char last = '\n';
  if (regular && status.st_size > 0 && ::pread(file.fd, &last, 1, status.st_size - 1) != 1)
    return failure(path, errno);
  if (last != '\n') line.insert(line.begin(), '\n');
  if (!write_all(file.fd, line) || (regular && ::fsync(file.fd) != 0)) {
    const int code = errno;
    if (regular && ::ftruncate(file.fd, status.st_size) != 0) return failure(path, errno);
    return failure(path, code);
  }
  return Done{};
}

class FileSink final : public Sink {
 public:
  FileSink(std::string path, SinkServices services) : path_(std::move(path)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    const auto path = path_;
    auto write = [path, line = to_json(item) + "\n"]() -> Status { return append(path, line); };
    auto written = co_await async::run_on(services_.blocking, write);
    if (!written) co_return unexpected(written.error());
    co_return Receipt{};
  }

 private:
  std::string path_;
  SinkServices services_;
};

SinkPlan read(TomlReader& reader) {
  SinkPlan plan;
  auto path = reader.required_text("path");
  if (!path.empty() && !path.starts_with('/')) reader.mistake("path", "must begin with /");
  plan.make = [path](const SinkServices& services) { return std::make_unique<FileSink>(path, services); };
  return plan;
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{.name = "file", .summary = "a file, one line of JSON per item", .read = read};

}  // namespace earshot::delivery::file
