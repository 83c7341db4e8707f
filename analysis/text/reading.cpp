#include "analysis/text/reading.hpp"

#include <algorithm>
#include <array>

#include "analysis/text/rules.hpp"
#include "core/base/hash.hpp"

namespace earshot::analysis {
namespace {

using namespace std::string_view_literals;

struct Placeholder {
  std::string_view name;
  std::uint64_t hash;
};
const std::array<Placeholder, 5>& placeholders() {
  static const std::array<Placeholder, 5> all = [] {
    std::array<Placeholder, 5> made{
        {{"<n>", 0}, {"<money>", 0}, {"<url>", 0}, {"<handle>", 0}, {"<brand>", 0}}};
    for (auto& one : made) one.hash = hash64(one.name);
    return made;
  }();
  return all;
}
enum : std::size_t { number_holder, money_holder, url_holder, handle_holder, brand_holder };

bool is_currency(std::string_view mark) {
  return mark == "$" || mark == "€" || mark == "£" || mark == "¥" || mark == "₹";
}

/// Marks that end what a phrase or a negation can reach. Quotes do not.
bool separates(std::string_view mark) {
  return mark != "\"" && mark != "'" && mark != "*" && mark != "_" && !is_currency(mark);
}

bool overlaps(const Span& a, std::span<const Span> others) {
  return std::ranges::any_of(others, [&](const Span& b) { return a.begin < b.end && b.begin < a.end; });
}

class Reader {
 public:
  Reader(std::string_view text, const std::vector<Token>& tokens, const Lexicon& lexicon,
         std::span<const Span> brands, Reading& out)
      : text_(text), tokens_(tokens), lexicon_(lexicon), brands_(brands), out_(out) {}

  void run() {
    out_.clear();
    cut();
    look_up();
    negate();
    weigh();
  }

 private:
  void cut();
  void add_unit(std::uint32_t token, std::uint64_t hash, bool placeholder);
  void close_clause();
  void end_sentence(ClauseEnd how);
  void look_up();
  std::uint8_t phrases(std::uint32_t at, std::uint8_t longest);
  void negate();
  void weigh();
  void weigh_contrast();
  float boost(std::uint32_t unit) const;
  const Entry* related(const Token& token) const;

  std::string_view text_;
  const std::vector<Token>& tokens_;
  const Lexicon& lexicon_;
  std::span<const Span> brands_;
  Reading& out_;
  bool joins_ = false;
  std::uint16_t sentence_ = 0;
  std::size_t caps_ = 0, cased_ = 0;
};

void Reader::add_unit(std::uint32_t token, std::uint64_t hash, bool placeholder) {
  const auto found = lexicon_.find(hash);
  if (found.entry && found.entry->contrast) close_clause();
  const auto clause = static_cast<std::uint16_t>(std::min<std::size_t>(out_.clauses.size(), 0xFFFF));
  out_.units.push_back({.hash = hash,
                        .entry = found.entry,
                        .longest = found.longest,
                        .token = token,
                        .clause = clause,
                        .sentence = sentence_,
                        .joins = joins_,
                        .placeholder = placeholder});
  if (!found.entry && !placeholder) out_.units.back().entry = related(tokens_[token]);
  joins_ = true;
}

void Reader::close_clause() {
  const auto begin = out_.clauses.empty() ? 0u : out_.clauses.back().end;
  const auto end = static_cast<std::uint32_t>(out_.units.size());
  joins_ = false;
  if (begin == end || out_.clauses.size() >= 0xFFFF) return;
  out_.clauses.push_back({.begin = begin, .end = end, .sentence = sentence_});
}

void Reader::end_sentence(ClauseEnd how) {
  close_clause();
  if (out_.clauses.empty()) return;
  // Every clause of the sentence asks when its sentence does; "why?!" asks even where "!" came last.
  for (auto i = out_.clauses.size(); i-- > 0 && out_.clauses[i].sentence == sentence_;)
    if (out_.clauses[i].ends == ClauseEnd::open) out_.clauses[i].ends = how;
  if (out_.clauses.back().sentence == sentence_ && sentence_ < 0xFFFF) ++sentence_;
}

/// Tokens to units, clauses and sentences.
void Reader::cut() {
  const auto& holders = placeholders();
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    const auto& token = tokens_[i];
    switch (token.kind) {
      case TokenKind::hashtag: continue;
      case TokenKind::punctuation: {
        switch (token.folded.front()) {  // ASCII marks are folded to one, "?!" or "..."
          case '?': end_sentence(ClauseEnd::question); break;
          case '!': end_sentence(ClauseEnd::exclaim); break;
          case '.': end_sentence(ClauseEnd::stop); break;
          case ',':
          case ';':
          case ':':
          case '-':
          case '(':
          case ')': close_clause(); break;
          default:
            if (separates(token.folded)) joins_ = false;
        }
        continue;
      }
      case TokenKind::handle:
      case TokenKind::url: {
        const bool handle = token.kind == TokenKind::handle;
        add_unit(i, holders[handle ? handle_holder : url_holder].hash, true);
        if (!handle) joins_ = false;
        continue;
      }
      case TokenKind::number: {
        const bool money =
            i > 0 && tokens_[i - 1].kind == TokenKind::punctuation && is_currency(tokens_[i - 1].folded);
        add_unit(i, holders[money ? money_holder : number_holder].hash, true);
        continue;
      }
      case TokenKind::word:
        if (token.sentence_start && !out_.units.empty()) end_sentence(ClauseEnd::stop);  // a line break
        cased_ += token.span.end - token.span.begin > 1;
        caps_ += token.all_caps;
        break;
      case TokenKind::emoji:
      case TokenKind::emoticon: break;
    }
    const bool brand = !brands_.empty() && overlaps(token.span, brands_);
    add_unit(i, brand ? holders[brand_holder].hash : token.hash, brand);
  }
  end_sentence(ClauseEnd::open);
}

/// For a word without an entry: its owner's if it is a possessive, or that of the elongated word with single
/// letters.
const Entry* Reader::related(const Token& token) const {
  if (token.base != token.hash) return lexicon_.find(token.base).entry;
  if (!token.elongated || token.folded.size() > 32) return nullptr;
  std::array<char, 32> once{};
  std::size_t size = 0;
  for (const char c : token.folded)
    if (size == 0 || once[size - 1] != c) once[size++] = c;
  return lexicon_.find(hash64({once.data(), size})).entry;
}

/// All phrases that begin at `at`; returns the words of the longest that has an opinion.
std::uint8_t Reader::phrases(std::uint32_t at, std::uint8_t longest) {
  std::array<const Entry*, Lexicon::phrase_max + 1> found{};
  auto hash = out_.units[at].hash;
  std::uint8_t words = 1;
  while (words < longest && at + words < out_.units.size() && out_.units[at + words].joins) {
    hash = join_hash(hash, out_.units[at + words].hash);
    const auto next = lexicon_.find(hash);
    found[++words] = next.entry;
    longest = next.longest;
  }
  std::uint8_t opinion = 0;
  for (; words > 1; --words) {
    if (!found[words]) continue;
    // Of overlapping phrases with an opinion the first and longest has it; the others still say what it is
    // about.
    const bool wins = found[words]->opinion && opinion == 0 && !out_.units[at].covered;
    out_.hits.push_back({.entry = found[words],
                         .unit = at,
                         .words = words,
                         .hidden = !wins && (out_.units[at].covered || opinion != 0)});
    if (wins) opinion = words;
  }
  return opinion;
}

void Reader::look_up() {
  const auto count = static_cast<std::uint32_t>(out_.units.size());
  for (std::uint32_t at = 0; at < count; ++at) {
    auto& unit = out_.units[at];
    if (unit.longest > 1 && !unit.mute) {
      const auto before = out_.hits.size();
      if (const auto words = phrases(at, unit.longest); words != 0) {
        const auto phrase =
            std::ranges::find_if(out_.hits.begin() + static_cast<std::ptrdiff_t>(before), out_.hits.end(),
                                 [&](const Hit& hit) { return hit.words == words; });
        for (std::uint32_t k = 0; k < words; ++k) {
          out_.units[at + k].covered = true;
          out_.units[at + k].mute = phrase->entry->valence >= 0;
        }
      }
    }
    if (unit.entry && !unit.mute)
      out_.hits.push_back({.entry = unit.entry, .unit = at, .hidden = unit.covered});
  }
}

void Reader::negate() {
  auto& units = out_.units;
  for (const auto& hit : out_.hits) {
    if (hit.hidden) continue;
    auto at = hit.unit + hit.words;
    // "this is not" is a phrase that leaves its negation open for what follows.
    const auto* last = units[at - 1].entry;
    const bool open_end = hit.words > 1 && hit.entry->opinion && last && last->negator;
    if (!hit.entry->negator && !open_end) continue;
    for (std::size_t reach = 0; reach < rules::negation_scope && at < units.size() && units[at].joins;
         ++reach, ++at) {
      if (units[at].entry && units[at].entry->contrast) break;
      units[at].negated = true;
    }
  }
  for (auto& hit : out_.hits) hit.negated = units[hit.unit].negated && !hit.entry->negator;
}

/// The share by which boosters before the unit strengthen it.
float Reader::boost(std::uint32_t unit) const {
  float sum = 0;
  for (std::size_t back = 0; back < rules::booster_reach && back < unit; ++back) {
    const auto at = unit - static_cast<std::uint32_t>(back) - 1;
    if (!out_.units[at + 1].joins) break;
    if (const auto* entry = out_.units[at].entry; entry && !out_.units[at].covered)
      sum += entry->booster * rules::booster_fading[back];
  }
  return sum;
}

void Reader::weigh() {
  const bool shouting = cased_ > 0 && caps_ * 2 > cased_;  // all in capitals: they stress nothing
  float trouble = 0;
  std::uint32_t wish_clause = UINT32_MAX;
  for (auto& hit : out_.hits) {
    const auto& entry = *hit.entry;
    const auto& unit = out_.units[hit.unit];
    if (entry.irrealis && !hit.hidden) wish_clause = unit.clause;
    if (entry.valence == 0 || hit.hidden) continue;
    const auto& token = tokens_[unit.token];
    auto value = entry.valence * (1 + boost(hit.unit));
    if (token.all_caps && !shouting) value *= rules::caps_factor;
    if (token.elongated) value *= rules::elongation_factor;
    if (hit.negated) value *= rules::negation_factor;
    if (wish_clause == unit.clause && !entry.irrealis)
      value *= value > 0 ? rules::irrealis_positive : rules::irrealis_negative;
    hit.valence = value;
    if (value < 0) trouble += value;
  }
  weigh_contrast();
  if (trouble > -1) return;
  for (auto& hit : out_.hits)
    if (hit.entry->polite && hit.valence > 0) hit.valence *= rules::polite_factor;
}

/// Within a sentence, what stands before its last contrast counts less and what follows counts more.
void Reader::weigh_contrast() {
  auto& hits = out_.hits;
  for (std::size_t begin = 0, end = 0; begin < hits.size(); begin = end) {
    const auto sentence = out_.units[hits[begin].unit].sentence;
    std::size_t contrast = SIZE_MAX;
    bool opinion_before = false, opinion = false;
    for (end = begin; end < hits.size() && out_.units[hits[end].unit].sentence == sentence; ++end) {
      opinion |= hits[end].valence != 0;
      if (!hits[end].entry->contrast || hits[end].hidden) continue;
      contrast = end;
      opinion_before = opinion;
    }
    if (contrast == SIZE_MAX || !opinion_before) continue;
    for (auto i = begin; i < end; ++i)
      hits[i].valence *= i < contrast ? rules::before_contrast : rules::after_contrast;
  }
}

}  // namespace

void read_tokens(std::string_view text, const std::vector<Token>& tokens, const Lexicon& lexicon,
                 std::span<const Span> brand_spans, Reading& out) {
  Reader(text, tokens, lexicon, brand_spans, out).run();
}

std::string_view unit_name(const Unit& unit, const std::vector<Token>& tokens) {
  for (const auto& holder : placeholders())
    if (unit.placeholder && unit.hash == holder.hash) return holder.name;
  return tokens[unit.token].folded;
}

}  // namespace earshot::analysis
