// Any bytes as the answer of a token endpoint, with any status: tokens that can stand in a header and a life
// that fits a clock, or an error that repeats nothing of the bytes. Then the same bytes as a request to the
// listener that a browser comes back to.
#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"
#include "net/auth/jwt.hpp"
#include "net/auth/redirect.hpp"
#include "net/auth/token_reply.hpp"

namespace {

using namespace earshot;

void check_token(const Secret& token) {
  for (const char c : token.reveal()) EARSHOT_ASSERT(c > 0x20 && c < 0x7F);
}

void check(const Result<net::auth::TokenReply>& parsed) {
  if (!parsed) {
    EARSHOT_ASSERT(!parsed.error().message.empty() && parsed.error().message.size() < 120);
    EARSHOT_ASSERT(parsed.error().kind != ErrorKind::internal && parsed.error().kind != ErrorKind::corrupt);
    return;
  }
  EARSHOT_ASSERT(!parsed->access_token.empty());
  check_token(parsed->access_token);
  check_token(parsed->refresh_token);
  if (parsed->lifetime)
    EARSHOT_ASSERT(parsed->lifetime->count() >= 0 && *parsed->lifetime <= std::chrono::hours(24 * 366));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr int statuses[] = {200, 201, 302, 400, 401, 403, 429, 503};
  const auto text = fuzz_text(data, size);
  const auto now = from_ms(1'772'409'600'000);
  net::HttpReply reply;
  reply.status = statuses[size == 0 ? 0 : text.front() & 7];
  reply.body = std::string(text.substr(size == 0 ? 0 : 1));
  check(net::auth::parse_token_reply(reply, now));
  check(net::auth::parse_session_reply(reply, now));
  check(net::auth::parse_installation_reply(reply, now));
  EARSHOT_ASSERT(reply.status != 401 || net::auth::refuses_token(reply));
  EARSHOT_ASSERT(reply.status != 200 || !net::auth::refuses_token(reply));
  if (const auto lifetime = net::auth::jwt_lifetime(text, now)) EARSHOT_ASSERT(lifetime->count() >= 0);
  const auto redirect = net::auth::read_redirect(text, "the-state", 8'000);
  const bool granted = redirect.kind == net::auth::Redirect::Kind::granted;
  EARSHOT_ASSERT(granted != redirect.code.empty());
  EARSHOT_ASSERT(!granted || text.find("state") != std::string_view::npos ||
                 text.find('%') != std::string_view::npos);
  return 0;
}
