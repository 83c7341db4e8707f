#pragma once
#include <optional>
#include <utility>

#include "store/decisions.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// What a label says in place of the rules.
struct Overruling {
  std::optional<Polarity> polarity = {};
  std::optional<std::uint64_t> issues = {};
};

/// Score per mille of a labelled polarity: a person is certain.
constexpr std::int64_t labelled_score(Polarity polarity) {
  return static_cast<std::int64_t>(polarity) * 1000;
}

/// Keeps people's labels and puts them over the rules' verdicts, inside the caller's transaction. The verdict
/// of a labelled mention depends on the label alone in what it labels, so that scoring again moves no number.
class LabelWriter {
 public:
  static Result<LabelWriter> prepare(Database& database);

  /// Writes a label over the verdict of its mention and brand, which must be there. The same again changes
  /// nothing.
  Status save(const Label& label);
  Result<bool> has(MentionId mention, BrandId brand);
  /// The rules' verdict returns; nothing happens where there is no label.
  Status remove(MentionId mention, BrandId brand);
  /// To be called when a verdict was written anew by the rules: remembers what they say now, puts the label
  /// over it and says what that changed. Nothing where there is no label.
  Result<std::optional<Overruling>> reapply(MentionId mention, BrandId brand);
  /// The mention was taken back by its author: notes that may quote it go too.
  Status forget_words(MentionId mention);

 private:
  Result<std::optional<Overruling>> find(MentionId mention, BrandId brand);
  Status run(Statement& statement, MentionId mention, BrandId brand);

  Statement any_, find_, save_, keep_, apply_, restore_, drop_, drop_note_;
  std::optional<bool> any_label_ = {};  ///< asked for once; false spares everybody without labels the look-up
};

}  // namespace earshot::store::sqlite
