// What anybody may send to a hook: the first lines of the input are the request's headers, the rest is its
// body. Signed rightly besides, so that the bodies are read as well as the proofs.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "connectors/feed/subscription.hpp"
#include "connectors/webhook/receiver.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"
#include "net/auth/webhook_signature.hpp"

namespace {

using namespace earshot;
using namespace earshot::connectors;
using namespace earshot::connectors::webhook;

const auto now = from_ms(1'776'083'057'000);
constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";

PushRequest read_request(std::string_view bytes) {
  PushRequest out;
  for (int i = 0; i < 16 && !bytes.empty(); ++i) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (line.starts_with('?'))
      out.query.emplace_back(line.substr(1, colon == std::string_view::npos ? colon : colon - 1),
                             colon == std::string_view::npos ? "" : line.substr(colon + 1));
    else if (colon != std::string_view::npos)
      out.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  out.body = bytes;
  return out;
}

/// The same request with the proof that its scheme wants.
PushRequest signed_one(PushRequest request, const Signing& signing) {
  const auto code = [&](std::string_view text) {
    return net::auth::hex(net::auth::hmac(net::auth::Digest::sha256, secret, text));
  };
  const auto seconds = std::to_string(to_ms(now) / 1000);
  const std::string event(request.header("X-GitHub-Event").value_or(""));
  request.headers = {{"X-GitHub-Event", event}};
  if (signing.scheme == Scheme::standard) {
    request.headers.emplace_back("webhook-id", "msg_1");
    request.headers.emplace_back("webhook-timestamp", seconds);
    request.headers.emplace_back("webhook-signature",
                                 net::auth::sign(Secret(std::string(secret)), "msg_1", now, request.body));
  } else if (signing.scheme == Scheme::slack) {
    request.headers.emplace_back("X-Slack-Request-Timestamp", seconds);
    request.headers.emplace_back("X-Slack-Signature", "v0=" + code("v0:" + seconds + ":" + request.body));
  } else if (signing.scheme == Scheme::hmac) {
    request.headers.emplace_back("X-Sign", code(request.body));
  } else {
    request.headers.emplace_back("X-Hub-Signature-256", "sha256=" + code(request.body));
  }
  return request;
}

/// No answer means that what was sent waits to be stored: the inbox is closed then.
void send(const WebhookSettings& settings, PushRequest request) {
  boost::asio::io_context io;
  Receiver receiver(settings);
  std::vector<Secret> keys;
  keys.emplace_back(std::string(secret));
  receiver.trust(std::move(keys), Secret(std::string(secret)));
  std::optional<PushReply> answer;
  boost::asio::co_spawn(io, receiver.receive(std::move(request), now),
                        [&](std::exception_ptr failure, PushReply reply) {
                          EARSHOT_ASSERT(!failure);
                          answer = std::move(reply);
                        });
  io.poll();
  receiver.inbox().close();
  io.restart();
  io.run();
  EARSHOT_ASSERT(answer && answer->status >= 200 && answer->status <= 503);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = read_request(fuzz_text(data, size));
  static const std::pair<Scheme, const char*> kinds[] = {{Scheme::standard, ""},
                                                         {Scheme::github, "github"},
                                                         {Scheme::slack, "slack"},
                                                         {Scheme::meta, "meta"},
                                                         {Scheme::hmac, ""}};
  std::vector<Secret> keys;
  keys.emplace_back(std::string(secret));
  for (const auto& [scheme, map] : kinds) {
    WebhookSettings settings;
    settings.platform = "shop";
    settings.signing = {.scheme = scheme, .header = "X-Sign"};
    settings.event_header = scheme == Scheme::github ? "X-GitHub-Event" : "";
    if (*map != '\0') settings.map = *shipped_map(map);
    const auto proof = verify(settings.signing, keys, request, now);
    EARSHOT_ASSERT(proof ? !proof->empty() : proof.error().kind == ErrorKind::unauthorized);
    const auto right = signed_one(request, settings.signing);
    EARSHOT_ASSERT(verify(settings.signing, keys, right, now));
    auto broken = right;
    broken.body += 'x';
    EARSHOT_ASSERT(!verify(settings.signing, keys, broken, now));
    const auto event = request.header("X-GitHub-Event").value_or("");
    check_page(read_body(settings, event, request.body, now), now);
    send(settings, request);
    send(settings, right);
    auto asks = request;
    asks.method = "GET";
    send(settings, asks);
  }
  const auto hub = feed::check_signature(request.header("X-Hub-Signature").value_or(""),
                                         Secret(std::string(secret)), request.body);
  EARSHOT_ASSERT(hub || !hub.error().message.empty());
  return 0;
}
