#include "connectors/normalise.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors {
namespace {

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Valid, without control characters and bidi overrides, of at most `bytes_max` bytes.
std::string clean(std::string_view text, std::size_t bytes_max) {
  const auto harmless = [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t'; };
  if (text.size() <= bytes_max && std::ranges::all_of(text, harmless)) return std::string(trim(text));
  const auto sanitised = utf8::sanitise(text.substr(0, std::min(text.size(), bytes_max * 2)));
  std::string out;
  out.reserve(sanitised.size());
  for (std::size_t at = 0; at < sanitised.size();) {
    const auto begin = at;
    const auto c = utf8::next(sanitised, at);
    const bool override_or_c1 = (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
                                (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
    if (c == '\r') {
      if (at >= sanitised.size() || sanitised[at] != '\n') out.push_back('\n');
    } else if (!override_or_c1) {
      out.append(sanitised, begin, at - begin);
    }
  }
  return std::string(trim(utf8::truncate(trim(out), bytes_max)));
}

std::string clean_line(std::string_view text, std::size_t bytes_max) {
  return squeeze_space(clean(text, bytes_max));
}

/// Nothing would be changed by cleaning, which is so for nearly all text: printable ASCII, trimmed.
bool is_clean(std::string_view text, std::size_t bytes_max) {
  const auto printable = [](char c) { return c >= 0x20 && c < 0x7F; };
  return text.size() <= bytes_max && std::ranges::all_of(text, printable) &&
         (text.empty() || (text.front() != ' ' && text.back() != ' '));
}

void tidy(std::string& text, std::size_t bytes_max) {
  if (!is_clean(text, bytes_max)) text = clean(text, bytes_max);
}

void tidy_line(std::string& text, std::size_t bytes_max) {
  if (!is_clean(text, bytes_max) || text.find("  ") != std::string::npos) text = clean_line(text, bytes_max);
}

void normalise_tags(std::vector<std::string>& tags, const NormaliseLimits& limits) {
  std::vector<std::string> kept;
  for (auto& tag : tags) {
    auto name = clean_line(tag, limits.name_bytes);
    while (name.starts_with('#')) name.erase(0, 1);
    if (name.empty() || kept.size() >= limits.list_items) continue;
    const auto folded = fold_case(name);
    if (std::ranges::none_of(kept, [&](const std::string& other) { return fold_case(other) == folded; }))
      kept.push_back(std::move(name));
  }
  tags = std::move(kept);
}

void normalise_links(std::vector<std::string>& links, const NormaliseLimits& limits) {
  std::vector<std::string> kept;
  for (const auto& link : links) {
    auto url = canonical_url(link);
    if (!url.empty() && kept.size() < limits.list_items && std::ranges::find(kept, url) == kept.end())
      kept.push_back(std::move(url));
  }
  links = std::move(kept);
}

void keep_counter(std::optional<std::int64_t>& counter) {
  if (counter && *counter < 0) counter.reset();
}

}  // namespace

Result<Mention> normalise(Mention mention, const NormaliseLimits& limits) {
  static constexpr std::int64_t year_1990 = 631'152'000'000;
  tidy_line(mention.native_id, limits.id_bytes);
  if (mention.platform.empty()) return unexpected(ErrorKind::malformed, "no platform");
  if (mention.native_id.empty()) return unexpected(ErrorKind::malformed, "no id");
  tidy(mention.text, limits.text_bytes);
  tidy_line(mention.title, limits.title_bytes);
  if (mention.text.empty() && mention.title.empty() && !mention.deleted)
    return unexpected(ErrorKind::malformed, "no text");
  mention.url = canonical_url(mention.url);
  mention.lang = primary_language(mention.lang);
  tidy_line(mention.author.id, limits.id_bytes);
  tidy_line(mention.author.handle, limits.name_bytes);
  while (mention.author.handle.starts_with('@')) mention.author.handle.erase(0, 1);
  tidy_line(mention.author.name, limits.name_bytes);
  tidy_line(mention.in_reply_to, limits.id_bytes);
  tidy_line(mention.conversation, limits.id_bytes);
  keep_counter(mention.author.followers);
  keep_counter(mention.engagement.likes);
  keep_counter(mention.engagement.reposts);
  keep_counter(mention.engagement.replies);
  keep_counter(mention.engagement.views);
  normalise_tags(mention.tags, limits);
  normalise_links(mention.links, limits);
  if (mention.extra.size() > limits.extra_bytes) mention.extra.clear();
  const auto latest = mention.fetched_at + std::chrono::hours(1);
  if (to_ms(mention.created_at) < year_1990 || mention.created_at > latest)
    mention.created_at = mention.fetched_at;
  if (mention.edited_at && (*mention.edited_at > latest || *mention.edited_at < mention.created_at))
    mention.edited_at.reset();
  return mention;
}

std::string primary_language(std::string_view tag) {
  const auto primary = trim(tag).substr(0, trim(tag).find_first_of("-_"));
  const bool letters =
      std::ranges::all_of(primary, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  if (!letters || primary.size() < 2 || primary.size() > 3) return {};
  auto lower = ascii_lower(primary);
  return lower == "und" || lower == "mul" || lower == "zxx" ? std::string() : lower;
}

void collapse_echoes(std::vector<Mention>& mentions) {
  std::unordered_map<std::string, std::size_t> seen;
  std::vector<Mention> kept;
  kept.reserve(mentions.size());
  for (auto& mention : mentions) {
    const auto [found, fresh] = seen.emplace(mention.platform + '\0' + mention.native_id, kept.size());
    if (fresh)
      kept.push_back(std::move(mention));
    else
      kept[found->second] = std::move(mention);
  }
  mentions = std::move(kept);
}

std::uint64_t text_fingerprint(std::string_view text) {
  const auto folded = fold_case(text);
  std::string words;
  words.reserve(folded.size());
  for (std::size_t at = 0; at < folded.size();) {
    while (at < folded.size() && is_ascii_space(folded[at])) ++at;
    const auto begin = at;
    while (at < folded.size() && !is_ascii_space(folded[at])) ++at;
    const auto word = std::string_view(folded).substr(begin, at - begin);
    const bool address =
        word.starts_with('@') || word.find("://") != std::string_view::npos || word.starts_with("www.");
    if (word.empty() || address || (words.empty() && (word == "rt" || word == "rt:"))) continue;
    const auto before = words.size();
    for (std::size_t i = 0; i < word.size();) {
      if (static_cast<unsigned char>(word[i]) < 0x80) {
        const char c = word[i++];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) words.push_back(c);
        continue;
      }
      const auto from = i;
      const auto c = utf8::next(word, i);
      const bool letter =
          c >= 0xC0 && !(c >= 0x2000 && c <= 0x206F) && c != 0xFFFD && !(c >= 0xFE00 && c <= 0xFE0F);
      if (letter) words.append(word, from, i - from);
    }
    if (words.size() > before) words.push_back(' ');
  }
  return words.empty() ? 0 : std::max<std::uint64_t>(hash64(words), 1);
}

}  // namespace earshot::connectors
