#include "connectors/normalise.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors {
namespace {

constexpr bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_override_or_c1(char32_t c) {
  return (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF;
}

/// Nothing in it that `clean` takes out, which is so for nearly all text.
bool is_harmless(std::string_view text) {
  if (is_printable_ascii(text)) return true;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) return false;
      ++at;
      continue;
    }
    if (utf8::sequence_length(text, at) == 0 || is_override_or_c1(utf8::next(text, at))) return false;
  }
  return true;
}

/// Valid, without control characters and bidi overrides, of at most `bytes_max` bytes.
std::string clean(std::string_view text, std::size_t bytes_max) {
  const auto sanitised = utf8::sanitise(text.substr(0, std::min(text.size(), bytes_max * 2)));
  std::string out;
  out.reserve(sanitised.size());
  for (std::size_t at = 0; at < sanitised.size();) {
    const auto begin = at;
    const auto c = utf8::next(sanitised, at);
    if (c == '\r') {
      if (at >= sanitised.size() || sanitised[at] != '\n') out.push_back('\n');
    } else if (!is_override_or_c1(c)) {
      out.append(sanitised, begin, at - begin);
    }
  }
  return std::string(trim(utf8::truncate(trim(out), bytes_max)));
}

void tidy(std::string& text, std::size_t bytes_max) {
  if (text.size() > bytes_max || !is_harmless(text)) {
    text = clean(text, bytes_max);
  } else if (const auto kept = trim(text); kept.size() != text.size()) {
    text = std::string(kept);
  }
}

void tidy_line(std::string& text, std::size_t bytes_max) {
  tidy(text, bytes_max);
  if (!is_printable_ascii(text) || text.find("  ") != std::string::npos) text = squeeze_space(text);
}

/// Without the signs that a platform puts before a name, and what stands between them and it.
void drop_marks(std::string& name, char mark) {
  name.erase(0, std::min(name.find_first_not_of(std::string{mark, ' '}), name.size()));
}

void normalise_tags(std::vector<std::string>& tags, const NormaliseLimits& limits) {
  std::vector<std::string> kept;
  for (auto& tag : tags) {
    tidy_line(tag, limits.name_bytes);
    drop_marks(tag, '#');
    if (tag.empty() || kept.size() >= limits.list_items) continue;
    if (std::ranges::none_of(kept, [&](const std::string& other) { return same_folded(other, tag); }))
      kept.push_back(std::move(tag));
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

/// What a byte counts as in a fingerprint: the lower case of an ASCII letter or digit, one of these, or
/// nothing (0).
constexpr char part_of_wide = 1, ends_word = ' ';
constexpr auto folded_byte = [] {
  std::array<char, 256> out{};
  for (std::size_t c = 0; c < out.size(); ++c) {
    const auto byte = static_cast<char>(c);
    if (is_ascii_space(byte)) out[c] = ends_word;
    if (c >= 0x80) out[c] = part_of_wide;
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')) out[c] = byte;
    if (byte >= 'A' && byte <= 'Z') out[c] = static_cast<char>(byte | 0x20);
  }
  return out;
}();

bool is_address(std::string_view word) {
  if (word.front() == '@') return true;
  if (word.size() < 4) return false;
  const auto colon = word.find(':');
  return (colon != std::string_view::npos && word.find("://", colon) != std::string_view::npos) ||
         starts_with_icase(word, "www.");
}

bool is_repost_mark(std::string_view word) {
  return starts_with_icase(word, "rt") && (word.size() == 2 || (word.size() == 3 && word[2] == ':'));
}

/// The folded letter beyond ASCII at `at`, which moves behind it; what is no letter folds to nothing.
char* fold_wide(std::string_view text, std::size_t& at, char* out) {
  const auto c = fold_case(utf8::next(text, at));
  const bool letter =
      c < 0x80 ? folded_byte[c] > ends_word  // the Kelvin sign is a k
               : c >= 0xC0 && !(c >= 0x2000 && c <= 0x206F) && c != 0xFFFD && !(c >= 0xFE00 && c <= 0xFE0F);
  if (!letter) return out;
  std::string bytes;
  utf8::append(bytes, c);
  return std::ranges::copy(bytes, out).out;
}

/// Writes the folded letters and digits of the word at `at` to `out`, and moves both behind it.
void fold_word(std::string_view text, std::size_t& at, char*& out) {
  auto here = at;
  auto* to = out;
  while (here < text.size()) {
    const char folded = folded_byte[static_cast<unsigned char>(text[here])];
    if (folded > ends_word) {
      *to++ = folded;
      ++here;
    } else if (folded == ends_word) {
      break;
    } else if (folded == part_of_wide) {
      to = fold_wide(text, here, to);
    } else {
      ++here;
    }
  }
  at = here;
  out = to;
}

}  // namespace

Result<Mention> normalise(Mention mention, const NormaliseLimits& limits) {
  if (const auto status = normalise_in_place(mention, limits); !status) return unexpected(status.error());
  return mention;
}

Status normalise_in_place(Mention& mention, const NormaliseLimits& limits) {
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
  drop_marks(mention.author.handle, '@');
  tidy_line(mention.author.name, limits.name_bytes);
  tidy_line(mention.in_reply_to, limits.id_bytes);
  tidy_line(mention.conversation, limits.id_bytes);
  // Some platforms call the first post of a thread an answer to itself.
  if (mention.in_reply_to == mention.native_id) mention.in_reply_to.clear();
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
  return Done{};
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
  thread_local std::vector<char> words;
  // A letter of two bytes may fold to one of three, and a space follows each word.
  words.resize(std::max(words.size(), 2 * text.size() + 1));
  char* out = words.data();
  for (std::size_t at = 0; at < text.size();) {
    if (is_ascii_space(text[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    char* const before = out;
    fold_word(text, at, out);
    const auto word = text.substr(begin, at - begin);
    if (is_address(word) || (before == words.data() && is_repost_mark(word))) out = before;
    if (out != before) *out++ = ' ';
  }
  const std::string_view folded(words.data(), static_cast<std::size_t>(out - words.data()));
  return folded.empty() ? 0 : std::max<std::uint64_t>(hash64(folded), 1);
}

}  // namespace earshot::connectors
