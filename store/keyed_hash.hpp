#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace earshot::store {

/// Numbers that lead nowhere without a key: the first 64 bits of HMAC-SHA-256. What is left of a mention that
/// was taken back is known again by them, and by nobody who has the database alone; likewise people whose
/// names are not kept. Any thread.
class KeyedHash {
 public:
  KeyedHash() = default;  ///< without a key; only to be assigned to
  enum class Missing { make, refuse };
  /// The key of a database: $CREDENTIALS_DIRECTORY/earshot-privacy-key, else the file "<database>.key" (mode
  /// 0600). Where there is none it is made, durably, unless it is `missing` that must not be; where the file
  /// is empty a new one is made in any case. ":memory:" gets one of its own. `forbidden` when the file is not
  /// there, is open to others, cannot be read or made, or holds no key.
  static Result<KeyedHash> of_database(const std::string& database_path, Missing missing);
  /// There is a file that should hold the key, whatever is in it.
  static bool is_there(const std::string& database_path);

  std::uint64_t operator()(std::uint64_t number) const;
  /// What a name is called where names are not kept: "p_" and 16 hexadecimal digits, the same for every
  /// spelling ('@' before it, large letters). A pseudonym comes back as it is.
  std::string pseudonym(std::string_view name) const;
  /// Tells keys apart and gives nothing of them away.
  std::uint64_t fingerprint() const;
  const std::string& where() const { return where_; }
  /// It was made just now because its file was empty: somebody says that the one before is lost.
  bool replaces_lost() const { return replaces_lost_; }

 private:
  KeyedHash(Secret key, std::string where, bool replaces_lost)
      : key_(std::move(key)), where_(std::move(where)), replaces_lost_(replaces_lost) {}
  std::uint64_t code(const char* purpose, std::string_view text) const;
  std::uint64_t code(const char* purpose, std::uint64_t number) const;

  Secret key_;
  std::string where_;
  bool replaces_lost_ = false;
};

/// It has the form of one.
bool is_pseudonym(std::string_view name);

}  // namespace earshot::store
