#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/text/lexicon.hpp"
#include "analysis/text/row.hpp"
#include "analysis/text/token.hpp"

namespace earshot::analysis {

struct RuleStrengths;

/// A token that can mean something: words, numbers, faces and placeholders; marks only separate.
struct Unit {
  std::uint64_t hash = 0;        ///< what it is looked up by: the word's, or the placeholder's
  const Entry* entry = nullptr;  ///< its own, if it has one
  std::uint32_t token = 0;
  std::uint16_t clause = 0;
  std::uint16_t sentence = 0;
  std::uint8_t longest = 0;  ///< words of the longest phrase it may begin
  bool placeholder = false;  ///< <n>, <money>, <url>, <handle>, <brand>
  bool opinion = false;      ///< its entry says so; so is the next
  bool contrast = false;
  bool joins = false;  ///< nothing but space stands between it and the unit before
  bool negated = false;
  bool covered = false;  ///< part of a phrase that has an opinion of its own
  bool mute = false;     ///< facets hidden too: part of a harmless idiom such as "no problem"
};
static_assert(sizeof(Unit) == 32);

/// One lexicon entry found in the text.
struct Hit {
  const Entry* entry = nullptr;
  std::uint32_t unit = 0;
  float valence = 0;  ///< after the rules
  std::uint8_t words = 1;
  bool opinion = false;  ///< its entry says so
  bool negated = false;
  bool hidden = false;  ///< inside an opinion phrase: its class weights and valence do not count
};

enum class ClauseEnd : std::uint8_t { open, stop, question, exclaim };

struct Clause {
  std::uint32_t begin = 0, end = 0;  ///< units
  std::uint16_t sentence = 0;
  ClauseEnd ends = ClauseEnd::open;  ///< how its sentence ends
};

/// What the units' tokens look like, counted.
struct Shape {
  std::uint32_t words = 0, capitals = 0;  ///< words in all; those in capitals
  std::uint32_t kinds = 0, traits = 0;    ///< which were seen, one bit each

  void add(const Token& token) {
    words += token.kind == TokenKind::word;
    capitals += token.has(TokenTrait::all_caps);
    kinds |= 1u << static_cast<unsigned>(token.kind);
    traits |= token.traits;
  }
  bool seen(TokenKind kind) const { return (kinds >> static_cast<unsigned>(kind) & 1) != 0; }
  bool seen(TokenTrait trait) const { return (traits & trait) != 0; }
};

/// What the tokens of one text say, by one lexicon. Reused from text to text; no allocation after warm-up.
struct Reading {
  Row<Unit> units;
  Row<Hit> hits;  ///< by unit, longer phrases first
  Row<Clause> clauses;
  Shape shape;
  /// What a word's learned weight is worth: a longer text than the weights were learned from must not be
  /// surer for its length alone.
  float word_scale = 1;
  std::uint32_t exclamations = 0;  ///< "!", counted one by one
  bool ellipsis = false;
  bool asks = false;  ///< a sentence ends with a question mark

  void clear(std::size_t tokens) {
    units.clear(tokens);
    hits.clear(tokens * Lexicon::phrase_max);
    clauses.clear(tokens);
    shape = {};
    word_scale = 1;
    exclamations = 0;
    ellipsis = asks = false;
  }
};

/// Finds entries and applies the rules of position (rules.hpp). `brand_spans` are names of brands.
void read_tokens(Tokens tokens, const Lexicon& lexicon, std::span<const Span> brand_spans,
                 const RuleStrengths& rules, Reading& out);

/// The placeholder a unit stands for, or the token's folded form.
std::string_view unit_name(const Unit& unit, Tokens tokens);

}  // namespace earshot::analysis
