#include "analysis/text/language.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

#include "analysis/text/tokenizer.hpp"
#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "embedded/language_words.hpp"

namespace earshot::analysis {
namespace {

/// The platform's tag weighs as much as two typical words: it is often the app's setting, not the post's
/// language.
constexpr float hint_weight = 2.0f;
/// Below this lead the words leave doubt and the statistics are asked.
constexpr float lead_needed = 1.5f;
constexpr std::size_t statistics_bytes_max = 2000;

enum Script : std::size_t {
  latin,
  cyrillic,
  greek,
  arabic,
  hebrew,
  devanagari,
  thai,
  hangul,
  kana,
  han,
  script_count
};

Script script_of(char32_t c) {
  if (c < 0x250) return latin;
  if (c >= 0x370 && c < 0x400) return greek;
  if (c >= 0x400 && c < 0x530) return cyrillic;
  if (c >= 0x590 && c < 0x600) return hebrew;
  if ((c >= 0x600 && c < 0x780) || (c >= 0xFB50 && c < 0xFEFF)) return arabic;
  if (c >= 0x900 && c < 0x980) return devanagari;
  if (c >= 0xE00 && c < 0xE80) return thai;
  if ((c >= 0x1100 && c < 0x1200) || (c >= 0xAC00 && c < 0xD7B0)) return hangul;
  if (c >= 0x3040 && c < 0x3100) return kana;
  if (c >= 0x4E00 && c < 0xA000) return han;
  return script_count;
}

}  // namespace

LanguageIdentifier::LanguageIdentifier(std::span<const std::string> languages, const Tokenizer& tokenizer)
    : allowed_(languages.begin(), languages.end()) {
  std::map<std::uint64_t, std::vector<Weight>> words;
  TokenBuffer buffer;
  for (const auto& file : embedded::language_words()) {
    for (const auto line : split(file.bytes, '\n')) {
      const auto cells = split(line, '\t');
      if (line.starts_with('#') || cells.size() != 3) continue;
      float weight = 0;
      std::from_chars(cells[2].data(), cells[2].data() + cells[2].size(), weight);
      auto language = std::ranges::find(names_, cells[0]) - names_.begin();
      if (language == std::ssize(names_) && names_.size() < languages_max) names_.emplace_back(cells[0]);
      if (language >= std::ssize(names_)) continue;
      tokenizer.tokenize(cells[1], buffer);
      if (buffer.tokens().size() == 1)
        words[buffer.tokens()[0].hash].push_back(
            {.language = static_cast<std::uint32_t>(language), .weight = weight});
    }
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    codes_[i] = code_of(names_[i]);
    start_[i] = allowed(names_[i]) ? 0 : -std::numeric_limits<float>::infinity();
  }
  fill(words);
}

void LanguageIdentifier::fill(const std::map<std::uint64_t, std::vector<Weight>>& words) {
  slots_.resize(std::bit_ceil(words.size() * 2 + 16));
  mask_ = slots_.size() - 1;
  for (const auto& [hash, list] : words) {
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    auto at = hash & mask_;
    for (; slots_[at].count != 0; at = (at + 1) & mask_)
      EARSHOT_ASSERT(slots_[at].tag != tag);  // two of our words could not be told apart
    EARSHOT_ASSERT(weights_.size() <= UINT16_MAX);
    slots_[at] = {.tag = tag,
                  .first = static_cast<std::uint16_t>(weights_.size()),
                  .count = static_cast<std::uint16_t>(list.size())};
    weights_.insert(weights_.end(), list.begin(), list.end());
  }
}

std::uint32_t LanguageIdentifier::code_of(std::string_view tag) {
  if (tag.size() < 2 || tag.size() > 3) return 0;
  std::uint32_t code = 0;
  for (const char c : tag) code = code << 8 | static_cast<unsigned char>(c);
  return code;
}

/// The number of a language among those with word evidence, or languages_max.
std::size_t LanguageIdentifier::number_of(std::string_view tag) const {
  const auto code = code_of(tag);
  if (code == 0) return languages_max;
  return static_cast<std::size_t>(std::ranges::find(codes_, code) - codes_.begin());
}

bool LanguageIdentifier::allowed(std::string_view tag) const {
  return allowed_.empty() || std::ranges::find(allowed_, tag) != allowed_.end();
}

/// The language when the script alone tells it; "" for scripts shared by many; "und" without letters.
std::string_view LanguageIdentifier::by_script(std::string_view text) const {
  std::array<std::size_t, script_count> counts{};
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      counts[latin] += (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
      ++at;
      continue;
    }
    const auto script = script_of(utf8::next(text, at));
    if (script != script_count) ++counts[script];
  }
  const auto most = static_cast<Script>(std::ranges::max_element(counts) - counts.begin());
  if (counts[most] == 0) return "und";
  if (counts[kana] > 0 && counts[kana] + counts[han] > counts[latin]) return "ja";
  switch (most) {
    case greek: return "el";
    case hebrew: return "he";
    case thai: return "th";
    case hangul: return "ko";
    case han: return "zh";
    case devanagari: return allowed("hi") ? "hi" : "";
    case arabic: return allowed_.empty() || allowed("fa") || allowed("ur") ? "" : "ar";
    default: return "";
  }
}

std::string_view LanguageIdentifier::by_cld2(std::string_view text, std::string_view hint) const {
  const auto part = utf8::truncate(text, statistics_bytes_max);
  if (!utf8::is_valid(part)) return "und";
  const std::string hint_text(hint);
  const CLD2::CLDHints hints{hint_text.empty() ? nullptr : hint_text.c_str(), nullptr, CLD2::UNKNOWN_ENCODING,
                             CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language best[3];
  int percent[3];
  double score[3];
  int bytes = 0;
  bool reliable = false;
  CLD2::ExtDetectLanguageSummary(part.data(), static_cast<int>(part.size()), true, &hints, 0, best, percent,
                                 score, nullptr, &bytes, &reliable);
  for (std::size_t i = 0; i < 3; ++i) {
    if (best[i] == CLD2::UNKNOWN_LANGUAGE || percent[i] == 0) continue;
    std::string_view tag = CLD2::LanguageCode(best[i]);
    tag = tag.substr(0, tag.find('-'));
    if (tag == "iw") tag = "he";
    if (allowed(tag)) return tag;  // static storage inside CLD2
  }
  return "und";
}

/// The words' evidence, and how many words there are.
std::size_t LanguageIdentifier::add_words(const TokenBuffer& buffer, Sums& sums) const {
  std::size_t words = 0;
  const auto* const slots = slots_.data();
  for (const auto& token : buffer.tokens()) __builtin_prefetch(slots + (token.hash & mask_));
  for (const auto& token : buffer.tokens()) {
    if (token.kind != TokenKind::word) continue;
    ++words;
    const auto tag = static_cast<std::uint32_t>(token.hash >> 32);
    auto at = token.hash & mask_;
    while (slots[at].count != 0 && slots[at].tag != tag) at = (at + 1) & mask_;
    const auto slot = slots[at];
    const float share = token.has(TokenTrait::in_hashtag) ? 0.3f : 1.0f;
    const auto* const weights = weights_.data() + slot.first;
    for (std::uint32_t i = 0; i < slot.count; ++i)
      sums.data()[weights[i].language] += weights[i].weight * share;
  }
  return words;
}

std::string_view LanguageIdentifier::identify(std::string_view text, const TokenBuffer& buffer,
                                              std::string_view hint) const {
  hint = hint.substr(0, hint.find_first_of("-_"));
  const auto script = buffer.has_wide() ? by_script(text) : buffer.has_letters() ? "" : "und";
  if (script == "und") return "und";
  if (!script.empty()) return allowed(script) ? script : std::string_view("und");
  if (allowed_.size() == 1) return allowed_.front();

  auto sums = start_;
  const auto words = add_words(buffer, sums);
  const auto hinted = number_of(hint);
  if (hinted != languages_max) sums[hinted] += hint_weight;
  float best = 0, second = 0;
  auto lead = languages_max;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    second = std::max(second, std::min(sums[i], best));
    if (sums[i] > best) {
      best = sums[i];
      lead = i;
    }
  }
  const auto tag = lead == languages_max ? std::string_view("und") : std::string_view(names_[lead]);
  if (best - second >= lead_needed) return tag;
  if (words >= 3)
    if (const auto guess = by_cld2(text, hint); guess != "und") return guess;
  if (tag != "und" || hinted == languages_max || !allowed(hint)) return tag;
  return names_[hinted];
}

}  // namespace earshot::analysis
