#include "store/keyed_hash.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/base/assert.hpp"
#include "core/base/text.hpp"

namespace earshot::store {
namespace {

/// 32 bytes as hexadecimal digits.
constexpr std::size_t digits_count = 64;
constexpr const char* credential_name = "earshot-privacy-key";
constexpr std::string_view pseudonym_prefix = "p_";

Error trouble(const std::string& path, const std::string& what) {
  return {.kind = ErrorKind::forbidden, .message = path + ": " + what};
}

constexpr const char* how_to_go_on =
    "it is what posts that were deleted are known by: put it back from where the database came from. If it "
    "is "
    "lost, put an empty file of mode 0600 in its place: what was deleted may then be heard again";

Secret new_key() {
  unsigned char raw[digits_count / 2];
  const int made = RAND_bytes(raw, sizeof raw);
  EARSHOT_ASSERT(made == 1);
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const auto byte : raw) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return Secret(std::move(text));
}

struct File {
  explicit File(int number) : fd(number) {}
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd;
};

/// The key in an open file; empty: there is none in it.
Result<Secret> read_key(const File& file, const std::string& path) {
  std::string text(256, '\0');
  const auto got = ::pread(file.fd, text.data(), text.size(), 0);
  if (got < 0) return unexpected(trouble(path, std::strerror(errno)));
  const Secret whole(std::move(text));
  const auto key = trim(std::string_view(whole.reveal()).substr(0, static_cast<std::size_t>(got)));
  const bool digits = key.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!key.empty() && (key.size() != digits_count || !digits))
    return unexpected(trouble(path, "holds no key: 64 hexadecimal digits in small letters"));
  return Secret(std::string(key));
}

/// Beside it, then in its place: a kill leaves no half key.
Status write_key(const std::string& path, const Secret& key) {
  const auto fresh = path + ".new";
  ::unlink(fresh.c_str());
  const File file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  const auto folder = std::filesystem::absolute(path).parent_path().string();
  const File place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.fd < 0 || place.fd < 0) return unexpected(trouble(path, std::strerror(errno)));
  // A command run as root must not leave a key that the daemon cannot read.
  struct stat owner {};
  if (::geteuid() == 0 && ::fstat(place.fd, &owner) == 0)
    static_cast<void>(::fchown(file.fd, owner.st_uid, owner.st_gid) == 0);
  const auto& text = key.reveal();
  if (::write(file.fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file.fd) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0 || ::fsync(place.fd) != 0)
    return unexpected(errno == ENOSPC || errno == EDQUOT ? ErrorKind::disk_full : ErrorKind::forbidden,
                      "cannot write " + path + ": " + std::strerror(errno));
  return Done{};
}

}  // namespace

Result<KeyedHash> KeyedHash::of_database(const std::string& database_path, Missing missing) {
  if (database_path == ":memory:") return KeyedHash(new_key(), "memory", false);
  if (const char* given = std::getenv("CREDENTIALS_DIRECTORY")) {
    const auto path = std::string(given) + "/" + credential_name;
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd >= 0) {
      auto key = read_key(file, path);
      if (!key) return unexpected(key.error());
      if (key->empty()) return unexpected(trouble(path, "is empty"));
      return KeyedHash(std::move(*key), path, false);
    }
  }
  const auto path = database_path + ".key";
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.fd < 0 && (errno != ENOENT || missing == Missing::refuse))
    return unexpected(trouble(path, std::string(std::strerror(errno)) + "; " + how_to_go_on));
  if (file.fd >= 0) {
    struct stat seen {};
    if (::fstat(file.fd, &seen) != 0 || (seen.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      return unexpected(trouble(path, "is open to others: chmod 0600 it"));
    auto key = read_key(file, path);
    if (!key) return unexpected(key.error());
    if (!key->empty()) return KeyedHash(std::move(*key), path, false);
  }
  auto key = new_key();
  if (auto written = write_key(path, key); !written) return unexpected(written.error());
  return KeyedHash(std::move(key), path, file.fd >= 0);
}

bool KeyedHash::is_there(const std::string& database_path) {
  const char* given = std::getenv("CREDENTIALS_DIRECTORY");
  struct stat seen {};
  if (given != nullptr && ::stat((std::string(given) + "/" + credential_name).c_str(), &seen) == 0)
    return true;
  return database_path == ":memory:" || ::lstat((database_path + ".key").c_str(), &seen) == 0;
}

std::uint64_t KeyedHash::code(const char* purpose, std::uint64_t number) const {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(number >> shift & 0xFF));
  return code(purpose, bytes);
}

std::uint64_t KeyedHash::code(const char* purpose, std::string_view text) const {
  std::string bytes(purpose);
  bytes.push_back('\0');
  bytes += text;
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const auto& key = key_.reveal();
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out, &size);
  EARSHOT_ASSERT(done != nullptr && size >= 8);
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | out[i];
  return value;
}

std::uint64_t KeyedHash::operator()(std::uint64_t number) const { return code("tombstone", number); }
std::uint64_t KeyedHash::fingerprint() const { return code("fingerprint", std::uint64_t{0}); }

std::string KeyedHash::pseudonym(std::string_view name) const {
  if (name.starts_with('@')) name.remove_prefix(1);
  if (is_pseudonym(name)) return std::string(name);
  auto number = code("pseudonym", fold_case(name));
  std::string out(pseudonym_prefix);
  static constexpr char digits[] = "0123456789abcdef";
  for (int i = 0; i < 16; ++i, number <<= 4) out.push_back(digits[number >> 60]);
  return out;
}

bool is_pseudonym(std::string_view name) {
  return name.size() == pseudonym_prefix.size() + 16 && name.starts_with(pseudonym_prefix) &&
         name.find_first_not_of("0123456789abcdef", pseudonym_prefix.size()) == std::string_view::npos;
}

}  // namespace earshot::store
