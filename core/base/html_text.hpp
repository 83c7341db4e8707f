#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// What a reader sees of an HTML fragment, and where it leads.
struct HtmlText {
  std::string text;                ///< plain UTF-8; paragraphs, line breaks and list items on their own lines
  std::vector<std::string> links;  ///< targets of anchors, without those of hashtags and @mentions
  std::vector<std::string> tags;   ///< hashtags that are anchors, without '#'

  bool operator==(const HtmlText&) const = default;
};

/// Turns the HTML of a post or feed entry into text. Time and memory are linear in the input, whatever it holds:
/// unclosed tags, quotes and comments are survived. Scripts, styles and hidden spans are dropped, except the parts of
/// a link's address that Mastodon hides.
HtmlText html_to_text(std::string_view html);

/// True when the text holds something that looks like a tag or an entity.
bool looks_like_html(std::string_view text);

/// Decodes named and numeric entities, once.
std::string unescape_html(std::string_view text);
/// Escapes &, <, >, " and '.
std::string escape_html(std::string_view text);

}  // namespace earshot
