#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/facet.hpp"
#include "core/base/result.hpp"

/// The one format of every word list: tab-separated text that people read and edit.
///
///     # earshot lexicon
///     # version: 3
///     # language: en            ('*' for every language)
///     # licence: CC0-1.0
///     # source: written for earshot
///     term <TAB> valence <TAB> negative <TAB> neutral <TAB> positive <TAB> key=value key=value …
///
/// '-' leaves a column unsaid; columns at the end may be missing. A term is one to four words as a person
/// would write them; "not:good" is the word inside a negation; <n>, <money>, <url>, <handle>, <brand> stand
/// for what they name; other <names> are the model's features. Keys: booster, negator, contrast, irrealis,
/// comparative, leaving, question, urgency, severity, reason, issue:TYPE, intent:NAME, emotion:NAME,
/// group:NAME; issue_logit:TYPE and intent_logit:NAME are learned. "deliver*" is a stem: it speaks for words
/// that begin so and say nothing themselves. A later line, or a later layer, replaces what it says again;
/// hundredths count.
namespace earshot::analysis {

struct Setting {
  Facet facet = Facet::valence;
  std::uint8_t id = 0;
  float value = 0;
};

struct LexiconLine {
  std::string_view term;  ///< without "not:"; points into the file's text
  bool negated = false;
  std::uint32_t number = 0;
  std::vector<Setting> settings;
};

struct LexiconFile {
  std::string name;
  std::uint32_t version = 0;
  std::string language;      ///< "*": all
  bool topics_only = false;  ///< header "# topics only": its lines never speak for sentiment
  std::vector<LexiconLine> lines;
};

/// Fails with `invalid`, naming file, line and column of the first mistake. `text` must outlive the result.
Result<LexiconFile> parse_lexicon(std::string_view name, std::string_view text);

}  // namespace earshot::analysis
