#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/token.hpp"

namespace earshot::analysis {

class Tokenizer;

/// Says which language a text is in: by its script, by words that are typical of one language, by the
/// platform's tag as one more piece of evidence, and only where that leaves doubt by CLD2's statistics.
/// Restricted to the configured languages when there are any.
class LanguageIdentifier {
 public:
  /// Languages are BCP 47 primary tags; empty: all.
  LanguageIdentifier(std::span<const std::string> languages, const Tokenizer& tokenizer);

  /// A primary tag, or "und" where nothing can be said (no letters, or too little).
  std::string_view identify(std::string_view text, const TokenBuffer& tokens, std::string_view hint) const;

 private:
  static constexpr std::size_t languages_max = 32;
  /// What the words say for each language with word evidence; of those not allowed, minus infinity.
  using Sums = std::array<float, languages_max>;
  struct Slot {
    std::uint32_t tag = 0;    ///< upper half of the word's hash
    std::uint16_t first = 0;  ///< into weights_
    std::uint16_t count = 0;  ///< 0: empty
  };
  struct Weight {
    std::uint32_t language = 0;
    float weight = 0;
  };
  /// The two or three letters of a tag in one number, so that tags are compared at once; 0: no such tag.
  static std::uint32_t code_of(std::string_view tag);
  void fill(const std::map<std::uint64_t, std::vector<Weight>>& words);
  bool allowed(std::string_view tag) const;
  std::string_view by_script(std::string_view text) const;
  std::string_view by_cld2(std::string_view text, std::string_view hint) const;
  std::size_t number_of(std::string_view tag) const;
  std::size_t add_words(const TokenBuffer& buffer, Sums& sums) const;

  std::vector<std::string> allowed_;
  std::vector<std::string> names_;                    ///< languages with word evidence
  std::array<std::uint32_t, languages_max> codes_{};  ///< of names_
  Sums start_{};                                      ///< before any word
  std::vector<Slot> slots_;
  std::uint64_t mask_ = 0;
  std::vector<Weight> weights_;
};

}  // namespace earshot::analysis
