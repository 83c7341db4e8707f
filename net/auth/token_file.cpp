#include "net/auth/token_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/json_writer.hpp"
#include "net/auth/json_object.hpp"

namespace earshot::net::auth {
namespace {

constexpr std::size_t room = 64 << 10;

struct Descriptor {
  Descriptor() = default;
  explicit Descriptor(int number) : fd(number) {}
  Descriptor(Descriptor&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int fd = -1;
};

Error io_error(const std::string& what, const std::string& path, int code) {
  auto kind = ErrorKind::busy;
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) kind = ErrorKind::disk_full;
  if (code == EACCES || code == EPERM || code == EROFS) kind = ErrorKind::forbidden;
  return Error{.kind = kind, .message = "cannot " + what + " " + path + ": " + std::strerror(code)};
}

bool write_all(int fd, std::string_view bytes) {
  off_t at = 0;
  while (!bytes.empty()) {
    const auto sent = ::pwrite(fd, bytes.data(), bytes.size(), at);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    at += sent;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// `earshot auth` may run as root; what it writes must stay the daemon's.
void give_to_owner_of(const std::string& folder, int fd) {
  struct stat owner {};
  if (::geteuid() == 0 && ::stat(folder.c_str(), &owner) == 0)
    static_cast<void>(::fchown(fd, owner.st_uid, owner.st_gid) == 0);
}

Status make_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) {
    const Descriptor made(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto slash = folder.find_last_of('/');
    if (made.fd >= 0)
      give_to_owner_of(slash == std::string::npos ? "." : folder.substr(0, slash + 1), made.fd);
    return Done{};
  }
  if (errno != EEXIST) return unexpected(io_error("make", folder, errno));
  return Done{};
}

std::string write_json(const StoredTokens& tokens) {
  JsonWriter out;
  out.begin_object().field("version", 1).field("belongs_to", tokens.belongs_to).field("seed", tokens.seed);
  out.field("refresh_token", tokens.refresh_token.reveal());
  out.field("access_token", tokens.access_token.reveal());
  out.field("refresh_at", to_ms(tokens.refresh_at)).field("expires_at", to_ms(tokens.expires_at));
  out.end_object();
  return out.str() + "\n";
}

Timestamp moment(const JsonObject& object, std::string_view key) {
  const double ms = object.number(key).value_or(0);
  return from_ms(ms > 0 && ms < 1e14 ? static_cast<std::int64_t>(ms) : 0);
}

Result<std::optional<StoredTokens>> read_tokens(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.fd < 0 && errno == ENOENT) return std::optional<StoredTokens>();
  if (file.fd < 0) return unexpected(io_error("read", path, errno));
  struct stat status {};
  if (::fstat(file.fd, &status) != 0 || (status.st_mode & 077) != 0)
    return unexpected(ErrorKind::unauthorized, path +
                                                   " can be read by others: chmod 0600 it, and run `earshot "
                                                   "auth` again if others may have seen it");
  std::string text(room, '\0');
  const auto got = ::pread(file.fd, text.data(), text.size(), 0);
  if (got < 0) return unexpected(io_error("read", path, errno));
  const Secret whole(std::move(text));
  const auto object =
      JsonObject::parse(std::string_view(whole.reveal()).substr(0, static_cast<std::size_t>(got)));
  if (!object || object->number("version") != 1.0 || object->text("refresh_token").empty())
    return unexpected(ErrorKind::unauthorized,
                      path + " holds no tokens that this version can read: move it away, and grant anew");
  return std::optional<StoredTokens>(StoredTokens{.belongs_to = object->text("belongs_to"),
                                                  .seed = object->text("seed"),
                                                  .refresh_token = Secret(object->text("refresh_token")),
                                                  .access_token = Secret(object->text("access_token")),
                                                  .refresh_at = moment(*object, "refresh_at"),
                                                  .expires_at = moment(*object, "expires_at")});
}

}  // namespace

StoredTokens StoredTokens::copy() const {
  return StoredTokens{.belongs_to = belongs_to,
                      .seed = seed,
                      .refresh_token = Secret(refresh_token.reveal()),
                      .access_token = Secret(access_token.reveal()),
                      .refresh_at = refresh_at,
                      .expires_at = expires_at};
}

struct TokenFile::Change::State {
  std::string folder, path, fresh_path;
  Descriptor lock;
  Descriptor fresh;  ///< the temporary file, with room for the tokens
};

TokenFile::Change::Change(std::unique_ptr<State> state) : state_(std::move(state)) {}
TokenFile::Change::Change(Change&&) noexcept = default;
TokenFile::Change& TokenFile::Change::operator=(Change&&) noexcept = default;
TokenFile::Change::~Change() {
  if (state_ && state_->fresh.fd >= 0) ::unlink(state_->fresh_path.c_str());
}

Result<std::optional<TokenFile::Change>> TokenFile::try_begin() const {
  if (auto made = make_folder(folder_); !made) return unexpected(made.error());
  auto state = std::make_unique<Change::State>();
  state->folder = folder_;
  state->path = path();
  state->fresh_path = path() + ".new";
  const auto lock_path = folder_ + "/" + name_ + ".lock";
  state->lock = Descriptor(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (state->lock.fd < 0) return unexpected(io_error("open", lock_path, errno));
  give_to_owner_of(folder_, state->lock.fd);
  if (::flock(state->lock.fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::optional<Change>();
    return unexpected(io_error("lock", lock_path, errno));
  }
  // Left behind by a process that was killed: only the holder of the lock may write it.
  ::unlink(state->fresh_path.c_str());
  state->fresh =
      Descriptor(::open(state->fresh_path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (state->fresh.fd < 0) return unexpected(io_error("write", state->fresh_path, errno));
  give_to_owner_of(folder_, state->fresh.fd);
  const int full = ::posix_fallocate(state->fresh.fd, 0, room);
  auto change = Change(std::move(state));
  if (full != 0) return unexpected(io_error("write", change.state_->fresh_path, full));
  return std::optional<Change>(std::move(change));
}

Result<std::optional<StoredTokens>> TokenFile::Change::read() const { return read_tokens(state_->path); }

Result<std::optional<StoredTokens>> TokenFile::peek() const { return read_tokens(path()); }

Status TokenFile::Change::commit(const StoredTokens& tokens) {
  const Secret text(write_json(tokens));
  const auto& path = state_->path;
  if (text.reveal().size() > room)
    return unexpected(ErrorKind::too_large, "the tokens for " + path + " are too long");
  const int fd = state_->fresh.fd;
  EARSHOT_ASSERT(fd >= 0);
  if (!write_all(fd, text.reveal()) || ::ftruncate(fd, static_cast<off_t>(text.reveal().size())) != 0 ||
      ::fsync(fd) != 0 || ::rename(state_->fresh_path.c_str(), path.c_str()) != 0)
    return unexpected(io_error("write", path, errno));
  state_->fresh = Descriptor();
  const Descriptor folder(::open(state_->folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd < 0 || ::fsync(folder.fd) != 0) return unexpected(io_error("sync", state_->folder, errno));
  return Done{};
}

}  // namespace earshot::net::auth
