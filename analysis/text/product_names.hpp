#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/text/query_match.hpp"
#include "analysis/text/tokenizer.hpp"
#include "core/model/brand.hpp"

namespace earshot::analysis {

/// Finds the products of one brand in a mention that is known to speak of the brand.
///
/// A product's full name counts however it is written: in any case, in plural, as a possessive, in a hashtag,
/// or in one word as a hashtag or handle. Where it begins with the brand's name an alias may stand instead,
/// and what is left is its short name ("Hub" of "Fernwave Hub"), if that is capitalised as "Hub" is and no
/// other product of the brand has it. A short name is often an ordinary word. It counts as a whole hashtag,
/// or in the text, spelt with its capitals and alone: not in a longer hashtag, nor beside another capitalised
/// word ("Google Play"). Where a sentence begins, every word has a capital: there it counts only if it must
/// be a subject ("Play keeps stopping", not "Play my song") or if the mention names the product elsewhere.
/// The longest name wins: "Fernwave Hub Max" does not name the Hub.
class ProductNames {
 public:
  ProductNames(const Brand& brand, const Tokenizer& tokenizer);

  /// The products named, in the brand's order. Asks for memory only when there are any.
  std::vector<ProductMatch> find(const QuerySubject& subject) const;

 private:
  struct Word {
    std::string folded, surface;
    std::string gap;  ///< what stands between it and the word before
    std::uint64_t hash = 0;
    std::uint64_t plural = 0;  ///< of a name's last word, else 0
  };
  struct Name {
    std::size_t product = 0;
    std::vector<Word> words = {};
    bool is_short = false;
  };
  /// Where a name stands: words [first, end).
  struct Found {
    const Name* name = nullptr;
    std::size_t first = 0, end = 0;
    bool certain = true;  ///< else the product must be named elsewhere too
  };
  using Index = std::unordered_map<std::uint64_t, std::vector<std::size_t>>;

  static std::vector<Word> words_of(const std::string& name, const Tokenizer& tokenizer);
  void add(std::size_t product, std::vector<Word> words, bool is_short);
  void find_at(const QuerySubject& subject, std::size_t at, std::vector<Found>& found) const;
  static bool is_written(const Name& name, const QuerySubject& subject, std::size_t at);
  static bool stands_alone(const QuerySubject& subject, Found& found);

  std::vector<std::string> products_;
  std::vector<Name> names_;
  Index by_first_word_, by_joined_words_;
};

}  // namespace earshot::analysis
