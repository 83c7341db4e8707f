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
  /// In less than one of fifty texts, or in fewer than five.
  bool is_rare(std::string_view folded_word) const;

 private:
  static constexpr std::size_t size = 1U << 16U;
  std::vector<std::uint32_t> counts_;
  std::int64_t texts_ = 0;
};

/// One text with its issue types (bit mask over IssueType).
struct MatterText {
  std::string_view text = {};
  std::uint64_t issues = 0;
};

/// Whether a happy post speaks of the matter of earlier complaints: it shares an issue type of theirs (praise
/// and other are none), a rare word of theirs or of the brand's replies, or a name with which a reply was
/// signed; or it refers back to them (`refers_back`: "I take back every word").
bool same_matter(const MatterText& happy, std::span<const MatterText> complaints,
                 std::span<const std::string_view> replies, bool refers_back, TermReader& terms,
                 const WordCounts& counts);

/// The names with which a reply is signed, case folded: of "… ^Noor, Fernwave" noor.
std::vector<std::string> signers(std::string_view reply);

}  // namespace earshot::analysis
