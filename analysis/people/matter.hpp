#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/content/terms.hpp"
#include "analysis/text/token.hpp"

namespace earshot::analysis {

/// How often words occur in a brand's history, roughly and in little memory: different words may share a
/// counter, which only makes them look more common.
class WordCounts {
 public:
  WordCounts() : counts_(size) {}
  /// The counters that are not 0, with their places: what one day adds to others.
  struct Tally {
    std::int64_t texts = 0;
    std::vector<std::pair<std::uint16_t, std::uint32_t>> counts = {};
  };

  void add(Tokens tokens);
  void add(const Tally& tally);
  Tally tally() const;
  std::int64_t texts() const { return texts_; }
  /// In less than one of fifty texts, or in fewer than five; by word_hash of the folded word.
  bool is_rare(std::uint64_t word) const;

 private:
  static constexpr std::size_t size = 1U << 16U;
  std::vector<std::uint32_t> counts_;
  std::int64_t texts_ = 0;
};

/// What one text speaks of, in numbers that may be kept where words may not.
struct MatterWords {
  std::vector<std::uint64_t> keys = {}, words = {};  ///< hashes of its terms, and of their folded spelling
  std::vector<std::uint64_t> signers = {};           ///< word_hash of each name it is signed with
};
MatterWords matter_words(std::string_view text, TermReader& terms);

/// Whether two posts share an issue type (bit masks over IssueType); praise and other are none.
bool same_issue(std::uint64_t issues, std::uint64_t others);

/// Whether a happy post shares a rare word with earlier complaints or the brand's replies, or calls one of
/// the names with which these are signed.
bool same_words(const MatterWords& happy, std::span<const MatterWords* const> complaints,
                std::span<const MatterWords* const> replies, const WordCounts& counts);

/// The names with which a reply is signed, case folded: of "… ^Noor, Fernwave" noor.
std::vector<std::string> signers(std::string_view reply);

}  // namespace earshot::analysis
