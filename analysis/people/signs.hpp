#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/text/tokenizer.hpp"

namespace earshot::analysis {

/// What a post gives away of its writer, or of what happened, by set phrases
/// (analysis/data/people_signs.tsv).
enum class Sign : std::uint8_t {
  customer,       ///< "my bill", "since I switched to you"
  staff,          ///< "I work for Fernwave"
  employer,       ///< "works at Fernwave", which says something in a display name only
  affiliate,      ///< "use my code"
  referral,       ///< "you should try Fernwave"
  switched_from,  ///< "switched from Quillnet": a competitor's customer came
  switched_to,    ///< "left for Quillnet"
  correction,     ///< "that's not true", "works fine here": said to somebody who complains
  settled,        ///< "sorted", "works again"
  refers_back,    ///< "update on my rant", "I take back every word"
  commitment,     ///< "we'll call you", of the brand's own replies
  because,        ///< a word that introduces a reason
};
inline constexpr std::size_t sign_count = 12;
std::string_view to_string(Sign sign);

struct SignHit {
  Sign sign = Sign::customer;
  Span span = {};  ///< bytes of the text
  bool operator==(const SignHit&) const = default;
};

/// The set phrases, with the names of one brand and of its competitors filled in. Built once per job; one
/// thread at a time, as it keeps a buffer of tokens. Linear in the text.
class SignReader {
 public:
  /// Names as people write them, in any case, without '@' or '#'.
  SignReader(const std::vector<std::string>& brand, const std::vector<std::string>& competitors);

  /// In the order of the text, at most one of a kind at one place.
  std::vector<SignHit> read(std::string_view text);
  /// The tokens of the text read last; valid until the next.
  Tokens tokens() const { return tokens_.tokens(); }

 private:
  struct Part {
    enum class Kind : std::uint8_t { word, optional, gap, brand, other, number } kind = Kind::word;
    std::vector<std::uint64_t> words = {};  ///< hashes of the words that fit
  };
  struct Pattern {
    Sign sign = Sign::customer;
    std::vector<Part> parts = {};
  };
  using Name = std::vector<std::uint64_t>;

  void add(std::string_view sign, std::string_view words);
  std::vector<Name> names_of(const std::vector<std::string>& names);
  /// Where a match of the parts from `part` on, beginning at token `at`, ends; 0: there is none.
  std::size_t match(const Pattern& pattern, std::size_t part, std::size_t at) const;
  std::size_t match_name(const std::vector<Name>& names, std::size_t at) const;
  std::size_t skip_tags(std::size_t at) const;

  Tokenizer tokenizer_;
  TokenBuffer tokens_;
  std::vector<Pattern> patterns_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_first_word_;
  std::vector<std::uint32_t> by_name_;  ///< patterns that begin with a name
  std::vector<Name> brand_, other_;
};

/// The reason that a text gives: the words behind its first "because", up to the end of the clause; nothing
/// where it gives none. `hits` are of that text.
std::optional<Span> reason_of(std::string_view text, const std::vector<SignHit>& hits);

}  // namespace earshot::analysis
