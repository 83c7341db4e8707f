#include "net/imap_reply.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"

namespace earshot::net::imap {
namespace {

constexpr std::size_t line_bytes_max = 64 << 10;
constexpr std::size_t literals_max = 4;  // one is asked for

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The size announced by a line that ends in "{n}" (or "{n+}", "~{n}").
std::optional<std::size_t> literal_at_end(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const auto open = line.rfind('{');
  if (open == std::string_view::npos) return std::nullopt;
  auto inside = line.substr(open + 1, line.size() - open - 2);
  if (inside.ends_with('+')) inside.remove_suffix(1);
  return number<std::size_t>(inside);
}

/// The words of a FETCH response's list: atoms as they are, quoted strings and literals with what is in them.
class Words {
 public:
  Words(std::string_view text, const std::vector<std::string>& literals) : text_(text), literals_(literals) {}

  struct Word {
    std::string text;
    bool is_string = false;
  };

  std::optional<Word> next() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '(' || text_[0] == ')')) text_.remove_prefix(1);
    if (text_.empty()) return std::nullopt;
    if (text_[0] == '"') return quoted();
    if (text_[0] == '{' || text_.starts_with("~{")) return literal();
    Word word;
    // BODY[HEADER.FIELDS (DATE FROM)] is one word.
    for (int depth = 0; !text_.empty(); text_.remove_prefix(1)) {
      const char c = text_[0];
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (depth <= 0 && (c == ' ' || c == '(' || c == ')')) break;
      word.text.push_back(c);
    }
    return word;
  }

 private:
  Word quoted() {
    Word word{.text = {}, .is_string = true};
    text_.remove_prefix(1);
    while (!text_.empty() && text_[0] != '"') {
      if (text_[0] == '\\' && text_.size() > 1) text_.remove_prefix(1);
      word.text.push_back(text_[0]);
      text_.remove_prefix(1);
    }
    if (!text_.empty()) text_.remove_prefix(1);
    return word;
  }

  Word literal() {
    const auto close = text_.find('}');
    text_.remove_prefix(close == std::string_view::npos ? text_.size() : close + 1);
    Word word{.text = {}, .is_string = true};
    if (used_ < literals_.size()) word.text = literals_[used_++];
    return word;
  }

  std::string_view text_;
  const std::vector<std::string>& literals_;
  std::size_t used_ = 0;
};

}  // namespace

Result<std::optional<Response>> ResponseReader::next() {
  for (;;) {
    if (literal_) {
      if (pending_.size() - at_ < *literal_) return std::optional<Response>();
      response_.literals.push_back(pending_.substr(at_, *literal_));
      at_ += *literal_;
      scanned_ = at_;
      literal_.reset();
    }
    const auto end = pending_.find('\n', std::max(at_, scanned_));
    if (end == std::string::npos || end - at_ > line_bytes_max) {
      if (pending_.size() - at_ > line_bytes_max)
        return unexpected(ErrorKind::too_large, "the server sent a line without an end");
      scanned_ = pending_.size();
      return std::optional<Response>();
    }
    auto line = std::string_view(pending_).substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    literal_ = literal_at_end(line);
    if (response_.line.size() + line.size() > line_bytes_max || response_.literals.size() > literals_max)
      return unexpected(ErrorKind::too_large, "the server sent a response without an end");
    response_.line += line;
    at_ = scanned_ = end + 1;
    if (literal_ && *literal_ > literal_bytes_max_)
      return unexpected(ErrorKind::too_large, "the server sent " + std::to_string(*literal_) +
                                                  " bytes where at most " +
                                                  std::to_string(literal_bytes_max_) + " were asked for");
    if (literal_) continue;
    pending_.erase(0, at_);
    at_ = scanned_ = 0;
    return std::optional<Response>(std::exchange(response_, {}));
  }
}

std::optional<Fetched> parse_fetch(const Response& response) {
  const auto line = std::string_view(response.line);
  if (!line.starts_with("* ")) return std::nullopt;
  const auto open = line.find('(');
  if (open == std::string_view::npos) return std::nullopt;
  const auto start = split(trim(line.substr(2, open - 2)), ' ');
  if (start.size() != 2 || !ascii_iequals(start[1], "FETCH") || !number<std::uint32_t>(start[0]))
    return std::nullopt;
  Words words(line.substr(open), response.literals);
  Fetched out;
  while (const auto name = words.next()) {
    if (name->is_string) continue;
    const bool body = starts_with_icase(name->text, "BODY[]");
    if (!body && !ascii_iequals(name->text, "UID") && !ascii_iequals(name->text, "INTERNALDATE")) continue;
    const auto value = words.next();
    if (!value) break;
    if (body) {
      if (value->is_string) out.body = value->text;
    } else if (ascii_iequals(name->text, "UID")) {
      out.uid = number<std::uint32_t>(value->text).value_or(0);
    } else {
      // "17-Jul-1996 02:44:25 -0700": dates with dashes are the server's alone.
      auto text = std::string(trim(value->text));
      std::ranges::replace(text.begin(), text.begin() + std::min<std::ptrdiff_t>(11, std::ssize(text)), '-',
                           ' ');
      out.received_at = parse_time(text);
    }
  }
  if (out.uid == 0 || !out.body) return std::nullopt;
  return out;
}

std::optional<std::vector<std::uint32_t>> parse_search(std::string_view line) {
  if (!starts_with_icase(line, "* SEARCH")) return std::nullopt;
  std::vector<std::uint32_t> out;
  for (const auto word : split(line.substr(8), ' '))
    if (const auto value = number<std::uint32_t>(trim(word)); value && *value > 0 && out.size() < 1'000'000)
      out.push_back(*value);
  return out;
}

std::optional<std::uint32_t> code_number(std::string_view line, std::string_view code) {
  const auto open = line.find('[');
  if (open == std::string_view::npos) return std::nullopt;
  auto rest = line.substr(open + 1);
  if (!starts_with_icase(rest, std::string(code) + " ")) return std::nullopt;
  rest.remove_prefix(code.size() + 1);
  const auto close = rest.find(']');
  return close == std::string_view::npos ? std::nullopt : number<std::uint32_t>(rest.substr(0, close));
}

}  // namespace earshot::net::imap
