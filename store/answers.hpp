#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

namespace earshot::store {

/// What a change was answered that came with an idempotency key.
struct KeptAnswer {
  std::string request_hash = {};  ///< SHA-256 of what was asked, hexadecimal; says whether it is asked again
  int status = 0;                 ///< of HTTP
  std::string content_type = {};
  std::string body = {};
  bool operator==(const KeptAnswer&) const = default;
};

/// Answers to changes, so that one that is sent again does not happen again. Blocking; on the store thread
/// alone. Fails like the store.
class Answers {
 public:
  static constexpr std::chrono::hours life{24};
  static constexpr std::int64_t kept_max = 10'000;  ///< beyond them the oldest go

  virtual ~Answers() = default;
  /// What the holder of a token (by its name) was answered under this key; nothing: it is new, or a day old.
  virtual Result<std::optional<KeptAnswer>> find(std::string_view caller, std::string_view key,
                                                 Timestamp now) = 0;
  /// One transaction; lets go of what is too old or too many, too.
  virtual Status keep(std::string_view caller, std::string_view key, const KeptAnswer& answer,
                      Timestamp now) = 0;
  /// Lets go of what is older than `life`.
  virtual Status forget_old(Timestamp now) = 0;
};

}  // namespace earshot::store
