#include "core/base/csv.hpp"

#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto bytes = fuzz_text(data, size);
  CsvReader whole(',', 4096);
  CsvReader pieces(',', 4096);
  std::vector<CsvRow> a;
  std::vector<CsvRow> b;
  whole.push(bytes, a);
  whole.finish(a);
  for (std::size_t at = 0; at < bytes.size(); at += 3) pieces.push(bytes.substr(at, 3), b);
  pieces.finish(b);
  EARSHOT_ASSERT(a == b);
  std::size_t line = 0;
  for (const auto& row : a) {
    EARSHOT_ASSERT(row.line > line);
    line = row.line;
    std::vector<std::string_view> fields(row.fields.begin(), row.fields.end());
    CsvReader reader(',', 1 << 20);
    std::vector<CsvRow> again;
    reader.push("x," + csv_line(fields), again);
    EARSHOT_ASSERT(again.size() == 1 && again[0].fields.size() == fields.size() + 1 && !again[0].damaged);
  }
  return 0;
}
