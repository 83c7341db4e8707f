#include "analysis/people/signs.hpp"

#include <algorithm>
#include <utility>

#include "core/base/text.hpp"
#include "embedded/people_signs.hpp"

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, sign_count> sign_names{
    "customer",    "staff",      "employer", "affiliate",   "referral",   "switched_from",
    "switched_to", "correction", "settled",  "refers_back", "commitment", "because"};

/// Words that a gap may stand for.
constexpr std::size_t gap_max = 3;
/// Bytes of a reason, which is shown beside other things.
constexpr std::uint32_t reason_max = 160;

std::optional<Sign> sign_from(std::string_view name) {
  const auto found = std::ranges::find(sign_names, name);
  if (found == sign_names.end()) return std::nullopt;
  return static_cast<Sign>(found - sign_names.begin());
}

bool is_word(const Token& token) { return token.kind == TokenKind::word || token.kind == TokenKind::number; }

}  // namespace

std::string_view to_string(Sign sign) { return sign_names[static_cast<std::size_t>(sign)]; }

SignReader::SignReader(const std::vector<std::string>& brand, const std::vector<std::string>& competitors)
    : brand_(names_of(brand)), other_(names_of(competitors)) {
  for (const auto line : split(embedded::people_signs().front().bytes, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto columns = split(line, '\t');
    if (columns.size() >= 3) add(columns[0], columns[2]);
  }
}

std::vector<SignReader::Name> SignReader::names_of(const std::vector<std::string>& names) {
  std::vector<Name> out;
  for (const auto& name : names) {
    tokenizer_.tokenize(name, tokens_);
    Name words;
    for (const auto& token : tokens_.tokens())
      if (is_word(token)) words.push_back(token.hash);
    if (!words.empty() && std::ranges::find(out, words) == out.end()) out.push_back(std::move(words));
  }
  // Longest first: "Fernwave Hub" before "Fernwave".
  std::ranges::stable_sort(out, std::greater{}, &Name::size);
  return out;
}

void SignReader::add(std::string_view sign, std::string_view words) {
  const auto kind = sign_from(sign);
  if (!kind) return;
  Pattern pattern{.sign = *kind};
  for (const auto word : split(words, ' ')) {
    Part part;
    if (word == "*") part.kind = Part::Kind::gap;
    if (word == "{brand}") part.kind = Part::Kind::brand;
    if (word == "{other}") part.kind = Part::Kind::other;
    if (word == "#") part.kind = Part::Kind::number;
    if (part.kind == Part::Kind::word) {
      if (word.starts_with('?')) part.kind = Part::Kind::optional;
      for (auto one : split(word, '/')) {
        if (one.starts_with('?')) one.remove_prefix(1);
        part.words.push_back(word_hash(one));
      }
    }
    pattern.parts.push_back(std::move(part));
  }
  const auto at = static_cast<std::uint32_t>(patterns_.size());
  const auto& first = pattern.parts.front();
  if (first.kind == Part::Kind::word)
    for (const auto word : first.words) by_first_word_[word].push_back(at);
  else
    by_name_.push_back(at);
  patterns_.push_back(std::move(pattern));
}

std::size_t SignReader::skip_tags(std::size_t at) const {
  const auto all = tokens_.tokens();
  // A hashtag is followed by the words it was split into, which are what is read.
  while (at < all.size() && all[at].kind == TokenKind::hashtag) ++at;
  return at;
}

std::size_t SignReader::match_name(const std::vector<Name>& names, std::size_t at) const {
  const auto all = tokens_.tokens();
  at = skip_tags(at);
  for (const auto& name : names) {
    if (at < all.size() && all[at].kind == TokenKind::handle && name.size() == 1) {
      // "@fernwave", and on federated platforms "@fernwave@social.example".
      const auto handle = all[at].folded;
      const auto user = handle.substr(0, std::min(handle.find('@'), handle.find('.')));
      if (word_hash(user) == name.front()) return at + 1;
    }
    if (at + name.size() > all.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < name.size() && same; ++i)
      same = is_word(all[at + i]) && (all[at + i].hash == name[i] || all[at + i].base_hash() == name[i]);
    if (same) return at + name.size();
  }
  return 0;
}

std::size_t SignReader::match(const Pattern& pattern, std::size_t part, std::size_t at) const {
  const auto all = tokens_.tokens();
  if (part == pattern.parts.size()) return at;
  const auto& wanted = pattern.parts[part];
  if (wanted.kind == Part::Kind::gap) {
    for (std::size_t words = 0; words <= gap_max; ++words, ++at) {
      if (const auto end = match(pattern, part + 1, at)) return end;
      at = skip_tags(at);
      if (at >= all.size() || all[at].kind == TokenKind::punctuation) return 0;
    }
    return 0;
  }
  if (wanted.kind == Part::Kind::brand || wanted.kind == Part::Kind::other) {
    const auto end = match_name(wanted.kind == Part::Kind::brand ? brand_ : other_, at);
    return end == 0 ? 0 : match(pattern, part + 1, end);
  }
  at = skip_tags(at);
  const bool here = at < all.size();
  if (wanted.kind == Part::Kind::number)
    return here && all[at].kind == TokenKind::number ? match(pattern, part + 1, at + 1) : 0;
  const bool fits =
      here && all[at].hash != 0 && std::ranges::find(wanted.words, all[at].hash) != wanted.words.end();
  if (fits)
    if (const auto end = match(pattern, part + 1, at + 1)) return end;
  return wanted.kind == Part::Kind::optional ? match(pattern, part + 1, at) : 0;
}

std::vector<SignHit> SignReader::read(std::string_view text) {
  tokenizer_.tokenize(text, tokens_);
  const auto all = tokens_.tokens();
  std::vector<SignHit> out;
  const auto attempt = [&](std::uint32_t number, std::size_t at) {
    const auto& pattern = patterns_[number];
    const auto end = match(pattern, 0, at);
    if (end == 0) return;
    const SignHit hit{.sign = pattern.sign,
                      .span = {.begin = all[at].span.begin, .end = all[end - 1].span.end}};
    for (auto& known : out)
      if (known.sign == hit.sign && known.span.end > hit.span.begin) {
        known.span.end = std::max(known.span.end, hit.span.end);
        return;
      }
    out.push_back(hit);
  };
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (all[at].kind == TokenKind::punctuation || all[at].kind == TokenKind::hashtag) continue;
    if (const auto found = by_first_word_.find(all[at].hash); found != by_first_word_.end())
      for (const auto number : found->second) attempt(number, at);
    for (const auto number : by_name_) attempt(number, at);
  }
  return out;
}

std::optional<Span> reason_of(std::string_view text, const std::vector<SignHit>& hits) {
  const auto found = std::ranges::find(hits, Sign::because, &SignHit::sign);
  if (found == hits.end()) return std::nullopt;
  auto begin = found->span.end;
  while (begin < text.size() && (text[begin] == ' ' || text[begin] == ':')) ++begin;
  auto end = static_cast<std::uint32_t>(std::min(text.find_first_of(".!?;\n", begin), text.size()));
  if (end - begin > reason_max) {
    end = begin + reason_max;
    const auto space = text.rfind(' ', end);
    if (space != std::string_view::npos && space > begin) end = static_cast<std::uint32_t>(space);
    while (end > begin && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  }
  if (end <= begin) return std::nullopt;
  return Span{.begin = begin, .end = end};
}

}  // namespace earshot::analysis
