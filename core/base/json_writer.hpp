#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace earshot {

/// Appends JSON to a string, in order, without building a tree. Commas and escaping are its business; nesting
/// that does not balance asserts in `str()`. Invalid UTF-8 becomes U+FFFD, so the output is always valid
/// JSON.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  /// Shortest form that round-trips; NaN and infinities become null.
  JsonWriter& value(double number);
  /// Fixed number of decimals, trailing zeros dropped.
  JsonWriter& rounded(double number, int decimals);
  JsonWriter& null();
  /// Splices text that is already valid JSON.
  JsonWriter& raw(std::string_view json);

  template <typename T>
  JsonWriter& field(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  template <typename T>
  JsonWriter& field(std::string_view name, const std::optional<T>& content) {
    key(name);
    return content ? value(*content) : null();
  }

  /// The finished text; the writer is empty afterwards.
  std::string str();
  const std::string& view() const { return out_; }
  void clear();

 private:
  void separate();
  std::string out_;
  std::string nesting_;
  bool first_ = true;
  bool after_key_ = false;
};

/// A JSON string literal with its quotes.
std::string json_quote(std::string_view text);

}  // namespace earshot
