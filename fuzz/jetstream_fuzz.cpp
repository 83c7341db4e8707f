#include "connectors/bluesky/jetstream.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"
#include "net/event_stream.hpp"

/// Each line is one message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto now = from_ms(1'776'083'057'000);
  std::vector<std::string> messages;
  net::LineSplitter lines;
  if (!lines.add(fuzz_text(data, size))) return 0;
  while (const auto line = lines.next()) messages.emplace_back(*line);
  auto events = connectors::bluesky::read_events(messages, now);
  EARSHOT_ASSERT(events.first_us <= events.last_us || events.first_us > 0);
  for (const auto& withdrawal : events.page.withdrawals)
    EARSHOT_ASSERT(withdrawal.native_id.starts_with("at://did:") || withdrawal.author_id.starts_with("did:"));
  check_page(std::move(events.page), now);
  return 0;
}
