#include <iconv.h>

#include <algorithm>

#include "connectors/xml_reader.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors {
namespace {

class Converter {
 public:
  explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
  ~Converter() {
    if (valid()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool valid() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  DecodedText run(std::string_view bytes) {
    DecodedText out;
    char buffer[4096];
    char* input = const_cast<char*>(bytes.data());
    std::size_t left = bytes.size();
    while (left > 0) {
      char* output = buffer;
      std::size_t room = sizeof buffer;
      const auto failed = iconv(handle_, &input, &left, &output, &room) == static_cast<std::size_t>(-1);
      out.text.append(buffer, static_cast<std::size_t>(output - buffer));
      if (!failed || room < 16) continue;  // done, or the buffer was full
      out.text += "\xEF\xBF\xBD";
      out.damaged = true;
      ++input;
      --left;
    }
    return out;
  }

 private:
  iconv_t handle_;
};

std::string charset_of_content_type(std::string_view content_type) {
  const auto lower = ascii_lower(content_type);
  const auto at = lower.find("charset=");
  if (at == std::string::npos) return {};
  auto name = std::string_view(lower).substr(at + 8);
  while (!name.empty() && (name.front() == '"' || name.front() == '\'' || name.front() == ' ')) name.remove_prefix(1);
  return std::string(name.substr(0, name.find_first_of("\"'; \t")));
}

std::string charset_of_prolog(std::string_view bytes) {
  const auto head = ascii_lower(bytes.substr(0, 512));
  const auto begin = head.find("<?xml");
  const auto end = head.find("?>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  const auto prolog = std::string_view(head).substr(begin, end - begin);
  auto at = prolog.find("encoding");
  if (at == std::string_view::npos) return {};
  at = prolog.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const auto close = prolog.find(prolog[at], at + 1);
  return close == std::string_view::npos ? std::string() : std::string(prolog.substr(at + 1, close - at - 1));
}

/// Names under which pages mean something else than they say.
std::string usual_name(std::string charset) {
  static constexpr std::string_view latin1[] = {"iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii", "x-ansi", "cp1252", "iso_8859-1"};
  if (std::ranges::find(latin1, charset) != std::end(latin1)) return "windows-1252";
  if (charset == "utf8" || charset == "unicode" || charset == "u8") return "utf-8";
  if (charset == "gb2312" || charset == "gb_2312-80" || charset == "x-gbk") return "gb18030";
  if (charset == "shift-jis" || charset == "x-sjis") return "shift_jis";
  const bool plain = !charset.empty() && charset.size() <= 40 && std::ranges::all_of(charset, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ':';
  });
  return plain ? charset : std::string();
}

/// UTF-16 and UTF-32 show in how the first '<' lies among zero bytes.
std::string charset_of_zeros(std::string_view bytes) {
  if (bytes.size() < 4) return {};
  const auto head = bytes.substr(0, 4);
  if (head == std::string_view("\0\0\0<", 4)) return "utf-32be";
  if (head == std::string_view("<\0\0\0", 4)) return "utf-32le";
  if (head[0] == '\0' && head[1] != '\0') return "utf-16be";
  if (head[0] != '\0' && head[1] == '\0') return "utf-16le";
  return {};
}

DecodedText as_utf8(std::string_view bytes) {
  if (utf8::is_valid(bytes)) return {std::string(bytes), false};
  // Not UTF-8 after all: single bytes of windows-1252 are the likeliest reading, unless most of it is UTF-8.
  std::size_t good = 0;
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = utf8::sequence_length(bytes, at);
    if (length > 1) ++good;
    if (length == 0) ++bad;
    at += std::max<std::size_t>(length, 1);
  }
  if (bad > good) {
    Converter latin("windows-1252");
    auto out = latin.run(bytes);
    out.damaged = true;
    return out;
  }
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) utf8::append(out, utf8::next(bytes, at));
  return {std::move(out), true};
}

}  // namespace

DecodedText decode_charset(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return as_utf8(bytes.substr(3));
  const auto with_bom = [&](std::size_t skip, const char* charset) {
    Converter converter(charset);
    return converter.run(bytes.substr(skip));
  };
  if (bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4))) return with_bom(4, "utf-32le");
  if (bytes.starts_with(std::string_view("\0\0\xFE\xFF", 4))) return with_bom(4, "utf-32be");
  if (bytes.starts_with("\xFF\xFE")) return with_bom(2, "utf-16le");
  if (bytes.starts_with("\xFE\xFF")) return with_bom(2, "utf-16be");
  if (const auto wide = charset_of_zeros(bytes); !wide.empty()) return with_bom(0, wide.c_str());
  if (bytes.starts_with("\x4C\x6F\xA7\x94")) return with_bom(0, "cp037");  // "<?xm" in EBCDIC

  const auto claimed = usual_name(charset_of_content_type(content_type));
  const auto declared = usual_name(charset_of_prolog(bytes));
  // A server's default of latin-1 is often wrong for bytes that are valid UTF-8 with wide characters in them.
  for (const auto& charset : {claimed, declared}) {
    if (charset.empty() || charset.starts_with("utf-16") || charset.starts_with("utf-32") || charset.starts_with("ucs")) continue;
    if (charset == "utf-8") return as_utf8(bytes);
    if (charset == "windows-1252" && utf8::is_valid(bytes)) continue;
    Converter converter(charset);
    if (!converter.valid()) continue;
    return converter.run(bytes);
  }
  return as_utf8(bytes);
}

}  // namespace earshot::connectors
