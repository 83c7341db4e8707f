// Any bytes as the headers of a reply, one a line: waits that fit a clock, rate budgets that have no more
// left than they hold, and a next page that stands in the header.
#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "fuzz/fuzz_input.hpp"
#include "net/classify.hpp"
#include "net/link_header.hpp"
#include "net/quota_watch.hpp"
#include "net/retry_after.hpp"
#include "tests/support/fake_clock.hpp"

namespace {

using namespace earshot;

class Nobody final : public net::HttpClient {
 public:
  async::Awaitable<Result<net::HttpReply>> send(net::HttpRequest) override {
    co_return unexpected(ErrorKind::unreachable, "nobody is asked");
  }
};

void check_wait(const std::optional<std::chrono::milliseconds>& wait) {
  if (wait) EARSHOT_ASSERT(wait->count() >= 0 && *wait <= net::wait_max);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz_text(data, size);
  const auto now = from_ms(1'776'083'057'000);
  net::HttpReply reply;
  reply.url = "https://a.example/list";
  for (const auto line : split(text, '\n')) {
    const auto colon = line.find(':');
    const auto value = colon == std::string_view::npos ? std::string_view() : trim(line.substr(colon + 1));
    reply.headers.add(std::string(line.substr(0, colon)), std::string(value));
    check_wait(net::parse_retry_after(value, now));
  }
  check_wait(net::requested_wait(reply.headers, now));
  for (const int status : {200, 304, 401, 403, 404, 429, 503}) {
    reply.status = status;
    const auto trouble = net::classify(reply, now);
    EARSHOT_ASSERT((status < 400) == !trouble.has_value());
    if (trouble) check_wait(trouble->retry_after);
  }
  if (const auto target = net::link_target(reply, "next"))
    EARSHOT_ASSERT(text.find(*target) != std::string_view::npos);
  Nobody nobody;
  const test::FakeClock clock(now);
  net::QuotaWatch watch(nobody, clock);
  watch.learn("a", reply.headers);
  if (const auto quota = watch.scarcest()) {
    EARSHOT_ASSERT(quota->remaining >= 0);
    EARSHOT_ASSERT(!quota->limit || *quota->limit >= 0);
  }
  return 0;
}
