#include "net/credentials.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

#include "core/base/text.hpp"

namespace earshot::net {
namespace {

/// A key file of a service account has 2.4 KB; nothing that is a secret is long.
constexpr std::size_t size_max = 256 << 10;

enum class Trust { service_manager, check_mode };

struct File {
  explicit File(const std::string& path) : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd;
};

bool in_our_groups(gid_t group) {
  if (group == ::getegid()) return true;
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  for (int i = 0; i < count; ++i)
    if (groups[static_cast<std::size_t>(i)] == group) return true;
  return false;
}

/// What is wrong with the file's owner and mode, or nothing.
std::string exposure(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return "is no regular file";
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return "belongs to another user: chown it to root or to the daemon's user";
  if ((status.st_mode & S_IRWXO) != 0) return "is open to every user: chmod 0600 it";
  if ((status.st_mode & S_IWGRP) != 0) return "can be written by its group: chmod 0600 it";
  if ((status.st_mode & S_IRGRP) != 0 && (status.st_uid != 0 || !in_our_groups(status.st_gid)))
    return "can be read by its group: chmod 0600 it, or give it to root and the daemon's group with mode "
           "0640";
  return {};
}

Result<Secret> read_secret(const File& file, const std::string& path) {
  std::string text(size_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(file.fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unexpected(ErrorKind::forbidden, "cannot read " + path + ": " + std::strerror(errno));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  const Secret whole(std::move(text));
  if (size > size_max) return unexpected(ErrorKind::forbidden, path + " is too long for a secret");
  Secret secret{std::string(trim(std::string_view(whole.reveal()).substr(0, size)))};
  if (secret.empty()) return unexpected(ErrorKind::forbidden, path + " is empty");
  return secret;
}

/// Nothing when there is no such file; `hidden` then says why we cannot even look, when we cannot.
Result<std::optional<FoundSecret>> from_file(const std::string& path, Trust trust, std::string& hidden) {
  const File file(path);
  if (file.fd < 0) {
    if (errno == EACCES) hidden = " (" + path + ": " + std::strerror(EACCES) + ")";
    if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) return std::optional<FoundSecret>();
    return unexpected(ErrorKind::forbidden, "cannot read " + path + ": " + std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(file.fd, &status) != 0)
    return unexpected(ErrorKind::forbidden, "cannot read " + path + ": " + std::strerror(errno));
  // The service manager sees to its own files, with an access list that looks like a group's right.
  const auto wrong = trust == Trust::check_mode ? exposure(status) : std::string();
  if (!wrong.empty()) return unexpected(ErrorKind::forbidden, "credential not used: " + path + " " + wrong);
  auto secret = read_secret(file, path);
  if (!secret) return unexpected(secret.error());
  return std::optional<FoundSecret>(FoundSecret{.secret = std::move(*secret), .where = path});
}

}  // namespace

bool is_credential_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.find("..") == std::string_view::npos && name != "." &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
             std::string_view::npos;
}

std::string credential_variable(std::string_view name) {
  std::string variable = "EARSHOT_CREDENTIAL_";
  for (const char c : name)
    variable.push_back(c == '-' || c == '.'   ? '_'
                       : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A')
                                              : c);
  return variable;
}

Result<FoundSecret> find_credential(const CredentialPlaces& places, const std::string& name) {
  // The name is not repeated: it may be a secret that somebody wrote in its place.
  if (!is_credential_name(name))
    return unexpected(ErrorKind::invalid,
                      "what stands for the name of a credential is none: use letters, digits, '-', '_' and "
                      "'.', at most 64; the secret itself does not belong into the configuration");
  std::string hidden;
  if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY")) {
    auto found = from_file(std::string(directory) + "/" + name, Trust::service_manager, hidden);
    if (!found) return unexpected(found.error());
    if (*found) return std::move(**found);
  }
  if (!places.folder.empty()) {
    auto found = from_file(places.folder + "/" + name, Trust::check_mode, hidden);
    if (!found) return unexpected(found.error());
    if (*found) return std::move(**found);
  }
  const auto variable = credential_variable(name);
  if (const char* text = std::getenv(variable.c_str()); text && *text)
    return FoundSecret{.secret = Secret(text), .where = "environment variable " + variable};
  return unexpected(ErrorKind::unauthorized,
                    "there is no credential '" + name + "': add LoadCredential=" + name + " to the unit, " +
                        (places.folder.empty() ? "" : "put it into " + places.folder + "/" + name + ", ") +
                        "or set " + variable + hidden);
}

Result<Secret> load_credential(const CredentialPlaces& places, const std::string& name) {
  auto found = find_credential(places, name);
  if (!found) return unexpected(found.error());
  return std::move(found->secret);
}

}  // namespace earshot::net
