#include <algorithm>
#include <array>
#include <map>

#include "connectors/xml_reader.hpp"
#include "core/base/html_entities.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t entity_bytes_max = 1024;
constexpr std::size_t repair_depth_max = 200;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

bool allowed(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         c >= 0x10000;
}

constexpr std::pair<std::string_view, std::string_view> usual_prefixes[] = {
    {"atom", "http://www.w3.org/2005/Atom"},
    {"content", "http://purl.org/rss/1.0/modules/content/"},
    {"dc", "http://purl.org/dc/elements/1.1/"},
    {"dcterms", "http://purl.org/dc/terms/"},
    {"itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"},
    {"media", "http://search.yahoo.com/mrss/"},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"slash", "http://purl.org/rss/1.0/modules/slash/"},
    {"sy", "http://purl.org/rss/1.0/modules/syndication/"},
    {"thr", "http://purl.org/syndication/thread/1.0"},
    {"wfw", "http://wellformedweb.org/CommentAPI/"},
    {"xhtml", "http://www.w3.org/1999/xhtml"},
};

class Repairer {
 public:
  Repairer(std::string_view text, XmlRepair mode) : text_(text), balance_(mode == XmlRepair::balance) {
    out_.reserve(text.size() + text.size() / 8);
  }

  std::string run() {
    at_ = std::min(text_.find('<'), text_.size());
    while (at_ < text_.size()) {
      if (text_[at_] == '<')
        markup();
      else if (balance_ && stack_.empty())
        ++at_;  // text outside the root
      else
        content();
    }
    if (balance_)
      while (!stack_.empty()) close_top();
    return std::move(out_);
  }

 private:
  void markup() {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("<!--")) return skip_past("-->", comment_ends_);
    if (rest.starts_with("<![CDATA[")) return cdata();
    if (rest.starts_with("<?")) return skip_past("?>", instruction_ends_);
    if (rest.size() >= 9 && ascii_iequals(rest.substr(0, 9), "<!DOCTYPE")) return doctype();
    if (rest.starts_with("<!")) return skip_past(">", declaration_ends_);
    if (rest.size() > 1 &&
        (is_name_start(rest[1]) || (rest[1] == '/' && rest.size() > 2 && is_name_start(rest[2]))))
      return tag();
    ++at_;
    if (!balance_ || !stack_.empty()) out_ += "&lt;";
  }

  /// Comments and instructions say nothing to us. Without an end they are taken as text, and the search is
  /// not repeated.
  void skip_past(std::string_view mark, bool& missing) {
    const auto end = missing ? npos : text_.find(mark, at_ + 2);
    if (end == npos) {
      missing = true;
      ++at_;
      if (!balance_ || !stack_.empty()) out_ += "&lt;";
      return;
    }
    at_ = end + mark.size();
  }

  void cdata() {
    auto end = text_.find("]]>", at_ + 9);
    const bool closed = end != npos;
    if (!closed) end = text_.size();
    const auto inside = text_.substr(at_ + 9, end - at_ - 9);
    at_ = closed ? end + 3 : end;
    if (balance_ && stack_.empty()) return;
    out_ += "<![CDATA[";
    for (std::size_t i = 0; i < inside.size();) {
      const auto from = i;
      const auto c = utf8::next(inside, i);
      if (allowed(c)) out_.append(inside, from, i - from);
    }
    out_ += "]]>";
  }

  /// Cuts the DOCTYPE out, keeping the short text entities that it declares.
  void doctype() {
    char quote = '\0';
    bool subset = false;
    const auto begin = at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '[') {
        subset = true;
      } else if (c == ']') {
        subset = false;
      } else if (c == '>' && !subset) {
        ++at_;
        break;
      }
    }
    const auto body = text_.substr(begin, at_ - begin);
    for (auto found = body.find("<!ENTITY"); found != npos && entities_.size() < 256;
         found = body.find("<!ENTITY", found + 8))
      entity(body.substr(found + 8));
  }

  void entity(std::string_view declaration) {
    std::size_t i = 0;
    while (i < declaration.size() && is_space(declaration[i])) ++i;
    const auto first = i;
    while (i < declaration.size() && is_name(declaration[i]) && i - first < 64) ++i;
    const auto name = declaration.substr(first, i - first);
    while (i < declaration.size() && is_space(declaration[i])) ++i;
    if (name.empty() || i >= declaration.size() || (declaration[i] != '"' && declaration[i] != '\'')) return;
    const auto end = declaration.substr(0, i + 1 + entity_bytes_max).find(declaration[i], i + 1);
    if (end == npos) return;
    const auto value = declaration.substr(i + 1, end - i - 1);
    // Text alone: what refers to further entities or holds markup is where amplification begins.
    std::string decoded;
    for (std::size_t at = 0; at < value.size();) {
      if (value[at] == '&') {
        const auto code_point = reference_in(value, at);
        if (code_point == 0) return;
        utf8::append(decoded, code_point);
      } else {
        decoded.push_back(value[at++]);
      }
    }
    entities_.emplace(name, decoded);
  }

  /// Decodes a numeric or HTML reference at value[at]; 0 when it is neither.
  static char32_t reference_in(std::string_view value, std::size_t& at) {
    const auto end = value.substr(at, 40).find(';');
    if (end == npos || end < 2) return 0;
    const auto name = value.substr(at + 1, end - 1);
    char32_t code_point = 0;
    if (name.front() == '#') {
      std::uint32_t number = 0;
      const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
      const auto digits = name.substr(hex ? 2 : 1);
      if (digits.empty()) return 0;
      for (const char c : digits) {
        const char lower = static_cast<char>(c | 0x20);
        std::uint32_t digit = 0;
        if (c >= '0' && c <= '9')
          digit = static_cast<std::uint32_t>(c - '0');
        else if (hex && lower >= 'a' && lower <= 'f')
          digit = static_cast<std::uint32_t>(lower - 'a') + 10;
        else
          return 0;
        number = std::min<std::uint32_t>(number * (hex ? 16 : 10) + digit, 0x110000);
      }
      code_point = html_number(number);
    } else {
      code_point = html_entity(name);
    }
    if (code_point != 0) at += end + 1;
    return code_point;
  }

  void content() {
    const char c = text_[at_];
    if (c == '&') return reference();
    if (c == '>') {
      out_ += "&gt;";
      ++at_;
      return;
    }
    const auto from = at_;
    const auto code_point = utf8::next(text_, at_);
    if (allowed(code_point)) out_.append(text_, from, at_ - from);
  }

  void reference() {
    const auto begin = at_;
    if (const auto code_point = reference_in(text_, at_); code_point != 0) {
      append_escaped(code_point);
      return;
    }
    const auto end = text_.substr(begin, 70).find(';');
    if (end != npos && end > 1) {
      const auto found = entities_.find(std::string(text_.substr(begin + 1, end - 1)));
      if (found != entities_.end() && expanded_ < expanded_max) {
        expanded_ += found->second.size();
        for (std::size_t i = 0; i < found->second.size();) append_escaped(utf8::next(found->second, i));
        at_ = begin + end + 1;
        return;
      }
    }
    out_ += "&amp;";
    at_ = begin + 1;
  }

  void append_escaped(char32_t c) {
    if (c == '<')
      out_ += "&lt;";
    else if (c == '>')
      out_ += "&gt;";
    else if (c == '&')
      out_ += "&amp;";
    else if (c == '"')
      out_ += "&quot;";
    else if (allowed(c))
      utf8::append(out_, c);
  }

  void tag() {
    const bool closing = text_[at_ + 1] == '/';
    auto i = at_ + (closing ? 2 : 1);
    const auto first = i;
    while (i < text_.size() && is_name(text_[i])) ++i;
    const auto name = text_.substr(first, i - first);
    if (closing) {
      const auto end = text_.find_first_of("<>", i);
      at_ = end == npos ? text_.size() : text_[end] == '>' ? end + 1 : end;
      close(name);
      return;
    }
    at_ = i;
    // Each name that the strict parser will see once: a duplicate attribute is an error to it.
    std::vector<std::string_view> seen;
    std::string attributes;
    bool empty = false;
    while (at_ < text_.size()) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ >= text_.size() || text_[at_] == '<') break;
      if (text_[at_] == '>') {
        ++at_;
        break;
      }
      if (text_[at_] == '/' && at_ + 1 < text_.size() && text_[at_ + 1] == '>') {
        empty = true;
        at_ += 2;
        break;
      }
      if (!is_name_start(text_[at_])) {
        ++at_;
        continue;
      }
      attribute(seen, attributes);
    }
    open(name, attributes, empty);
  }

  void attribute(std::vector<std::string_view>& seen, std::string& attributes) {
    const auto first = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const auto name = text_.substr(first, at_ - first);
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    std::string_view value = name;
    if (at_ < text_.size() && text_[at_] == '=') {
      ++at_;
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
        const auto end = text_.find(text_[at_], at_ + 1);
        if (end == npos) {
          value = {};
          at_ = text_.size();
        } else {
          value = text_.substr(at_ + 1, end - at_ - 1);
          at_ = end + 1;
        }
      } else {
        const auto begin = at_;
        while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '>' && text_[at_] != '<') ++at_;
        value = text_.substr(begin, at_ - begin);
      }
    }
    if (seen.size() >= 64 || std::ranges::find(seen, name) != seen.end()) return;
    seen.push_back(name);
    if (balance_ && prefix_of(name) == "xmlns" && trim(value).empty()) return;
    if (balance_ && !prefix_of(name).empty() && prefix_of(name) != "xml" && prefix_of(name) != "xmlns" &&
        !declares(prefix_of(name)))
      return;
    std::swap(out_, attributes);
    out_.push_back(' ');
    out_ += name;
    out_ += "=\"";
    const auto resume = at_;
    const auto whole = text_;
    text_ = value;
    for (at_ = 0; at_ < text_.size();) {
      if (text_[at_] == '"')
        out_ += "&quot;", ++at_;
      else if (text_[at_] == '<')
        out_ += "&lt;", ++at_;
      else
        content();
    }
    text_ = whole;
    at_ = resume;
    out_.push_back('"');
    std::swap(out_, attributes);
  }

  static std::string_view prefix_of(std::string_view name) {
    const auto colon = name.find(':');
    return colon == npos ? std::string_view() : name.substr(0, colon);
  }

  /// True when the prefix is declared anywhere in the text, or is one that we declare ourselves.
  bool declares(std::string_view prefix) {
    const auto [found, fresh] = declared_.try_emplace(std::string(prefix), false);
    if (fresh) {
      const bool usual =
          std::ranges::any_of(usual_prefixes, [&](const auto& item) { return item.first == prefix; });
      found->second = usual || (declared_.size() < 64 && text_.find("xmlns:" + std::string(prefix)) != npos);
    }
    return found->second;
  }

  void open(std::string_view name, const std::string& attributes, bool empty) {
    if (!balance_) {
      out_ += "<" + std::string(name) + attributes + (empty ? "/>" : ">");
      return;
    }
    if (root_done_) return;
    if (stack_.size() >= repair_depth_max) return;
    std::string shown(name);
    std::ranges::replace(shown, ':', '_');
    const auto prefix = prefix_of(name);
    if (!prefix.empty() && name.size() > prefix.size() + 1 && name.find(':', prefix.size() + 1) == npos &&
        is_name_start(name[prefix.size() + 1]))
      shown = std::string(name);
    out_ += "<" + shown + attributes;
    // A prefix used without being declared above: declare it here, once more does no harm.
    const auto declaration = "xmlns:" + std::string(prefix) + "=";
    if (shown.find(':') != npos && prefix != "xml" && attributes.find(" " + declaration) == npos &&
        !in_scope(prefix)) {
      std::string uri = "urn:undeclared:" + std::string(prefix);
      for (const auto& [usual, address] : usual_prefixes)
        if (usual == prefix) uri = address;
      out_ += " " + declaration + "\"" + uri + "\"";
    }
    if (stack_.empty())
      for (const auto& [usual, uri] : usual_prefixes)
        if (attributes.find(" xmlns:" + std::string(usual) + "=") == npos && usual != prefix)
          out_ += " xmlns:" + std::string(usual) + "=\"" + std::string(uri) + "\"";
    out_ += empty ? "/>" : ">";
    if (empty) {
      root_done_ = stack_.empty();
      return;
    }
    stack_.push_back({shown, attributes});
  }

  bool in_scope(std::string_view prefix) const {
    const auto declaration = " xmlns:" + std::string(prefix) + "=";
    if (!stack_.empty() &&
        std::ranges::any_of(usual_prefixes, [&](const auto& item) { return item.first == prefix; }))
      return true;
    return std::ranges::any_of(stack_,
                               [&](const Open& open) { return open.attributes.find(declaration) != npos; });
  }

  void close(std::string_view name) {
    if (!balance_) {
      out_ += "</" + std::string(name) + ">";
      return;
    }
    const auto found = std::find_if(stack_.rbegin(), stack_.rend(),
                                    [&](const Open& open) { return ascii_iequals(open.name, name); });
    if (found == stack_.rend()) return;
    const auto keep = static_cast<std::size_t>(stack_.rend() - found) - 1;
    while (stack_.size() > keep) close_top();
  }

  void close_top() {
    out_ += "</" + stack_.back().name + ">";
    stack_.pop_back();
    root_done_ = stack_.empty();
  }

  struct Open {
    std::string name;
    std::string attributes;
  };

  static constexpr std::size_t expanded_max = 1 << 20;
  std::string_view text_;
  bool balance_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<Open> stack_;
  std::map<std::string, std::string> entities_;
  std::map<std::string, bool> declared_;
  std::size_t expanded_ = 0;
  bool root_done_ = false;
  bool comment_ends_ = false;
  bool instruction_ends_ = false;
  bool declaration_ends_ = false;
};

}  // namespace

std::string repair_xml(std::string_view text, XmlRepair mode) { return Repairer(text, mode).run(); }

}  // namespace earshot::connectors
