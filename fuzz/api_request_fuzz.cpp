// Any bytes as the parts of a request, one a line: target, host, origin, content type, authorization, cookie,
// then the body. Whatever they are, the rules of access and the router give an answer, and nobody without a
// token gets in.
#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "daemon/api/access.hpp"
#include "daemon/api/router.hpp"
#include "fuzz/fuzz_input.hpp"

namespace {

using namespace earshot;

api::Request request_of(std::string_view input) {
  std::vector<std::string> lines;
  for (int i = 0; i < 6; ++i) {
    const auto end = input.find('\n');
    lines.emplace_back(input.substr(0, end));
    input = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  }
  const std::string_view target = lines[0];
  const auto mark = target.find('?');
  api::Request out{.method = target.size() % 2 == 0 ? "GET" : "POST",
                   .path = percent_decode(target.substr(0, mark))};
  if (mark != std::string_view::npos) out.query = parse_query(target.substr(mark + 1));
  out.host = lines[1];
  out.origin = lines[2];
  out.content_type = lines[3];
  out.authorization = lines[4];
  out.cookie = lines[5];
  out.body = input;
  out.peer = "192.0.2.1";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = request_of(fuzz_text(data, size));
  static const SystemClock clock;
  daemon::HttpConfig config;
  api::Access open(config, clock);
  config.tokens.push_back({.name = "t", .scopes = daemon::every_scope, .hash = std::string(64, '0')});
  api::Access closed(config, clock);
  for (auto* access : {&open, &closed}) {
    if (const auto refusal = access->refuse_foreign(request)) EARSHOT_ASSERT(refusal->status >= 400);
    static_cast<void>(access->open_session(request.body, request.peer));
  }
  const auto answer = closed.admit(request);
  // Nobody knows a token whose hash is nothing but zeros.
  EARSHOT_ASSERT(answer.refusal || !answer.caller.may(daemon::Scope::read));
  static const api::Router router = [] {
    api::Router out;
    const api::Immediate nothing = [](const api::Request&) { return api::json("{}"); };
    for (const auto* pattern : {"/", "/{file}", "/api/v1/mentions/{id}", "/feeds/{brand}/{feed}"})
      out.add({.method = "GET", .pattern = pattern, .run = nothing});
    return out;
  }();
  const auto found = router.find(request.method, request.path);
  for (const auto& param : found.params)
    EARSHOT_ASSERT(!param.empty() && param.find('/') == std::string::npos);
  static_cast<void>(api::number_of(request, "limit", 50, 1, 500));
  static_cast<void>(daemon::parse_http_address(request.host));
  return 0;
}
