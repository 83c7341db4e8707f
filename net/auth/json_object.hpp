#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace earshot::net::auth {

/// A small JSON object read whole: token replies, key files, the payload of a JWT. Wrong types read as
/// absent.
class JsonObject {
 public:
  /// Nothing for text that is not one JSON object, or is over 256 KiB.
  static std::optional<JsonObject> parse(std::string_view text);
  JsonObject(JsonObject&&) noexcept;
  JsonObject& operator=(JsonObject&&) noexcept;
  ~JsonObject();

  /// A string, empty when there is none.
  std::string text(std::string_view key) const;
  /// A number, also one written as a string ("3600", as some token endpoints do).
  std::optional<double> number(std::string_view key) const;
  /// The same inside an object within: `inner_number("error", "code")`.
  std::optional<double> inner_number(std::string_view object, std::string_view key) const;

 private:
  struct State;
  explicit JsonObject(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace earshot::net::auth
