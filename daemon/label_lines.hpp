#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.hpp"
#include "core/base/result.hpp"
#include "store/rows.hpp"

/// Labels as lines of JSON, for carrying them to another database and for `earshot train`.
namespace earshot::daemon {

using IssueNames = std::vector<std::pair<std::uint8_t, std::string>>;

/// The bit of an issue type by its name, the company's own included.
std::optional<std::uint8_t> issue_bit(const IssueNames& names, std::string_view name);
/// The name of a bit; "own_33" where it has none.
std::string issue_name(const IssueNames& names, std::uint8_t bit);

/// A line as it was read. The brand is a name: only a database knows its number.
struct LabelLine {
  store::Label label = {};
  std::string brand = {};  ///< empty: the line names none
};

/// One line {"id", "brand"?, "label"?, "issues"? [], "own_issues"? [], "note"?, "by"?, "at"?} of at most 64
/// KB. "id" is a string or a number, "polarity" another word for "label"; other keys are left alone. Fails
/// with `malformed`, saying what is missing or wrong.
Result<LabelLine> read_label_line(std::string_view line, const IssueNames& names);

/// The same line from a label and its mention, with "text" as it was judged, "lang", "platform", "source",
/// "native_id" and "url" beside it. Own issue types stand apart, because others cannot know them.
void write_label_line(JsonWriter& out, const store::LabelRow& label, const store::MentionRow& mention,
                      const std::string& brand, const IssueNames& names);

}  // namespace earshot::daemon
