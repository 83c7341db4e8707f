#include "core/base/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "core/base/assert.hpp"
#include "core/base/utf8.hpp"

namespace earshot {
namespace {

/// Bytes that stand in a JSON string as they are.
constexpr auto plain = [] {
  std::array<bool, 256> out{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) out[byte] = byte != '"' && byte != '\\';
  return out;
}();

void append_escaped(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  const auto plain_end = [text](std::size_t at) {
    while (at < text.size() && plain[static_cast<unsigned char>(text[at])]) ++at;
    return at;
  };
  // Nearly all names and most texts are plain: room is made for them once.
  auto at = plain_end(0);
  const auto before = out.size();
  out.resize(before + at + 1);
  out[before] = '"';
  text.copy(out.data() + before + 1, at);
  while (at < text.size()) {
    if (const auto end = plain_end(at); end != at) {
      out.append(text, at, end - at);
      at = end;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80) {
      const auto length = utf8::sequence_length(text, at);
      if (length == 0) {
        out += "\xEF\xBF\xBD";
        ++at;
      } else {
        out.append(text, at, length);
        at += length;
      }
      continue;
    }
    ++at;
    switch (byte) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out.push_back(hex[byte >> 4]);
        out.push_back(hex[byte & 15]);
    }
  }
  out.push_back('"');
}

}  // namespace

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
  } else if (!first_) {
    out_.push_back(',');
  }
  first_ = false;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_.push_back('{');
  nesting_.push_back('}');
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  EARSHOT_ASSERT(!nesting_.empty() && nesting_.back() == '}');
  out_.push_back('}');
  nesting_.pop_back();
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_.push_back('[');
  nesting_.push_back(']');
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  EARSHOT_ASSERT(!nesting_.empty() && nesting_.back() == ']');
  out_.push_back(']');
  nesting_.pop_back();
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_escaped(out_, name);
  out_.push_back(':');
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  append_escaped(out_, text);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  separate();
  out_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  separate();
  out_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  out_.append(buffer, end);
  return *this;
}

JsonWriter& JsonWriter::rounded(double number, int decimals) {
  if (!std::isfinite(number)) return null();
  separate();
  char buffer[400];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed, decimals).ptr;
  std::string_view digits(buffer, static_cast<std::size_t>(end - buffer));
  if (digits.find('.') != std::string_view::npos) {
    while (digits.back() == '0') digits.remove_suffix(1);
    if (digits.back() == '.') digits.remove_suffix(1);
  }
  out_ += digits == "-0" ? std::string_view("0") : digits;
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

std::string JsonWriter::str() {
  EARSHOT_ASSERT(nesting_.empty());
  auto done = std::move(out_);
  clear();
  return done;
}

void JsonWriter::clear() {
  out_.clear();
  nesting_.clear();
  first_ = true;
  after_key_ = false;
}

std::string json_quote(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

}  // namespace earshot
