#include "connectors/json_fields.hpp"

#include <simdjson.h>

#include <charconv>
#include <deque>
#include <vector>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors {
namespace impl {

struct JsonNode {
  JsonValue::Type type = JsonValue::Type::absent;
  std::uint32_t next = 0;   ///< index after this value and everything in it
  std::uint32_t count = 0;  ///< elements or members
  std::string_view key;
  std::string_view text;  ///< decoded string, or the scalar's token
  std::string_view raw;
};

struct JsonTree {
  simdjson::padded_string body;
  std::vector<JsonNode> nodes;
  std::deque<std::string> decoded;  ///< strings that differ from their bytes; a deque keeps their addresses
  std::size_t repairs = 0;
};

}  // namespace impl

namespace {

namespace ondemand = simdjson::ondemand;
using impl::JsonNode;
using impl::JsonTree;
using Type = JsonValue::Type;

constexpr int depth_max = 100;

int hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
  return failure == std::errc{} && end == text.data() + at + 4 && text[at] != '-' ? value : -1;
}

/// Thrown inside the walk alone; becomes a Result before anybody else sees it.
struct WalkFailed {
  simdjson::error_code code;
};

class Walker {
 public:
  explicit Walker(JsonTree& tree) : tree_(tree) {}

  void value(ondemand::value found, std::string_view key, int depth) {
    const auto at = tree_.nodes.size();
    tree_.nodes.emplace_back().key = key;
    ondemand::json_type kind{};
    if (const auto failure = found.type().get(kind)) {
      // Not the start of any value ("tru" is, "x" is not): keep the token, go on with the rest.
      if (failure != simdjson::INCORRECT_TYPE && failure != simdjson::TAPE_ERROR) throw WalkFailed{failure};
      scalar(found, at);
    } else if (kind == ondemand::json_type::array) {
      container(found, at, depth, Type::array);
    } else if (kind == ondemand::json_type::object) {
      container(found, at, depth, Type::object);
    } else {
      scalar(found, at);
    }
    tree_.nodes[at].next = static_cast<std::uint32_t>(tree_.nodes.size());
  }

  std::string_view decode(std::string_view literal) {
    if (literal.find('\\') == std::string_view::npos) return literal;
    auto& out = tree_.decoded.emplace_back();
    tree_.repairs += decode_json_string(literal, out);
    return out;
  }

  void scalar_token(std::string_view token, std::size_t at) {
    auto& node = tree_.nodes[at];
    token = trim(token);
    node.raw = node.text = token;
    last_end_ = token.data() + token.size();
    if (token.size() >= 2 && token.front() == '"' && token.back() == '"') {
      node.type = Type::string;
      node.text = decode(token.substr(1, token.size() - 2));
    } else if (token == "null") {
      node.type = Type::null;
    } else if (token == "true" || token == "false") {
      node.type = Type::boolean;
    } else {
      node.type = is_number(token) ? Type::number : Type::broken;
      if (node.type == Type::broken) ++tree_.repairs;
    }
  }

 private:
  static bool is_number(std::string_view token) {
    std::size_t at = token.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
      const auto first = at;
      while (at < token.size() && token[at] >= '0' && token[at] <= '9') ++at;
      return at - first;
    };
    const bool zero = at < token.size() && token[at] == '0';
    const auto whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (at < token.size() && token[at] == '.') {
      ++at;
      if (digits() == 0) return false;
    }
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
      ++at;
      if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
      if (digits() == 0) return false;
    }
    return at == token.size();
  }

  void scalar(ondemand::value& found, std::size_t at) {
    const auto token = found.raw_json_token();
    // A separator where a value must stand: the structure itself is broken.
    if (token.empty() || std::string_view(",:]}").find(token.front()) != std::string_view::npos)
      throw WalkFailed{simdjson::TAPE_ERROR};
    scalar_token(token, at);  // left unconsumed: the container's iterator skips it
  }

  void container(ondemand::value& found, std::size_t at, int depth, Type type) {
    tree_.nodes[at].type = type;
    const char* const begin = found.raw_json_token().data();
    std::uint32_t count = 0;
    if (depth >= depth_max) {
      std::string_view skipped;
      const auto failure = type == Type::array ? skip<ondemand::array>(found, skipped) : skip<ondemand::object>(found, skipped);
      if (failure) throw WalkFailed{failure};
      tree_.nodes[at].type = Type::broken;
      tree_.nodes[at].raw = skipped;
      last_end_ = skipped.data() + skipped.size();
      ++tree_.repairs;
      return;
    }
    if (type == Type::array) {
      ondemand::array array;
      if (const auto failure = found.get_array().get(array)) throw WalkFailed{failure};
      for (auto element : array) {
        ondemand::value child;
        if (const auto failure = element.get(child)) throw WalkFailed{failure};
        value(child, {}, depth + 1);
        ++count;
      }
    } else {
      ondemand::object object;
      if (const auto failure = found.get_object().get(object)) throw WalkFailed{failure};
      for (auto member : object) {
        ondemand::field field;
        if (const auto failure = std::move(member).get(field)) throw WalkFailed{failure};
        const char* const key_begin = field.key().raw();
        ondemand::value child = field.value();
        value(child, decode(key_of(key_begin)), depth + 1);
        ++count;
      }
    }
    tree_.nodes[at].count = count;
    close_raw(at, begin);
  }

  template <typename Container>
  static simdjson::error_code skip(ondemand::value& found, std::string_view& raw) {
    Container container;
    if (const auto failure = found.get<Container>().get(container)) return failure;
    return container.raw_json().get(raw);
  }

  /// A key's text up to its closing quote, escapes left in.
  static std::string_view key_of(const char* begin) {
    const char* end = begin;
    while (*end != '"') end += *end == '\\' ? 2 : 1;
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  /// The container ends at the first bracket after its last child; only white space lies between.
  void close_raw(std::size_t at, const char* begin) {
    const char* end = tree_.nodes.size() == at + 1 ? begin + 1 : last_end_;
    const char* const limit = tree_.body.data() + tree_.body.size();
    while (end < limit && *end != ']' && *end != '}') ++end;
    if (end < limit) ++end;
    last_end_ = end;
    tree_.nodes[at].raw = {begin, static_cast<std::size_t>(end - begin)};
  }

  JsonTree& tree_;
  const char* last_end_ = nullptr;
};

/// Control characters inside strings, which some servers let through, become spaces.
std::string blank_controls_in_strings(std::string_view body) {
  std::string out(body);
  bool inside = false;
  for (std::size_t at = 0; at < out.size(); ++at) {
    const char c = out[at];
    if (inside && c == '\\') ++at;
    else if (c == '"') inside = !inside;
    if (at < out.size() && inside && static_cast<unsigned char>(out[at]) < 0x20) out[at] = ' ';
  }
  return out;
}

simdjson::error_code read(JsonTree& tree, std::string_view body) {
  tree.body = simdjson::padded_string(body);
  tree.nodes.clear();
  tree.decoded.clear();
  ondemand::parser parser;
  ondemand::document document;
  if (const auto failure = parser.iterate(tree.body).get(document)) return failure;
  try {
    Walker walker(tree);
    bool is_scalar = false;
    if (const auto failure = document.is_scalar().get(is_scalar)) return failure;
    if (is_scalar) {
      tree.nodes.push_back({});
      walker.scalar_token(body, 0);
      tree.nodes[0].next = 1;
      return tree.nodes[0].type == Type::broken ? simdjson::TAPE_ERROR : simdjson::SUCCESS;
    }
    ondemand::value root;
    if (const auto failure = document.get_value().get(root)) return failure;
    walker.value(root, {}, 0);
    const char* rest = nullptr;
    return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  } catch (const WalkFailed& failed) {
    return failed.code;
  }
}

}  // namespace

std::size_t decode_json_string(std::string_view literal, std::string& out) {
  std::size_t repairs = 0;
  out.reserve(out.size() + literal.size());
  for (std::size_t at = 0; at < literal.size();) {
    if (literal[at] != '\\') {
      out.push_back(literal[at++]);
      continue;
    }
    const char escape = at + 1 < literal.size() ? literal[at + 1] : '\0';
    at += 2;
    switch (escape) {
      case '"': case '\\': case '/': out.push_back(escape); break;
      case 'b': out.push_back('\b'); break;
      case 'f': out.push_back('\f'); break;
      case 'n': out.push_back('\n'); break;
      case 'r': out.push_back('\r'); break;
      case 't': out.push_back('\t'); break;
      case 'u': {
        const int high = hex4(literal, at);
        if (high < 0) {
          utf8::append(out, 0xFFFD);
          ++repairs;
          break;
        }
        at += 4;
        auto code_point = static_cast<char32_t>(high);
        if (code_point >= 0xD800 && code_point < 0xDC00 && literal.substr(at, 2) == "\\u") {
          const int low = hex4(literal, at + 2);
          if (low >= 0xDC00 && low < 0xE000) {
            code_point = 0x10000 + ((code_point - 0xD800) << 10) + (static_cast<char32_t>(low) - 0xDC00);
            at += 6;
          }
        }
        if (code_point >= 0xD800 && code_point < 0xE000) ++repairs;
        utf8::append(out, code_point);
        break;
      }
      default:
        utf8::append(out, 0xFFFD);
        ++repairs;
    }
  }
  return repairs;
}

Result<JsonDocument> parse_json(std::string_view body) {
  JsonDocument document;
  auto& tree = *document.tree_;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  auto failure = read(tree, body);
  if (failure == simdjson::UTF8_ERROR) {
    const auto sanitised = utf8::sanitise(body);
    failure = read(tree, sanitised);
    ++tree.repairs;
  }
  if (failure == simdjson::UNESCAPED_CHARS) {
    const auto blanked = blank_controls_in_strings(utf8::sanitise(body));
    failure = read(tree, blanked);
    ++tree.repairs;
  }
  if (failure) return unexpected(ErrorKind::malformed, std::string("not JSON: ") + simdjson::error_message(failure));
  return document;
}

JsonDocument::JsonDocument() : tree_(std::make_unique<impl::JsonTree>()) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;
JsonValue JsonDocument::root() const { return tree_->nodes.empty() ? JsonValue() : JsonValue(tree_.get(), 0); }
std::size_t JsonDocument::repairs() const { return tree_->repairs; }

const impl::JsonNode* JsonValue::node() const { return tree_ == nullptr ? nullptr : &tree_->nodes[at_]; }

JsonValue::Type JsonValue::type() const { return tree_ == nullptr ? Type::absent : node()->type; }

JsonValue JsonValue::operator[](std::string_view wanted) const {
  if (!is_object()) return {};
  for (const auto member : *this)
    if (member.key() == wanted) return member;
  return {};
}

std::size_t JsonValue::size() const { return tree_ == nullptr ? 0 : node()->count; }
std::string_view JsonValue::text() const { return is_string() ? node()->text : std::string_view(); }
std::string_view JsonValue::raw() const { return tree_ == nullptr ? std::string_view() : node()->raw; }
std::string_view JsonValue::key() const { return tree_ == nullptr ? std::string_view() : node()->key; }

std::string_view JsonValue::id() const {
  return is_string() || type() == Type::number ? node()->text : std::string_view();
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (type() != Type::number) return std::nullopt;
  const auto token = node()->text;
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (failure == std::errc{} && end == token.data() + token.size()) return value;
  const auto real = number();
  if (!real || *real < -9e15 || *real > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<std::int64_t> JsonValue::count() const {
  const auto value = integer();
  return value && *value >= 0 ? value : std::nullopt;
}

std::optional<double> JsonValue::number() const {
  if (type() != Type::number) return std::nullopt;
  const auto token = node()->text;
  double value = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (failure != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return value;
}

std::optional<bool> JsonValue::boolean() const {
  if (type() != Type::boolean) return std::nullopt;
  return node()->text == "true";
}

std::optional<Timestamp> JsonValue::time() const {
  if (is_string()) return parse_time(text());
  const auto value = number();
  return value ? from_epoch(*value) : std::nullopt;
}

JsonValue::Iterator JsonValue::begin() const {
  const bool walks = is_array() || is_object();
  return walks ? Iterator(tree_, at_ + 1) : Iterator(tree_, 0);
}

JsonValue::Iterator JsonValue::end() const {
  const bool walks = is_array() || is_object();
  return walks ? Iterator(tree_, node()->next) : Iterator(tree_, 0);
}

JsonValue::Iterator& JsonValue::Iterator::operator++() {
  at_ = tree_->nodes[at_].next;
  return *this;
}

}  // namespace earshot::connectors
