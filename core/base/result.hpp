#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/assert.hpp"
#include "core/base/error.hpp"

namespace earshot {

/// Wraps an error on its way into a Result; the name is that of the standard's.
struct Unexpected {
  Error error;
};

inline Unexpected unexpected(Error error) { return Unexpected{std::move(error)}; }
inline Unexpected unexpected(ErrorKind kind, std::string message) {
  return Unexpected{Error{.kind = kind, .message = std::move(message)}};
}

/// A value or the Error that kept it from being. Default-constructible (as an internal error), because
/// coroutine machinery needs that. Accessing the absent side is a bug and asserts.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result() : state_(Error{.kind = ErrorKind::internal, .message = "no result was produced"}) {}
  Result(T value) : state_(std::move(value)) {}
  Result(Unexpected failure) : state_(std::move(failure.error)) {}

  bool has_value() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return checked(); }
  const T& operator*() const& { return const_cast<Result*>(this)->checked(); }
  /// By value, so that `for (auto& x : *call())` keeps what it walks alive.
  T operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &const_cast<Result*>(this)->checked(); }

  const Error& error() const& {
    EARSHOT_ASSERT(!has_value());
    return std::get<Error>(state_);
  }
  Error& error() & {
    EARSHOT_ASSERT(!has_value());
    return std::get<Error>(state_);
  }

  T value_or(T fallback) const& { return has_value() ? std::get<T>(state_) : std::move(fallback); }

 private:
  T& checked() {
    EARSHOT_ASSERT(has_value());
    return std::get<T>(state_);
  }
  std::variant<Error, T> state_;
};

/// Success without a value.
struct Done {
  bool operator==(const Done&) const = default;
};
using Status = Result<Done>;

}  // namespace earshot
