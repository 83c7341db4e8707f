#include "core/base/time_words.hpp"

#include <cstdint>

#include "core/base/text.hpp"

namespace earshot::time_words {
namespace {

struct Word {
  std::string_view text;
  int value;
};

// Prefixes are enough for English; the others are matched whole.
constexpr Word month_prefixes[] = {{"jan", 1}, {"feb", 2}, {"mar", 3}, {"apr", 4},  {"may", 5},  {"jun", 6},
                                   {"jul", 7}, {"aug", 8}, {"sep", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12},
                                   {"okt", 10}, {"dez", 12}, {"mai", 5}, {"sze", 9}};
constexpr Word month_words[] = {
    {"március", 3}, {"április", 4}, {"máujus", 5}, {"május", 5},  {"június", 6}, {"július", 7}, {"augusztus", 8},
    {"märz", 3},    {"mär", 3},
    {"ιαν", 1},     {"φεβ", 2},     {"μάώ", 3},    {"μαώ", 3},    {"μάρ", 3},    {"μαρ", 3},    {"απρ", 4},
    {"μάι", 5},     {"μαϊ", 5},     {"μαι", 5},    {"ιούν", 6},   {"ιον", 6},    {"ιουν", 6},   {"ιούλ", 7},
    {"ιολ", 7},     {"ιουλ", 7},    {"αύγ", 8},    {"αυγ", 8},    {"σεπ", 9},    {"οκτ", 10},   {"νοέ", 11},
    {"νοε", 11},    {"δεκ", 12}};

constexpr Word zones[] = {
    {"z", 0},      {"ut", 0},     {"utc", 0},    {"gmt", 0},    {"wet", 0},    {"etc", 0},    {"west", 60},
    {"bst", 60},   {"cet", 60},   {"met", 60},   {"mez", 60},   {"cest", 120}, {"mest", 120}, {"mesz", 120},
    {"eet", 120},  {"sast", 120}, {"eest", 180}, {"msk", 180},  {"ist", 330},  {"sgt", 480},  {"hkt", 480},
    {"awst", 480}, {"jst", 540},  {"kst", 540},  {"acst", 570}, {"aest", 600}, {"aedt", 660}, {"nzst", 720},
    {"nzdt", 780}, {"nst", -210}, {"ndt", -150}, {"brt", -180}, {"ast", -240}, {"adt", -180}, {"at", -240},
    {"est", -300}, {"edt", -240}, {"et", -300},  {"cst", -360}, {"cdt", -300}, {"ct", -360},  {"mst", -420},
    {"mdt", -360}, {"mt", -420},  {"pst", -480}, {"pdt", -420}, {"pt", -480},  {"akst", -540}, {"akdt", -480},
    {"hst", -600}, {"a", -60},    {"n", 60},     {"m", -720},   {"y", 720}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

std::optional<int> month(std::string_view word) {
  if (word.size() < 3) return std::nullopt;
  for (const auto& entry : month_words)
    if (word == entry.text || (entry.text.size() >= 6 && word.starts_with(entry.text))) return entry.value;
  for (const auto& entry : month_prefixes)
    if (word.starts_with(entry.text)) return entry.value;
  return std::nullopt;
}

std::optional<int> zone(std::string_view word) {
  for (const auto& entry : zones)
    if (word == entry.text) return entry.value;
  return std::nullopt;
}

int to_int(std::string_view digits) {
  int value = 0;
  for (const char c : digits.substr(0, 9)) value = value * 10 + (c - '0');
  return value;
}

bool Reader::digit_at(std::size_t ahead) const { return at_ + ahead < text_.size() && is_digit(text_[at_ + ahead]); }

bool Reader::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool Reader::clock_ahead() const {
  if (!digit_at(0)) return false;
  const std::size_t colon = digit_at(1) ? 2 : 1;
  return at_ + colon < text_.size() && text_[at_ + colon] == ':' && digit_at(colon + 1);
}

void Reader::spaces() {
  while (peek() == ' ' || (peek() >= '\t' && peek() <= '\r')) ++at_;
}

void Reader::separators() {
  while (!at_end()) {
    const char c = peek();
    const bool dash = c == '-' && !(at_ > 0 && text_[at_ - 1] == ' ');
    if (c == ' ' || c == ',' || c == '/' || c == '.' || (c >= '\t' && c <= '\r') || dash) {
      ++at_;
    } else if (static_cast<unsigned char>(c) >= 0x80 && !month(peek_word())) {
      at_ += word_length();
    } else {
      return;
    }
  }
}

void Reader::until_digit() {
  while (!at_end() && !is_digit(peek())) ++at_;
}

std::string_view Reader::digits() {
  const auto begin = at_;
  while (!at_end() && is_digit(peek())) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::optional<int> Reader::number(std::size_t digits_min, std::size_t digits_max) {
  std::size_t count = 0;
  while (count < digits_max && digit_at(count)) ++count;
  if (count < digits_min) return std::nullopt;
  const auto value = to_int(text_.substr(at_, count));
  at_ += count;
  return value;
}

std::size_t Reader::word_length() const {
  std::size_t length = 0;
  while (at_ + length < text_.size() && is_letter(text_[at_ + length])) ++length;
  return length;
}

std::string Reader::peek_word() const { return fold_case(text_.substr(at_, word_length())); }

std::string Reader::word() {
  auto found = peek_word();
  at_ += word_length();
  return found;
}

}  // namespace earshot::time_words
