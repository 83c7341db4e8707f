#include "connectors/xml_reader.hpp"

#include <expat.h>

#include <memory>

#include "core/base/html_text.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors {
namespace {

constexpr std::size_t depth_max = 256;
constexpr std::size_t nodes_max = 2'000'000;
constexpr char separator = '\x1f';

struct ParserCloser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<XML_ParserStruct, ParserCloser>;

std::string normal_namespace(std::string_view uri) {
  auto lower = ascii_lower(trim(uri));
  while (!lower.empty() && (lower.back() == '/' || lower.back() == '#')) lower.pop_back();
  if (lower.starts_with("https://")) lower.erase(4, 1);
  return lower;
}

void split_name(const char* full, std::string& ns, std::string& name) {
  const std::string_view view(full);
  const auto at = view.rfind(separator);
  if (at == std::string_view::npos) {
    name = view;
  } else {
    ns = normal_namespace(view.substr(0, at));
    name = view.substr(at + 1);
  }
}

/// Builds the tree from expat's events. Its address is expat's user data, so it stays where it is.
class Builder {
 public:
  explicit Builder(XML_Parser parser) : parser_(parser) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, &Builder::on_start, &Builder::on_end);
    XML_SetCharacterDataHandler(parser, &Builder::on_text);
    stack_.push_back(&holder_);
  }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  bool has_root() const { return !holder_.children.empty(); }
  XmlNode take() { return std::move(holder_.children.front()); }

 private:
  static void XMLCALL on_start(void* self, const XML_Char* name, const XML_Char** attributes) noexcept {
    auto& builder = *static_cast<Builder*>(self);
    if (builder.stack_.size() > depth_max || ++builder.nodes_ > nodes_max) {
      XML_StopParser(builder.parser_, XML_FALSE);
      return;
    }
    XmlNode& node = builder.stack_.back()->children.emplace_back();
    split_name(name, node.ns, node.name);
    for (; *attributes != nullptr; attributes += 2) {
      auto& attribute = node.attributes.emplace_back();
      split_name(attributes[0], attribute.ns, attribute.name);
      attribute.value = attributes[1];
    }
    builder.stack_.push_back(&node);
  }

  static void XMLCALL on_end(void* self, const XML_Char*) noexcept {
    auto& builder = *static_cast<Builder*>(self);
    if (builder.stack_.size() > 1) builder.stack_.pop_back();
  }

  static void XMLCALL on_text(void* self, const XML_Char* text, int length) noexcept {
    auto& builder = *static_cast<Builder*>(self);
    auto& children = builder.stack_.back()->children;
    if (children.empty() || !children.back().is_text()) children.emplace_back();
    children.back().text.append(text, static_cast<std::size_t>(length));
  }

  XML_Parser parser_;
  XmlNode holder_;
  std::vector<XmlNode*> stack_;
  std::size_t nodes_ = 0;
};

/// The tree of a text that a strict parser accepts, or why it does not.
Result<XmlNode> parse_strictly(std::string_view text) {
  const Parser parser(XML_ParserCreateNS("UTF-8", separator));
  if (!parser) return unexpected(ErrorKind::internal, "no memory for the XML parser");
  XML_SetHashSalt(parser.get(), 0x6561'7273);
  Builder builder(parser.get());
  while (!text.empty()) {
    const auto piece = text.substr(0, 1 << 20);
    text.remove_prefix(piece.size());
    if (XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), text.empty() ? 1 : 0) == XML_STATUS_ERROR)
      return unexpected(ErrorKind::malformed, "line " + std::to_string(XML_GetCurrentLineNumber(parser.get())) + ": " +
                                                  XML_ErrorString(XML_GetErrorCode(parser.get())));
  }
  if (!builder.has_root()) return unexpected(ErrorKind::malformed, "no element");
  return builder.take();
}

void append_text(const XmlNode& node, std::string& out) {
  out += node.text;
  for (const auto& part : node.children) append_text(part, out);
}

void append_html(const XmlNode& node, std::string& out) {
  if (node.is_text()) {
    out += escape_html(node.text);
    return;
  }
  out += "<" + node.name;
  for (const auto& attribute : node.attributes) out += " " + attribute.name + "=\"" + escape_html(attribute.value) + "\"";
  if (node.children.empty()) {
    out += " />";
    return;
  }
  out += ">";
  for (const auto& part : node.children) append_html(part, out);
  out += "</" + node.name + ">";
}

}  // namespace

std::string_view XmlNode::attribute(std::string_view wanted, std::string_view in_ns) const {
  for (const auto& item : attributes)
    if (item.name == wanted && item.ns == in_ns) return item.value;
  return {};
}

bool XmlNode::has_attribute(std::string_view wanted, std::string_view in_ns) const {
  for (const auto& item : attributes)
    if (item.name == wanted && item.ns == in_ns) return true;
  return false;
}

const XmlNode* XmlNode::child(std::string_view wanted_ns, std::string_view wanted) const {
  for (const auto& item : children)
    if (item.name == wanted && item.ns == wanted_ns) return &item;
  return nullptr;
}

std::string XmlNode::inner_text() const {
  std::string out;
  append_text(*this, out);
  return out;
}

std::string XmlNode::inner_html() const {
  std::string out = escape_html(text);
  for (const auto& part : children) append_html(part, out);
  return out;
}

Result<XmlDocument> read_xml(std::string_view bytes, std::string_view content_type) {
  const auto decoded = decode_charset(bytes, content_type);
  XmlDocument document;
  document.well_formed = !decoded.damaged;
  auto root = parse_strictly(repair_xml(decoded.text, XmlRepair::entities));
  if (!root) {
    const auto why = root.error().message;
    document.well_formed = false;
    root = parse_strictly(repair_xml(decoded.text, XmlRepair::balance));
    if (!root) return unexpected(ErrorKind::malformed, "not XML: " + why);
  }
  document.root = std::move(*root);
  return document;
}

}  // namespace earshot::connectors
