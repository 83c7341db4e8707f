#include "analysis/text/reading.hpp"

#include <algorithm>
#include <array>

#include "analysis/text/far_rules.hpp"

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
    for (auto& one : made) one.hash = word_hash(one.name);
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

/// One pass over the tokens cuts them into units and clauses, one over the units finds phrases and applies
/// the rules, each to what stands before.
class Reader {
 public:
  Reader(Tokens tokens, const Lexicon& lexicon, std::span<const Span> brands, const RuleStrengths& rules,
         Reading& out)
      : tokens_(tokens), lexicon_(lexicon), brands_(brands), rules_(rules), out_(out) {}

  void run() {
    out_.clear(tokens_.size());
    for (const auto& token : tokens_) lexicon_.prefetch(token.hash);
    cut();
    look_up();
    if (contrast_) weigh_contrast(rules_, out_);
    if (advertises_) weigh_praise(rules_.advertised, out_);
  }

 private:
  void cut();
  void add_unit(std::uint32_t token, std::uint64_t hash, bool placeholder);
  void mark(const Token& token);
  void close_clause();
  void end_sentence(ClauseEnd how);
  void look_up();
  void phrases(std::uint32_t at, std::uint8_t longest);
  void add_hit(const Entry* entry, std::uint32_t unit, std::uint8_t words, bool opinion, bool hidden) {
    auto& hit = out_.hits.add();
    hit.entry = entry;
    hit.unit = unit;
    hit.valence = 0;
    hit.words = words;
    hit.opinion = opinion;
    hit.negated = false;
    hit.hidden = hidden;
  }
  void negate(const Hit& hit);
  void weigh(Hit& hit);
  float boost(std::uint32_t unit) const;
  const Entry* related(const Token& token) const;

  Tokens tokens_;
  const Lexicon& lexicon_;
  std::span<const Span> brands_;
  const RuleStrengths& rules_;
  Reading& out_;
  bool joins_ = false;
  bool shouting_ = false;  ///< mostly in capitals: they stress nothing
  bool contrast_ = false, advertises_ = false;
  std::uint16_t sentence_ = 0;
  std::uint32_t wish_clause_ = UINT32_MAX;
};

inline void Reader::add_unit(std::uint32_t token, std::uint64_t hash, bool placeholder) {
  const auto found = lexicon_.find(hash);
  __builtin_prefetch(found.entry);
  const bool contrast = found.contrast && rules_.contrast;
  if (contrast) close_clause();
  if (joins_) {
    // Whether a phrase may go on here is known now, so its slot can be on its way before it is needed.
    auto& before = out_.units.back();
    const auto pair = join_hash(before.hash, hash);
    if (before.longest > 1 && lexicon_.may_be_phrase(pair))
      lexicon_.prefetch_phrase(pair);
    else
      before.longest = 0;
  } else if (!out_.units.empty()) {
    out_.units.back().longest = 0;
  }
  auto& unit = out_.units.add();
  unit.hash = hash;
  unit.entry = found.entry;
  unit.token = token;
  unit.clause = static_cast<std::uint16_t>(out_.clauses.size());
  unit.sentence = sentence_;
  unit.longest = found.longest;
  unit.placeholder = placeholder;
  unit.opinion = found.opinion;
  unit.contrast = contrast;
  unit.joins = joins_;
  unit.negated = unit.covered = unit.mute = false;
  if (!found.entry && !placeholder) {
    unit.entry = related(tokens_.data()[token]);
    unit.opinion = unit.entry && unit.entry->opinion;
  }
  joins_ = true;
}

void Reader::close_clause() {
  const auto begin = out_.clauses.empty() ? 0u : out_.clauses.back().end;
  const auto end = static_cast<std::uint32_t>(out_.units.size());
  joins_ = false;
  if (begin == end || out_.clauses.size() >= 0xFFFF) return;
  out_.clauses.add() = {.begin = begin, .end = end, .sentence = sentence_};
}

void Reader::end_sentence(ClauseEnd how) {
  close_clause();
  if (out_.clauses.empty()) return;
  // Every clause of the sentence asks when its sentence does; "why?!" asks even where "!" came last.
  for (auto i = out_.clauses.size(); i-- > 0 && out_.clauses[i].sentence == sentence_;)
    if (out_.clauses[i].ends == ClauseEnd::open) {
      out_.clauses[i].ends = how;
      out_.asks |= how == ClauseEnd::question;
    }
  if (out_.clauses.back().sentence == sentence_ && sentence_ < 0xFFFF) ++sentence_;
}

/// ASCII marks are folded to one, "?!" or "...".
void Reader::mark(const Token& token) {
  switch (token.folded.front()) {
    case '?':
      if (token.folded.size() > 1) out_.exclamations += token.span.end - token.span.begin;
      end_sentence(ClauseEnd::question);
      break;
    case '!':
      out_.exclamations += token.span.end - token.span.begin;
      end_sentence(ClauseEnd::exclaim);
      break;
    case '.':
      out_.ellipsis |= token.folded.size() > 1;
      end_sentence(ClauseEnd::stop);
      break;
    case ',':
    case ';':
    case ':':
    case '-':
    case '(':
    case ')': close_clause(); break;
    default:
      if (separates(token.folded)) joins_ = false;
  }
}

/// Tokens to units, clauses and sentences.
void Reader::cut() {
  const auto& holders = placeholders();
  std::size_t cased = 0, hashtags = 0, links = 0;
  Shape shape;
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    const auto& token = tokens_.data()[i];
    auto hash = token.hash;
    bool placeholder = true;
    switch (token.kind) {
      case TokenKind::hashtag: ++hashtags; continue;
      case TokenKind::punctuation: mark(token); continue;
      case TokenKind::handle:
        placeholder = rules_.placeholders;
        if (placeholder) hash = holders[handle_holder].hash;
        break;
      case TokenKind::url:
        ++links;
        placeholder = rules_.placeholders;
        if (placeholder) hash = holders[url_holder].hash;
        break;
      case TokenKind::number: {
        const bool money =
            i > 0 && tokens_[i - 1].kind == TokenKind::punctuation && is_currency(tokens_[i - 1].folded);
        hash = holders[money ? money_holder : number_holder].hash;
        break;
      }
      case TokenKind::word:
        if (token.has(TokenTrait::sentence_start) && !out_.units.empty())
          end_sentence(ClauseEnd::stop);  // a line break
        cased += token.span.end - token.span.begin > 1;
        [[fallthrough]];
      case TokenKind::emoji:
      case TokenKind::emoticon:
        placeholder = !brands_.empty() && rules_.placeholders && overlaps(token.span, brands_);
        if (placeholder) hash = holders[brand_holder].hash;
    }
    add_unit(i, hash, placeholder);
    if (token.kind == TokenKind::url) joins_ = false;
    shape.add(token);
  }
  end_sentence(ClauseEnd::open);
  advertises_ = links > 0 && hashtags >= rules_.advertising_hashtags_min;
  out_.shape = shape;
  const auto count = static_cast<float>(out_.units.size());
  if (count > rules_.words_full_weight) out_.word_scale = rules_.words_full_weight / count;
  shouting_ = cased > 0 && shape.capitals * 2 > cased;
}

/// For a word without an entry: its owner's if it is a possessive, that of the elongated word with single
/// letters, or that of its stem.
const Entry* Reader::related(const Token& token) const {
  if (token.kind != TokenKind::word) return nullptr;
  if (token.has(TokenTrait::possessive))
    if (const auto* owner = lexicon_.find(token.base_hash()).entry; owner && !owner->aside) return owner;
  if (token.has(TokenTrait::elongated) && token.folded.size() <= 32) {
    std::array<char, 32> once{};
    std::size_t size = 0;
    for (const char c : token.folded)
      if (size == 0 || once[size - 1] != c) once[size++] = c;
    if (const auto* plain = lexicon_.find(word_hash({once.data(), size})).entry; plain && !plain->aside)
      return plain;
  }
  return lexicon_.find_stem(token.folded);
}

/// All phrases that begin at `at`; the longest that has an opinion covers its words.
void Reader::phrases(std::uint32_t at, std::uint8_t longest) {
  auto* const units = out_.units.data();
  const auto count = out_.units.size();
  Lexicon::Found found[Lexicon::phrase_max + 1];
  auto hash = units[at].hash;
  std::uint8_t words = 1, most = 1;
  while (words < longest && at + words < count && units[at + words].joins) {
    hash = join_hash(hash, units[at + words].hash);
    if (words > 1 && !lexicon_.may_be_phrase(hash)) break;
    const auto next = lexicon_.find_phrase(hash);
    found[++words] = next;
    longest = next.longest;
    if (!next.entry) continue;
    __builtin_prefetch(next.entry);
    most = words;
  }
  bool opinion = false;
  for (words = most; words > 1; --words) {
    if (!found[words].entry) continue;
    // Of overlapping phrases with an opinion the first and longest has it; the others still say what it is
    // about.
    const bool wins = found[words].opinion && !opinion && !units[at].covered;
    add_hit(found[words].entry, at, words, found[words].opinion, !wins && (units[at].covered || opinion));
    if (!wins || !rules_.phrases) continue;
    opinion = true;
    // "no problem" takes its words' trouble back; "highly recommend" takes nothing back.
    const auto turned = [](const Unit& unit) {
      return unit.entry && (unit.entry->negator || unit.entry->valence < 0);
    };
    const bool mute = found[words].harmless && std::any_of(units + at, units + at + words, turned);
    for (std::uint32_t k = 0; k < words; ++k) {
      units[at + k].covered = true;
      units[at + k].mute = mute;
    }
  }
}

/// Hits first, their rules after: by then the entries are near.
void Reader::look_up() {
  auto* const units = out_.units.data();
  const auto count = static_cast<std::uint32_t>(out_.units.size());
  for (std::uint32_t at = 0; at < count; ++at) {
    const auto& unit = units[at];
    if (unit.mute) continue;
    if (unit.longest > 1) phrases(at, unit.longest);
    if (unit.entry && !unit.mute) add_hit(unit.entry, at, 1, unit.opinion, unit.covered);
  }
  for (auto& hit : out_.hits) {
    hit.negated = units[hit.unit].negated;
    if (!hit.opinion) continue;  // nearly all
    if (hit.entry->negator) hit.negated = false;
    if (hit.hidden) continue;
    weigh(hit);
    negate(hit);
  }
}

/// Marks what a negator, or a phrase that ends in one ("this is not"), turns.
void Reader::negate(const Hit& hit) {
  auto& units = out_.units;
  std::size_t at = hit.unit + hit.words;
  if (!hit.entry->negator) {
    if (hit.words == 1) return;
    const auto* last = units[at - 1].entry;
    if (!last || !last->negator) return;
  }
  for (std::size_t reach = 0; reach < rules_.negation_scope && at < units.size() && units[at].joins;
       ++reach, ++at) {
    if (units[at].contrast) break;
    units[at].negated = true;
  }
}

/// The share by which boosters before the unit strengthen it.
float Reader::boost(std::uint32_t unit) const {
  float sum = 0;
  for (std::size_t back = 0; back < rules_.booster_reach && back < unit; ++back) {
    const auto at = unit - static_cast<std::uint32_t>(back) - 1;
    if (!out_.units[at + 1].joins) break;
    if (const auto* entry = out_.units[at].entry; entry && entry->booster != 0 && !out_.units[at].covered)
      sum += static_cast<float>(entry->booster) * hundredth * rules::booster_fading[back];
  }
  return sum;
}

void Reader::weigh(Hit& hit) {
  const auto& entry = *hit.entry;
  const auto& unit = out_.units[hit.unit];
  contrast_ |= entry.contrast;
  if (entry.irrealis) wish_clause_ = unit.clause;
  if (entry.valence == 0) return;
  const auto& token = tokens_.data()[unit.token];
  auto value = static_cast<float>(entry.valence) * hundredth * (1 + boost(hit.unit));
  if (token.has(TokenTrait::all_caps) && !shouting_) value *= rules_.caps;
  if (hit.negated) value *= rules::negation_factor;
  if (wish_clause_ == unit.clause && !entry.irrealis)
    value *= value > 0 ? rules_.irrealis_positive : rules_.irrealis_negative;
  hit.valence = value;
}

}  // namespace

void read_tokens(Tokens tokens, const Lexicon& lexicon, std::span<const Span> brand_spans,
                 const RuleStrengths& rules, Reading& out) {
  Reader(tokens, lexicon, brand_spans, rules, out).run();
}

std::string_view unit_name(const Unit& unit, Tokens tokens) {
  for (const auto& holder : placeholders())
    if (unit.placeholder && unit.hash == holder.hash) return holder.name;
  return tokens[unit.token].folded;
}

}  // namespace earshot::analysis
