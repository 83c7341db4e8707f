#include "analysis/text/emoticon.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace earshot::analysis {
namespace {

using namespace std::string_view_literals;

struct Fixed {
  std::string_view written, folded;
};
// Longest first among those with a common start.
constexpr std::array<Fixed, 26> fixed_faces{{
    {"</3", "</3"}, {"<3", "<3"},   {"^_^", "^_^"}, {"^^", "^_^"},  {"^.^", "^_^"},   {"-_-", "-_-"},
    {"-.-", "-_-"}, {"T_T", "T_T"}, {"T.T", "T_T"}, {";_;", "T_T"}, {"o_O", "o_O"},   {"O_o", "o_O"},
    {"o_o", "o_O"}, {"O_O", "o_O"}, {">_<", ">_<"}, {">.<", ">_<"}, {"\\o/", "\\o/"}, {"XD", "xD"},
    {"xD", "xD"},   {"xd", "xD"},   {"D:", "D:"},   {"(:", ":)"},   {"(-:", ":)"},    {"(;", ";)"},
    {"):", ":("},   {")-:", ":("},
}};

/// Eyes are ':' (also '=') or ';', a tear may follow; one line per mouth. Letters and brackets need room
/// around them.
struct Mouth {
  char written;
  std::string_view plain, wink, tear;
  bool tight;  ///< may follow a letter directly
};
constexpr std::array<Mouth, 18> mouths{{
    {')', ":)", ";)", ":')", true},
    {']', ":)", ";)", ":')", false},
    {'}', ":)", ";)", ":')", false},
    {'(', ":(", ";(", ":'(", true},
    {'[', ":(", ";(", ":'(", false},
    {'{', ":(", ";(", ":'(", false},
    {'D', ":D", ";D", ":')", false},
    {'P', ":P", ";P", ":P", false},
    {'p', ":P", ";P", ":P", false},
    {'O', ":O", ":O", ":O", false},
    {'o', ":O", ":O", ":O", false},
    {'/', ":/", ":/", ":/", false},
    {'\\', ":/", ":/", ":/", false},
    {'|', ":|", ":|", ":|", false},
    {'*', ":*", ";*", ":*", true},
    {'@', ":@", ":@", ":@", false},
    {'3', ":3", ":3", ":3", false},
    {'c', ":(", ":(", ":'(", false},
}};

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool starts_word(std::string_view text, std::size_t at) { return at < text.size() && is_alnum(text[at]); }

Emoticon face(std::string_view text, std::size_t at, bool glued) {
  const auto start = at;
  const bool angry = text[at] == '>' && at + 1 < text.size() && (text[at + 1] == ':' || text[at + 1] == '=');
  if (angry) ++at;
  const char eyes = text[at++];
  if (eyes != ':' && eyes != ';' && eyes != '=') return {};
  bool tear = false;
  if (at < text.size() && text[at] == '\'') tear = true, ++at;
  if (at < text.size() && (text[at] == '-' || text[at] == '^')) ++at;
  if (at >= text.size()) return {};
  const auto mouth = std::ranges::find(mouths, text[at], &Mouth::written);
  if (mouth == mouths.end() || (glued && !mouth->tight)) return {};
  const auto mouth_at = at;
  while (at < text.size() && text[at] == mouth->written) ++at;
  const bool slash = mouth->written == '/' || mouth->written == '\\';
  if (slash && at - mouth_at > 1) return {};                            // "://" is a URL's
  if (!mouth->tight && starts_word(text, at)) return {};                // ":Please"
  if (mouth->tight && eyes == '=' && starts_word(text, at)) return {};  // "f=(x)"
  auto folded = tear ? mouth->tear : eyes == ';' ? mouth->wink : mouth->plain;
  if (angry && folded == ":("sv) folded = ">:("sv;
  return {.length = at - start, .folded = folded, .elongated = at - mouth_at > 2};
}

}  // namespace

Emoticon emoticon_at(std::string_view text, std::size_t at, bool glued) {
  const char c = text[at];
  if (c == ':' || c == ';' || c == '=' || c == '>')
    if (const auto found = face(text, at, glued); found.length != 0) return found;
  if (glued && c != '<') return {};
  if (std::string_view("<^-T;oO>\\XxD()").find(c) == std::string_view::npos) return {};
  for (const auto& entry : fixed_faces) {
    if (!text.substr(at).starts_with(entry.written)) continue;
    const auto end = at + entry.written.size();
    // A face that begins or ends like a word or a bracket must stand alone: "(:" yes, "(:x" and "XDR" no.
    const bool must_end = entry.written != "<3" && entry.written != "</3" && entry.written != "^_^";
    if (must_end && end < text.size() && text[end] != ' ' && text[end] != '\n' && text[end] != '.' &&
        text[end] != '!' && text[end] != ',')
      continue;
    return {.length = entry.written.size(), .folded = entry.folded};
  }
  return {};
}

}  // namespace earshot::analysis
