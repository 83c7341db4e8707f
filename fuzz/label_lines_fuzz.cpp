// Any bytes as a line of labels: a label that makes sense and survives being written and read again, or a
// mistake.
#include <algorithm>

#include "core/base/assert.hpp"
#include "core/base/utf8.hpp"
#include "daemon/label_lines.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  using namespace earshot::daemon;
  const IssueNames names = {{0, "outage"}, {12, "billing"}, {33, "roaming"}};
  const auto line = read_label_line(fuzz_text(data, size), names);
  if (!line) {
    EARSHOT_ASSERT(line.error().kind == ErrorKind::malformed && !line.error().message.empty());
    return 0;
  }
  const auto& label = line->label;
  EARSHOT_ASSERT(label.mention.value > 0 && (label.polarity || label.issues));
  EARSHOT_ASSERT(label.polarity != Polarity::unscored && utf8::is_valid(label.by));
  store::LabelRow row{.mention = label.mention,
                      .polarity = label.polarity,
                      .note = label.note.value_or(""),
                      .by = label.by,
                      .at = label.at};
  if (label.issues) {
    row.issues = 0;
    for (const auto bit : *label.issues) *row.issues |= std::uint64_t{1} << bit;
    if (!label.issues->empty()) row.top_issue = label.issues->front();
  }
  JsonWriter out;
  write_label_line(out, row, {}, line->brand, names);
  const auto again = read_label_line(out.str(), names);
  EARSHOT_ASSERT(again || label.by.size() + row.note.size() + line->brand.size() > 8'000);
  if (!again) return 0;
  EARSHOT_ASSERT(again->label.mention == label.mention && again->label.polarity == label.polarity);
  EARSHOT_ASSERT(again->label.issues.has_value() == label.issues.has_value());
  if (label.issues) EARSHOT_ASSERT(std::ranges::is_permutation(*again->label.issues, *label.issues));
  EARSHOT_ASSERT(again->label.by == label.by && again->brand == line->brand);
  return 0;
}
