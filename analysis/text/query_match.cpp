#include "analysis/text/query_match.hpp"

#include <utf8proc.h>
#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"

namespace earshot::analysis {
namespace {

bool same_word(const QueryWord& wanted, const PlacedToken& word) {
  if (!wanted.surface.empty()) {
    auto surface = word.surface;
    if (word.token->kind == TokenKind::hashtag || word.token->kind == TokenKind::handle)
      surface.remove_prefix(1);
    for (const std::string_view ending : {"'s", "’s"})
      if (surface.ends_with(ending) && surface.size() > ending.size()) surface.remove_suffix(ending.size());
    return surface == wanted.surface;
  }
  if (wanted.pattern) return glob(wanted.folded, word.base) || glob(wanted.folded, word.token->folded);
  return word.token->hash == wanted.hash || word.base_hash == wanted.hash;
}

Place place_of(const PlacedToken& first, const PlacedToken& last) {
  return Place{.first = first.place,
               .last = last.place,
               .span = Span{.begin = first.token->span.begin, .end = last.token->span.end},
               .in_text = first.in_text};
}

std::vector<Place> phrase_places(const QueryNode& node, const QuerySubject& subject) {
  std::vector<Place> out;
  const auto& words = subject.words;
  for (std::size_t at = 0; at + node.words.size() <= words.size(); ++at) {
    bool same = true;
    for (std::size_t i = 0; i < node.words.size() && same; ++i)
      same = same_word(node.words[i], words[at + i]) && words[at + i].in_text == words[at].in_text;
    if (same) out.push_back(place_of(words[at], words[at + node.words.size() - 1]));
  }
  return out;
}

std::vector<Place> token_places(const QueryNode& node, TokenKind kind, const QuerySubject& subject) {
  std::vector<Place> out;
  for (const auto& word : subject.words) {
    if (word.token->kind != kind) continue;
    const auto folded = word.token->folded;
    // "@fernwave" also means "@fernwave@social.example".
    const bool same = folded == node.value || (kind == TokenKind::handle && folded.starts_with(node.value) &&
                                               folded.substr(node.value.size()).starts_with('@'));
    if (same) out.push_back(place_of(word, word));
  }
  return out;
}

std::vector<Place> places(const QueryNode& node, const QuerySubject& subject);

std::vector<Place> near_places(const QueryNode& node, const QuerySubject& subject) {
  std::vector<Place> out;
  const auto left = places(node.children[0], subject);
  const auto right = places(node.children[1], subject);
  for (const auto& a : left) {
    for (const auto& b : right) {
      const bool forward = b.first > a.last && b.first - a.last <= node.distance;
      const bool backward = a.first > b.last && a.first - b.last <= node.distance;
      if (a.in_text != b.in_text || !(forward || (backward && node.kind == QueryKind::near))) continue;
      const auto& first = forward ? a : b;
      const auto& last = forward ? b : a;
      out.push_back(Place{.first = first.first,
                          .last = last.last,
                          .span = Span{.begin = first.span.begin, .end = last.span.end},
                          .in_text = a.in_text});
    }
  }
  return out;
}

std::vector<Place> places(const QueryNode& node, const QuerySubject& subject) {
  switch (node.kind) {
    case QueryKind::words: return phrase_places(node, subject);
    case QueryKind::hashtag: return token_places(node, TokenKind::hashtag, subject);
    case QueryKind::handle: return token_places(node, TokenKind::handle, subject);
    case QueryKind::near:
    case QueryKind::ordered: return near_places(node, subject);
    case QueryKind::any: {
      std::vector<Place> out;
      for (const auto& child : node.children)
        std::ranges::move(places(child, subject), std::back_inserter(out));
      return out;
    }
    default: return {};
  }
}

bool is_word_character(std::string_view text, std::size_t at) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(utf8::next(text, at)));
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/// The characters as they are, with no letter or digit touching a side that is itself a letter or digit.
bool find_exact(std::string_view wanted, std::string_view text, Span& span) {
  for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
    auto before = at;
    while (before > 0 && (static_cast<unsigned char>(text[--before]) & 0xC0) == 0x80) {
    }
    const auto end = at + wanted.size();
    auto last = wanted.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(wanted[last]) & 0xC0) == 0x80) --last;
    const bool touches_left = at > 0 && is_word_character(text, before) && is_word_character(wanted, 0);
    const bool touches_right =
        end < text.size() && is_word_character(text, end) && is_word_character(wanted, last);
    if (touches_left || touches_right) continue;
    span = Span{.begin = static_cast<std::uint32_t>(at), .end = static_cast<std::uint32_t>(end)};
    return true;
  }
  return false;
}

bool host_is(std::string_view url, std::string_view site) {
  const auto parsed = parse_url(url);
  if (!parsed) return false;
  const std::string_view host = parsed->host;
  return host == site ||
         (host.size() > site.size() && host.ends_with(site) && host[host.size() - site.size() - 1] == '.');
}

bool field_matches(const QueryNode& node, const Mention& mention) {
  switch (node.kind) {
    case QueryKind::author: {
      const auto handle = fold_case(mention.author.handle);
      return handle == node.value || handle == "@" + node.value ||
             fold_case(mention.author.id) == node.value || glob(node.value, handle);
    }
    case QueryKind::site: return host_is(mention.url, node.value);
    case QueryKind::lang: return ascii_lower(mention.lang) == node.value;
    case QueryKind::source: return ascii_lower(mention.platform) == node.value;
    case QueryKind::link:
      return std::ranges::any_of(mention.links, [&](const std::string& link) {
        return host_is(link, node.value) || fold_case(link).find(node.value) != std::string::npos;
      });
    default: return false;
  }
}

}  // namespace

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    const auto length = std::max<std::size_t>(1, utf8::sequence_length(text, t));
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += length;
    } else if (p < pattern.size() && pattern.substr(p).starts_with(text.substr(t, length))) {
      p += length;
      t += length;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      resume += std::max<std::size_t>(1, utf8::sequence_length(text, resume));
      t = resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches(const QueryNode& node, const QuerySubject& subject, std::vector<Place>& found) {
  switch (node.kind) {
    case QueryKind::all: {
      const auto before = found.size();
      for (const auto& child : node.children)
        if (!matches(child, subject, found)) {
          found.resize(before);
          return false;
        }
      return true;
    }
    case QueryKind::any: {
      bool any = false;
      for (const auto& child : node.children) any = matches(child, subject, found) || any;
      return any;
    }
    case QueryKind::none: {
      std::vector<Place> ignored;
      return !matches(node.children.front(), subject, ignored);
    }
    case QueryKind::exact: {
      Span span;
      if (find_exact(node.value, subject.mention.text, span)) {
        found.push_back(Place{.span = span});
        return true;
      }
      return find_exact(node.value, subject.mention.title, span);
    }
    case QueryKind::author:
    case QueryKind::site:
    case QueryKind::lang:
    case QueryKind::source:
    case QueryKind::link: return field_matches(node, subject.mention);
    default: {
      auto here = places(node, subject);
      std::ranges::move(here, std::back_inserter(found));
      return !here.empty();
    }
  }
}

}  // namespace earshot::analysis
