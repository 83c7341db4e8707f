#include "connectors/import/import_reader.hpp"

#include "core/base/assert.hpp"
#include "core/base/utf8.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  using namespace earshot::connectors::import;
  const auto bytes = fuzz_text(data, size);
  for (const auto format : {Format::ndjson, Format::csv}) {
    ImportBatch batches[2];
    for (int way = 0; way < 2; ++way) {
      ImportOptions options;
      options.format = format;
      options.platform = "x";
      options.now = from_ms(1'776'083'057'000);
      options.line_bytes_max = 4096;
      ImportReader reader(std::move(options));
      const std::size_t piece = way == 0 ? bytes.size() + 1 : 5;
      for (std::size_t at = 0; at < bytes.size(); at += piece) reader.push(bytes.substr(at, piece), batches[way]);
      reader.finish(batches[way]);
    }
    EARSHOT_ASSERT(batches[0].errors == batches[1].errors);
    EARSHOT_ASSERT(batches[0].mentions.size() == batches[1].mentions.size());
    for (std::size_t i = 0; i < batches[0].mentions.size(); ++i) {
      const auto& mention = batches[0].mentions[i].mention;
      EARSHOT_ASSERT(mention == batches[1].mentions[i].mention);
      EARSHOT_ASSERT(utf8::is_valid(mention.text) && !mention.native_id.empty());
    }
  }
  return 0;
}
