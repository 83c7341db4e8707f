// Any bytes as the answer of a platform that was asked for mentions again; the first byte chooses which.
// Nobody is both there and gone, and nobody is called gone who was not asked for.
#include <algorithm>
#include <set>

#include "connectors/connector.hpp"
#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/run_coro.hpp"

namespace {
using namespace earshot;

class Answering final : public net::HttpClient {
 public:
  Answering(int status, std::string body) : status_(status), body_(std::move(body)) {}
  async::Awaitable<Result<net::HttpReply>> send(net::HttpRequest request) override {
    net::HttpReply reply;
    reply.status = status_;
    reply.url = request.url;
    reply.body = body_;
    co_return reply;
  }

 private:
  int status_;
  std::string body_;
};

struct Asked {
  const char *platform, *setting, *first, *second, *extra;
};
constexpr Asked platforms[] = {
    {"mastodon", "tags", "https://mastodon.social/statuses/7", "", ""},
    {"bluesky", "queries", "at://did:plc:a/app.bsky.feed.post/3l3qo2vuowo2a",
     "at://did:plc:b/app.bsky.feed.post/3l3qo2vuowo2b", ""},
    {"hacker_news", "queries", "42", "", ""},
    {"x", "queries", "1801000000000000001", "1801000000000000002", "hydrate_paid"},
    {"reddit", "queries", "t3_a", "t1_b", ""},
    {"youtube", "videos", "Ugx", "Ugx.r", ""},
    {"stack_exchange", "queries", "stackoverflow:7", "stackoverflow:8", ""},
    {"github", "repositories", "https://api.github.com/repos/o/r/issues/5", "", ""},
    {"discourse", "", "https://f.example/p/9", "", ""},
};
constexpr int statuses[] = {200, 404, 410, 429};

std::unique_ptr<connectors::Connector> make(const Asked& asked) {
  connectors::Settings settings;
  const std::string platform = asked.platform;
  if (*asked.setting != '\0')
    settings.set(asked.setting, {std::vector<std::string>{platform == "github" ? "o/r" : "a"}, "f"});
  if (*asked.extra != '\0') settings.set(asked.extra, {true, "f"});
  if (platform == "discourse") settings.set("base", {std::string("https://f.example"), "f"});
  if (platform == "x" || platform == "reddit" || platform == "youtube")
    settings.set("credential", {std::string("k"), "f"});
  auto made = connectors::find_connector(platform)->make({"fuzz", settings, {}});
  EARSHOT_ASSERT(made.has_value());
  return std::move(*made);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& asked = platforms[data[0] % std::size(platforms)];
  const int status = statuses[data[0] / std::size(platforms) % std::size(statuses)];
  const auto connector = make(asked);
  std::vector<connectors::KeptMention> mentions;
  for (const auto* id : {asked.first, asked.second})
    if (*id != '\0')
      mentions.push_back({.id = MentionId{static_cast<std::int64_t>(mentions.size()) + 1}, .native_id = id});
  EARSHOT_ASSERT(mentions.size() <= connector->hydrate_batch());
  Answering http(status, std::string(fuzz_text(data + 1, size - 1)));
  const test::FakeClock clock(from_ms(1'776'083'057'000));
  connectors::Context context{.http = http, .clock = clock};
  const auto answer = test::run_coro(connector->hydrate(context, mentions));
  if (!answer) return 0;
  std::set<MentionId> gone;
  for (const auto id : answer->gone) EARSHOT_ASSERT(id.value >= 1 && id.value <= 2 && gone.insert(id).second);
  for (const auto& mention : answer->page.mentions) {
    const auto found = std::ranges::find(mentions, mention.native_id, &connectors::KeptMention::native_id);
    EARSHOT_ASSERT(found != mentions.end() && !gone.contains(found->id) && !mention.deleted);
  }
  return 0;
}
