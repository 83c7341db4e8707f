#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace earshot::connectors {

struct XmlAttribute {
  std::string ns;
  std::string name;
  std::string value;
};

/// An element, or a run of text when `name` is empty. Plain data; depth is limited by the reader.
struct XmlNode {
  std::string ns;    ///< namespace URI, lower case and without a trailing slash or '#', since feeds vary them
  std::string name;  ///< local name as written
  std::string text;  ///< only of text runs
  std::vector<XmlAttribute> attributes;
  std::vector<XmlNode> children;

  bool is_text() const { return name.empty(); }
  /// Value of an attribute without namespace, or with one; empty when absent.
  std::string_view attribute(std::string_view wanted, std::string_view in_ns = {}) const;
  bool has_attribute(std::string_view wanted, std::string_view in_ns = {}) const;
  /// First child element of that name.
  const XmlNode* child(std::string_view wanted_ns, std::string_view wanted) const;
  /// All text inside, in order, untrimmed.
  std::string inner_text() const;
  /// The markup inside, as HTML.
  std::string inner_html() const;
};

struct XmlDocument {
  XmlNode root;
  bool well_formed = true;  ///< false: tags were balanced or bytes replaced to read it
};

/// Reads a document from hostile bytes. The charset comes from a BOM, the HTTP Content-Type, or the prolog, in that
/// order. No DTD is ever processed: the DOCTYPE is cut out before the parser sees it (short text entities it declares
/// are kept), so there are no external entities and no amplification. HTML's entities and bare '&' survive. What is
/// not well-formed is read a second time with its tags balanced. Time and memory are linear in the input.
Result<XmlDocument> read_xml(std::string_view bytes, std::string_view content_type = {});

/// The bytes as UTF-8, and whether any had to be replaced.
struct DecodedText {
  std::string text;
  bool damaged = false;
};
DecodedText decode_charset(std::string_view bytes, std::string_view content_type);

/// Rewrites XML text so that a strict parser takes it: see read_xml. `balance` also closes, drops and quotes what a
/// strict parser would refuse.
enum class XmlRepair { entities, balance };
std::string repair_xml(std::string_view text, XmlRepair mode);

}  // namespace earshot::connectors
