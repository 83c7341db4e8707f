// How many events of a Jetstream one core turns into a page; first that the page is what it must be.
#include "connectors/bluesky/jetstream.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>

using namespace earshot;

namespace {

/// Nine posts, then a deletion, again and again, as long as the posts of the network usually are.
std::vector<std::string> make_messages(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto head = R"({"did":"did:plc:eygmaihciaxprqvxpfvl6flk","time_us":)" +
                      std::to_string(1'776'083'050'000'000 + i) +
                      R"(,"kind":"commit","commit":{"rev":"3l3qo2vutsw2b","operation":")";
    const auto key =
        R"(","collection":"app.bsky.feed.post","rkey":"3l3qo2v)" + std::to_string(100'000 + i) + "\"";
    if (i % 10 == 9)
      out.push_back(head + "delete" + key + "}}");
    else
      out.push_back(
          head + "create" + key +
          R"(,"record":{"$type":"app.bsky.feed.post","createdAt":"2026-04-13T12:24:10.000Z","langs":["en"],"reply":{"parent":{"cid":"bafyreidc6sydkkbchcyg62v77wbhzvb2mvytlmsychqgwf2xojjtirmzj4","uri":"at://did:plc:wa7b35aakoll7hugkrjtf3xf/app.bsky.feed.post/3l3pte3p2e325"},"root":{"cid":"bafyreidc6sydkkbchcyg62v77wbhzvb2mvytlmsychqgwf2xojjtirmzj4","uri":"at://did:plc:wa7b35aakoll7hugkrjtf3xf/app.bsky.feed.post/3l3pte3p2e325"}},"text":"the third outage this month, and the app still says that all is well with my line )" +
          std::to_string(i) + R"("},"cid":"bafyreidc6sydkkbchcyg62v77wbhzvb2mvytlmsychqgwf2xojjtirmzj4"}})");
  }
  return out;
}

void jetstream_page(benchmark::State& state) {
  const auto messages = make_messages(1'000);
  const auto now = from_ms(1'776'083'057'000);
  const auto events = connectors::bluesky::read_events(messages, now);
  if (events.page.mentions.size() != 900 || events.page.withdrawals.size() != 100 ||
      !events.page.bad_items.empty())
    std::abort();
  std::size_t bytes = 0;
  for (const auto& message : messages) bytes += message.size();
  for (auto _ : state) benchmark::DoNotOptimize(connectors::bluesky::read_events(messages, now));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages.size()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}
BENCHMARK(jetstream_page);

}  // namespace

BENCHMARK_MAIN();
