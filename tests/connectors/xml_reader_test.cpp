#include "connectors/xml_reader.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::connectors;

namespace {

std::string text_of(std::string_view bytes, std::string_view content_type = {}) {
  const auto read = read_xml(bytes, content_type);
  return read ? read->root.inner_text() : "error: " + read.error().message;
}

}  // namespace

TEST_CASE("charsets come from BOM, header or prolog", "[connectors][xml]") {
  CHECK(text_of("<a>caf\xC3\xA9</a>") == "caf\xC3\xA9");
  CHECK(text_of("\xEF\xBB\xBF<a>caf\xC3\xA9</a>", "text/xml; charset=iso-8859-1") == "caf\xC3\xA9");
  CHECK(text_of("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>caf\xE9</a>") == "caf\xC3\xA9");
  CHECK(text_of("<?xml version='1.0' encoding='windows-1252'?><a>\x93q\x94</a>") == "\xE2\x80\x9Cq\xE2\x80\x9D");
  CHECK(text_of("<a>\xCF\xC5</a>", "application/xml; charset=koi8-r") == "\xD0\xBE\xD0\xB5");
  CHECK(text_of(std::string_view("\xFF\xFE<\0a\0>\0\xE9\0<\0/\0a\0>\0", 18)) == "\xC3\xA9");
  CHECK(text_of(std::string_view("\0<\0a\0>\0\xE9\0<\0/\0a\0>", 16)) == "\xC3\xA9");
  CHECK(text_of("<a>bad \xFF\xE9 bytes</a>") == "bad \xC3\xBF\xC3\xA9 bytes");
  CHECK(text_of("<a>x</a>", "text/xml; charset=../../etc/x") == "x");
}

TEST_CASE("no DTD is processed, so nothing is fetched and nothing grows", "[connectors][xml]") {
  CHECK(text_of("<!DOCTYPE a SYSTEM \"file:///etc/passwd\" [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY y \"why\">]><a>[&x;][&y;]</a>") == "[&x;][why]");
  std::string bomb = "<!DOCTYPE a [<!ENTITY l0 \"lollollollol\">";
  for (int i = 1; i < 20; ++i) {
    bomb += "<!ENTITY l" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) bomb += "&l" + std::to_string(i - 1) + ";";
    bomb += "\">";
  }
  const auto text = text_of(bomb + "]><a>&l19;</a>");
  CHECK(text.size() < 100);
  std::string wide = "<!DOCTYPE a [<!ENTITY b \"" + std::string(1000, 'x') + "\">]><a>";
  for (int i = 0; i < 100'000; ++i) wide += "&b;";
  CHECK(text_of(wide + "</a>").size() < (2 << 20));
}

TEST_CASE("HTML's entities and bare ampersands survive", "[connectors][xml]") {
  CHECK(text_of("<a>&eacute;&nbsp;&mdash; AT&T &unknown; &#233;&#x20AC;&#0;&amp;lt;</a>") ==
        "\xC3\xA9\xC2\xA0\xE2\x80\x94 AT&T &unknown; \xC3\xA9\xE2\x82\xAC\xEF\xBF\xBD&lt;");
  const auto read = read_xml("<a x='1 &lt; 2 &amp; &eacute;' y=\"'&quot;'\"/>");
  REQUIRE(read);
  CHECK(read->root.attribute("x") == "1 < 2 & \xC3\xA9");
  CHECK(read->root.attribute("y") == "'\"'");
  CHECK(text_of("<a><![CDATA[&eacute; <b> ]]>&lt;</a>") == "&eacute; <b> <");
}

TEST_CASE("ill-formed documents give what they hold", "[connectors][xml]") {
  for (const auto* bytes : {"<r><i>one</i><i>two</r>", "<r><i>one</i><i>two", "<r><i>one</i><i>two</i></r></r>", "\n <?xml version='1.0'?>junk<r><i>one</i><i>two</i></r>junk",
                            "<r><i>one</i></x><i>two</i></r>", "<r><i a=1 a=2 b>one</i><i>two</i></r>", "<r><q:i>one</q:i><i>two</i></r>", "<r><i>one</i><br><i>two</i></r>",
                            "<r><i>one</i><i>t\x01wo</i></r>", "<r><i>one</i><I>two</i></r>"}) {
    CAPTURE(bytes);
    CHECK(text_of(bytes) == "onetwo");
  }
  CHECK_FALSE(read_xml(""));
  CHECK_FALSE(read_xml("just words"));
}

TEST_CASE("namespaces are one spelling, and markup comes back out", "[connectors][xml]") {
  const auto read = read_xml("<f xmlns='HTTPS://www.w3.org/2005/Atom/'><c><x:div xmlns:x='http://www.w3.org/1999/xhtml'>a &lt; <x:b k='v'>b</x:b></x:div></c></f>");
  REQUIRE(read);
  CHECK(read->well_formed);
  CHECK(read->root.ns == "http://www.w3.org/2005/atom");
  const auto* c = read->root.child("http://www.w3.org/2005/atom", "c");
  REQUIRE(c != nullptr);
  CHECK(c->inner_html() == "<div>a &lt; <b k=\"v\">b</b></div>");
}

TEST_CASE("hostile XML costs linear time", "[connectors][xml]") {
  for (const auto* piece : {"<", "<a>", "<a x='", "<!--", "<![CDATA[", "<?", "&", "<a x=1 ", "</a>", "<a:b>", "<!", "<a xmlns:b='c'>", "<!DOCTYPE [", "]]>"}) {
    std::string bytes = "<r>";
    while (bytes.size() < 200'000) bytes += piece;
    const auto begin = std::chrono::steady_clock::now();
    (void)read_xml(bytes).has_value();
    CAPTURE(piece);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
  }
}
