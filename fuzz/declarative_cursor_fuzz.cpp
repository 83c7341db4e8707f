// Any bytes as a checkpoint (the first line) and as the reply to what is asked from there; the first byte
// chooses the platform. A checkpoint is refused, or leads to one request whose page has a checkpoint that is
// read again.
#include "connectors/connector.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/run_coro.hpp"

namespace {
using namespace earshot;

class Answering final : public net::HttpClient {
 public:
  explicit Answering(std::string body) : body_(std::move(body)) {}
  async::Awaitable<Result<net::HttpReply>> send(net::HttpRequest request) override {
    ++asked;
    net::HttpReply reply;
    reply.status = 200;
    reply.url = request.url;
    reply.body = body_;
    co_return reply;
  }
  int asked = 0;

 private:
  std::string body_;
};

struct Asked {
  const char *platform, *setting;
};
constexpr Asked platforms[] = {{"youtube", "videos"}, {"slack", "channels"},   {"stack_exchange", "queries"},
                               {"lemmy", "queries"},  {"discord", "channels"}, {"app_store", "apps"}};

std::unique_ptr<connectors::Connector> make(const Asked& asked) {
  const std::string_view platform = asked.platform;
  connectors::Settings settings;
  settings.set(asked.setting, {std::vector<std::string>{"1"}, "f"});
  if (platform == "youtube" || platform == "slack" || platform == "discord")
    settings.set("credential", {std::string("k"), "f"});
  auto made = connectors::find_connector(platform)->make({"fuzz", settings, {}});
  EARSHOT_ASSERT(made.has_value());
  return std::move(*made);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto connector = make(platforms[data[0] % std::size(platforms)]);
  const auto text = fuzz_text(data + 1, size - 1);
  const auto line = text.find('\n');
  const Cursor from{.schema = 1, .json = std::string(text.substr(0, line))};
  Answering http(std::string(line == std::string_view::npos ? std::string_view() : text.substr(line + 1)));
  const auto now = from_ms(1'776'083'057'000);
  const test::FakeClock clock(now);
  connectors::Context context{.http = http, .clock = clock};
  const auto stream = connector->streams().front();
  auto page = test::run_coro(connector->fetch(context, stream, from));
  EARSHOT_ASSERT(http.asked <= 1);
  if (!page) {
    EARSHOT_ASSERT(page.error().kind != ErrorKind::internal && page.error().kind != ErrorKind::corrupt);
    return 0;
  }
  EARSHOT_ASSERT(http.asked == 1 && page->cursor);
  EARSHOT_ASSERT(connectors::read_cursor(*page->cursor, 1).has_value());
  const auto cursor = page->cursor;
  check_page(std::move(*page), now);
  auto onward = test::run_coro(connector->fetch(context, stream, cursor));
  EARSHOT_ASSERT(http.asked <= 2);
  if (onward) EARSHOT_ASSERT(onward->cursor.has_value());
  return 0;
}
