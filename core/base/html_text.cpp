#include "core/base/html_text.hpp"

#include <algorithm>

#include "core/base/html_attribute.hpp"
#include "core/base/html_entities.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }

/// Decodes the reference at text[at] == '&'. Returns its code point and moves past it, or 0 and stays.
char32_t read_reference(std::string_view text, std::size_t& at) {
  std::size_t i = at + 1;
  if (i < text.size() && text[i] == '#') {
    ++i;
    const bool hex = i < text.size() && (text[i] == 'x' || text[i] == 'X');
    if (hex) ++i;
    std::uint32_t number = 0;
    const auto first = i;
    for (; i < text.size() && i - first < 10; ++i) {
      const char c = text[i];
      std::uint32_t digit = 0;
      if (is_digit(c))
        digit = static_cast<std::uint32_t>(c - '0');
      else if (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
        digit = static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
      else
        break;
      number = std::min<std::uint32_t>(number * (hex ? 16 : 10) + digit, 0x110000);
    }
    if (i == first) return 0;
    if (i < text.size() && text[i] == ';') ++i;
    at = i;
    return html_number(number);
  }
  const auto first = i;
  while (i < text.size() && i - first < 32 && is_alnum(text[i])) ++i;
  const auto name = text.substr(first, i - first);
  const bool closed = i < text.size() && text[i] == ';';
  // Without its ';' only the oldest names count, and not inside a query string ("?a=1&copy=2").
  static constexpr std::string_view legacy[] = {"amp", "lt",  "gt", "quot", "nbsp", "copy",
                                                "reg", "AMP", "LT", "GT",   "QUOT"};
  if (!closed && (std::ranges::find(legacy, name) == std::end(legacy) || (i < text.size() && text[i] == '=')))
    return 0;
  const auto found = html_entity(name);
  if (found != 0) at = i + (closed ? 1 : 0);
  return found;
}

bool has_word(std::string_view list, std::string_view word) {
  for (const auto part : split(list, ' '))
    if (part == word) return true;
  return false;
}

template <std::size_t N>
bool any_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::ranges::find(names, name) != std::end(names);
}

class Converter {
 public:
  explicit Converter(std::string_view html) : html_(html) {}

  HtmlText run() {
    while (at_ < html_.size()) {
      const char c = html_[at_];
      if (c == '<' && at_ + 1 < html_.size() && markup_follows()) continue;
      if (c == '&') {
        if (const auto code_point = read_reference(html_, at_); code_point != 0) {
          put_code_point(code_point);
          continue;
        }
      }
      put(c);
      ++at_;
    }
    result_.text = utf8::sanitise(trim(out_));
    return std::move(result_);
  }

 private:
  /// Consumes one tag, comment or declaration; false when the '<' is just a character.
  bool markup_follows() {
    const char next = html_[at_ + 1];
    if (next == '!' || next == '?') {
      skip_declaration();
      return true;
    }
    if (!is_alpha(next) && !(next == '/' && at_ + 2 < html_.size() && is_alpha(html_[at_ + 2]))) return false;
    const auto end = tag_end(at_ + 1);
    if (end == npos) {  // cut off in the middle of a tag
      at_ = html_.size();
      return true;
    }
    const auto body = html_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (body.front() == '/')
      close_tag(name_of(body.substr(1)));
    else
      open_tag(name_of(body), body);
    return true;
  }

  static std::string name_of(std::string_view body) {
    std::size_t length = 0;
    while (length < body.size() && !is_html_blank(body[length]) && body[length] != '/') ++length;
    return ascii_lower(body.substr(0, std::min<std::size_t>(length, 32)));
  }

  void skip_declaration() {
    if (html_.substr(at_, 4) == "<!--" && !comments_end_) {
      const auto end = html_.find("-->", at_ + 4);
      if (end != npos) {
        at_ = end + 3;
        return;
      }
      comments_end_ = true;
    }
    if (html_.substr(at_, 9) == "<![CDATA[") {
      at_ += 9;
      return;
    }
    const auto end = html_.find('>', at_);
    at_ = end == npos ? html_.size() : end + 1;
  }

  /// The tag's '>' outside quotes; a quote that never closes counts as a plain character, and is looked for
  /// once.
  std::size_t tag_end(std::size_t from) {
    for (auto at = from; at < html_.size(); ++at) {
      const char c = html_[at];
      if (c == '>') return at;
      if ((c != '"' && c != '\'') || html_[at - 1] != '=') continue;
      auto& missing = c == '"' ? double_quotes_end_ : single_quotes_end_;
      if (missing) continue;
      const auto close = html_.find(c, at + 1);
      if (close == npos)
        missing = true;
      else
        at = close;
    }
    return npos;
  }

  void open_tag(const std::string& name, std::string_view body) {
    static constexpr std::string_view opaque[] = {"script", "style", "template", "noscript",
                                                  "svg",    "head",  "title"};
    static constexpr std::string_view blocks[] = {
        "div",    "tr",     "ul",     "ol",         "dl",   "dt",    "dd",   "table", "section", "article",
        "header", "footer", "figure", "figcaption", "form", "aside", "main", "nav",   "address"};
    static constexpr std::string_view paragraphs[] = {"p",  "h1", "h2",         "h3",  "h4",
                                                      "h5", "h6", "blockquote", "pre", "hr"};
    const bool self_closed = body.back() == '/';
    if (!hidden_.empty()) {
      if (name == hidden_ && !self_closed) ++hidden_depth_;
      if (name == "a") collect_link(body);
      return;
    }
    if (any_of(name, opaque)) {
      if (!self_closed) skip_to_end_of(name);
    } else if (name == "br") {
      line_break(1, true);
    } else if (name == "li") {
      line_break(1);
      prefix_ = "- ";
    } else if (any_of(name, paragraphs)) {
      if (hide_if_marked(name, body, "quote-inline")) return;
      line_break(2);
      if (name == "pre") ++pre_depth_;
    } else if (any_of(name, blocks)) {
      line_break(1);
    } else if (name == "td" || name == "th") {
      space_ = true;
    } else if (name == "a") {
      in_anchor_ = true;
      anchor_is_tag_ = collect_link(body);
      anchor_begin_ = out_.size();
    } else if (name == "span") {
      if (!in_anchor_) hide_if_marked(name, body, "invisible");
    } else if (name == "img") {
      const auto classes = html_attribute(body, "class");
      if (classes.find("emoji") != npos || classes.find("smiley") != npos) {
        const auto alt = html_attribute(body, "alt");
        for (const char c : utf8::truncate(alt, 32)) put(c);
      }
    }
  }

  void close_tag(const std::string& name) {
    static constexpr std::string_view paragraphs[] = {"p",  "h1",         "h2",  "h3", "h4", "h5",
                                                      "h6", "blockquote", "pre", "ul", "ol"};
    static constexpr std::string_view blocks[] = {"div", "li",      "tr",      "table",
                                                  "dd",  "section", "article", "figure"};
    if (!hidden_.empty()) {
      if (name == hidden_ && --hidden_depth_ == 0) hidden_.clear();
      return;
    }
    if (name == "a") {
      if (anchor_is_tag_) collect_tag();
      in_anchor_ = anchor_is_tag_ = false;
    } else if (any_of(name, paragraphs)) {
      if (name == "pre" && pre_depth_ > 0) --pre_depth_;
      line_break(2);
    } else if (any_of(name, blocks)) {
      line_break(1);
    }
  }

  bool hide_if_marked(const std::string& name, std::string_view body, std::string_view mark) {
    if (!has_word(html_attribute(body, "class"), mark)) return false;
    hidden_ = name;
    hidden_depth_ = 1;
    return true;
  }

  void skip_to_end_of(const std::string& name) {
    for (auto at = html_.find("</", at_); at != npos; at = html_.find("</", at + 2)) {
      if (!starts_with_icase(html_.substr(at + 2), name)) continue;
      const auto end = html_.find('>', at);
      at_ = end == npos ? html_.size() : end + 1;
      return;
    }
    at_ = html_.size();
  }

  /// True when the anchor is a hashtag.
  bool collect_link(std::string_view body) {
    const auto classes = html_attribute(body, "class");
    const auto rel = html_attribute(body, "rel");
    if (has_word(classes, "hashtag") || has_word(rel, "tag")) return true;
    if (has_word(classes, "mention") || has_word(classes, "u-url")) return false;
    const auto href = utf8::sanitise(html_attribute(body, "href"));
    if (href.size() <= 4096 && (starts_with_icase(href, "http://") || starts_with_icase(href, "https://")) &&
        result_.links.size() < links_max && (result_.links.empty() || result_.links.back() != href))
      result_.links.push_back(href);
    return false;
  }

  void collect_tag() {
    auto tag = trim(std::string_view(out_).substr(std::min(anchor_begin_, out_.size())));
    if (tag.starts_with('#')) tag.remove_prefix(1);
    if (!tag.empty() && tag.size() <= 200 && result_.tags.size() < links_max)
      result_.tags.push_back(utf8::sanitise(tag));
  }

  void line_break(int lines, bool forced = false) {
    if (pre_depth_ > 0 && !forced) lines = std::max(lines, 1);
    breaks_ = forced ? std::min(breaks_ + lines, 2) : std::max(breaks_, lines);
    space_ = false;
    prefix_ = {};
  }

  void put_code_point(char32_t c) {
    if (c == 0xAD) return;  // soft hyphen
    if (c == 0xA0) return put(' ');
    if (c < 0x80) return put(static_cast<char>(c));
    flush();
    if (hidden_.empty()) utf8::append(out_, c);
  }

  void put(char c) {
    if (!hidden_.empty()) return;
    if (is_html_blank(c)) {
      if (pre_depth_ > 0 && c == '\n')
        line_break(1, true);
      else if (pre_depth_ > 0)
        flush(), out_.push_back(' ');
      else
        space_ = true;
      return;
    }
    flush();
    out_.push_back(c);
  }

  void flush() {
    if (!hidden_.empty()) return;
    if (breaks_ > 0) {
      while (!out_.empty() && out_.back() == ' ') out_.pop_back();
      if (!out_.empty()) out_.append(static_cast<std::size_t>(breaks_), '\n');
    } else if (space_ && !out_.empty() && out_.back() != '\n' && out_.back() != ' ') {
      out_.push_back(' ');
    }
    out_ += prefix_;
    prefix_ = {};
    breaks_ = 0;
    space_ = false;
  }

  static constexpr std::size_t links_max = 256;
  std::string_view html_;
  std::size_t at_ = 0;
  HtmlText result_;
  std::string out_;
  std::string_view prefix_;
  std::string hidden_;  ///< name of the element being dropped
  std::size_t hidden_depth_ = 0;
  std::size_t anchor_begin_ = 0;
  int breaks_ = 0;
  int pre_depth_ = 0;
  bool space_ = false;
  bool in_anchor_ = false;
  bool anchor_is_tag_ = false;
  bool comments_end_ = false;
  bool double_quotes_end_ = false;
  bool single_quotes_end_ = false;
};

}  // namespace

HtmlText html_to_text(std::string_view html) { return Converter(html).run(); }

bool looks_like_html(std::string_view text) {
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    const char next = text[at + 1];
    if (text[at] == '<' && (is_alpha(next) || next == '/' || next == '!')) return true;
    if (text[at] == '&' && (next == '#' || is_alpha(next))) {
      auto end = at;
      if (read_reference(text, end) != 0) return true;
    }
  }
  return false;
}

std::string unescape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '&') {
      if (const auto code_point = read_reference(text, at); code_point != 0) {
        utf8::append(out, code_point);
        continue;
      }
    }
    out.push_back(text[at++]);
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

}  // namespace earshot
