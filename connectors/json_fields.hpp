#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

/// Replies of JSON APIs, read once from end to end and then asked by name. The whole body is walked before anything is
/// believed, so a reply cut off anywhere is an error and never a short page. What is broken inside one value stays
/// there: a lone surrogate becomes U+FFFD, an impossible number is a `broken` value, and the rest is unharmed.
/// Keys compare decoded; of duplicate keys the first counts.
namespace earshot::connectors {

namespace impl {
struct JsonNode;
struct JsonTree;
}  // namespace impl

/// A value inside a JsonDocument, or the absence of one; cheap to copy, valid while the document lives. Asking an
/// absent value or the wrong type gives nothing or an absent value, so paths can be chained without checks.
class JsonValue {
 public:
  enum class Type : std::uint8_t { absent, null, boolean, number, string, array, object, broken };

  JsonValue() = default;
  Type type() const;
  bool is_object() const { return type() == Type::object; }
  bool is_array() const { return type() == Type::array; }
  bool is_string() const { return type() == Type::string; }
  /// Neither absent nor null.
  explicit operator bool() const { return type() != Type::absent && type() != Type::null; }

  JsonValue operator[](std::string_view key) const;
  /// Number of elements or members.
  std::size_t size() const;

  /// The string's content, decoded; empty for anything else. Never invalid UTF-8, but may hold NUL.
  std::string_view text() const;
  /// An id: the string, or the number exactly as written; empty for anything else.
  std::string_view id() const;
  std::optional<std::int64_t> integer() const;
  /// As `integer`, for counters: negative values count as unknown.
  std::optional<std::int64_t> count() const;
  std::optional<double> number() const;
  std::optional<bool> boolean() const;
  bool is_true() const { return boolean().value_or(false); }
  /// A date in any form that platforms use, from a string or an epoch number.
  std::optional<Timestamp> time() const;
  /// The bytes as received.
  std::string_view raw() const;
  /// Name of this value inside its object.
  std::string_view key() const;

  /// Iterates the elements of an array or the members of an object.
  class Iterator {
   public:
    Iterator(const impl::JsonTree* tree, std::uint32_t at) : tree_(tree), at_(at) {}
    JsonValue operator*() const { return JsonValue(tree_, at_); }
    Iterator& operator++();
    bool operator==(const Iterator&) const = default;

   private:
    const impl::JsonTree* tree_;
    std::uint32_t at_;
  };
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class JsonDocument;
  JsonValue(const impl::JsonTree* tree, std::uint32_t at) : tree_(tree), at_(at) {}
  const impl::JsonNode* node() const;
  const impl::JsonTree* tree_ = nullptr;
  std::uint32_t at_ = 0;
};

/// Owns the text and the values read from it. Move-only.
class JsonDocument {
 public:
  JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;
  JsonValue operator[](std::string_view key) const { return root()[key]; }
  /// How many strings or bodies had to be repaired; for the counter `decode_repaired`.
  std::size_t repairs() const;

 private:
  friend Result<JsonDocument> parse_json(std::string_view body);
  std::unique_ptr<impl::JsonTree> tree_;
};

/// Reads a whole body. `malformed` when it is not one complete JSON value; a BOM is skipped, invalid UTF-8 and raw
/// control characters are repaired. Nesting deeper than 100 is kept unread as a `broken` value.
Result<JsonDocument> parse_json(std::string_view body);

/// Decodes the inside of a JSON string literal (without quotes) as best it can: lone surrogates and bad escapes
/// become U+FFFD. Returns how many replacements were needed.
std::size_t decode_json_string(std::string_view literal, std::string& out);

}  // namespace earshot::connectors
