#pragma once
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "analysis/text/lexicon.hpp"
#include "core/base/result.hpp"

namespace earshot::analysis::training {

/// Learned weights of one name, in logits.
struct ShippedLine {
  std::array<double, 3> polarity{};
  std::array<double, topic_count> topics{};
};

/// The learned lines this program ships for one language, by the names that training uses ("good",
/// "not:good", "deliv*", "<bias>"): where learning from somebody's own labels sets out. What is said in doubt
/// ("<lean>") is part of "<bias>" here, since a reading adds both.
class ShippedWeights {
 public:
  /// Empty where nothing is shipped for the language. Fails with `internal` on a damaged file.
  static Result<ShippedWeights> read(std::string_view lang);

  /// Nothing is known of a name: zeros.
  const ShippedLine& line(std::string_view name) const {
    const auto found = lines_.find(name);
    return found == lines_.end() ? none_ : found->second;
  }
  /// What must be taken from a weight of "<bias>" before it is written as a line again.
  const ShippedLine& lean() const { return lean_; }

 private:
  std::map<std::string, ShippedLine, std::less<>> lines_;
  ShippedLine none_, lean_;
};

}  // namespace earshot::analysis::training
