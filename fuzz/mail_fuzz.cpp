#include "connectors/import/import_reader.hpp"
#include "connectors/mail/mail_reader.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  using namespace earshot::connectors;
  const auto bytes = fuzz_text(data, size);
  const auto now = from_ms(1'776'083'057'000);
  if (auto reading = mail::read_mail(bytes, {.now = now})) {
    EARSHOT_ASSERT(reading->mention.has_value() == reading->dropped.empty());
    Page page;
    if (reading->mention) page.mentions.push_back(std::move(*reading->mention));
    check_page(page, now);
  }
  // In one piece or in many: the same mails.
  import::ImportBatch batches[2];
  for (int way = 0; way < 2; ++way) {
    import::ImportOptions options;
    options.format = import::Format::mbox;
    options.platform = "email";
    options.now = now;
    options.line_bytes_max = 4096;
    import::ImportReader reader(std::move(options));
    const std::size_t piece = way == 0 ? bytes.size() + 1 : 5;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      reader.push(bytes.substr(at, piece), batches[way]);
    reader.finish(batches[way]);
  }
  EARSHOT_ASSERT(batches[0].errors == batches[1].errors);
  EARSHOT_ASSERT(batches[0].mentions.size() == batches[1].mentions.size());
  for (std::size_t i = 0; i < batches[0].mentions.size(); ++i)
    EARSHOT_ASSERT(batches[0].mentions[i].mention == batches[1].mentions[i].mention);
  return 0;
}
