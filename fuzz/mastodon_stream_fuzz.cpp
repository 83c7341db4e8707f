#include "connectors/mastodon/mastodon_stream.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"
#include "net/event_stream.hpp"

/// Each line is one message of the WebSocket.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto now = from_ms(1'776'083'057'000);
  std::vector<connectors::mastodon::LiveEvent> events;
  net::LineSplitter lines;
  if (!lines.add(fuzz_text(data, size))) return 0;
  while (const auto line = lines.next())
    if (auto event = connectors::mastodon::read_envelope(*line)) events.push_back(std::move(*event));
  connectors::mastodon::RecentPosts recent(8);
  auto page = connectors::mastodon::read_events(events, "a.example", now, recent);
  for (const auto& withdrawal : page.withdrawals) EARSHOT_ASSERT(!withdrawal.native_id.empty());
  check_page(std::move(page), now);
  return 0;
}
