#include "connectors/webhook/receiver.hpp"

#include <algorithm>

#include "connectors/import/import_line.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors::webhook {
namespace {

constexpr std::size_t challenge_bytes_max = 512;
constexpr std::string_view plain = "text/plain; charset=utf-8";

PushReply not_now(std::string why) { return {.status = 503, .content_type = {}, .body = std::move(why)}; }

/// A challenge is sent back, so it must be nothing that means anything to whoever reads it.
std::optional<PushReply> echo(std::string_view challenge) {
  const bool fits = !challenge.empty() && challenge.size() <= challenge_bytes_max &&
                    std::ranges::all_of(challenge, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!fits) return std::nullopt;
  return PushReply{.status = 200, .content_type = std::string(plain), .body = std::string(challenge)};
}

class InterchangeReader {
 public:
  InterchangeReader(const std::string& platform, Timestamp now)
      : options_{.platform = platform, .now = now, .columns = {}} {}

  Page read(std::string_view body) {
    const auto json = parse_json(body);
    if (json && json->root().is_array()) {
      for (const auto item : json->root()) take(item.raw());
    } else if (json) {
      take(body);
    } else if (const auto line = body.substr(0, body.find('\n')); line.size() < body.size() && parse_json(line)) {
      for (const auto each : split(body, '\n'))
        if (!trim(each).empty()) take(each);
    } else {
      page_.bad_items.push_back({0, json.error().message});
    }
    return std::move(page_);
  }

 private:
  void take(std::string_view item) {
    auto mention = parser_.parse(trim(item), options_);
    if (mention)
      page_.mentions.push_back(std::move(*mention));
    else
      page_.bad_items.push_back({index_, mention.error().message});
    ++index_;
  }

  import::ImportOptions options_;
  import::LineParser parser_;
  Page page_;
  std::size_t index_ = 0;
};

}  // namespace

Page read_body(const WebhookSettings& settings, std::string_view event, std::string_view body,
               Timestamp now) {
  if (settings.map.empty()) {
    auto page = InterchangeReader(settings.platform, now).read(body);
    collapse_echoes(page.mentions);
    return page;
  }
  const auto json = parse_json(body);
  Page page;
  if (json && json->root().is_object())
    page = settings.map.take(event, json->root(), now);
  else
    page.bad_items.push_back({0, json ? "the body is no JSON object" : json.error().message});
  collapse_echoes(page.mentions);
  return page;
}

void Receiver::trust(std::vector<Secret> keys, Secret verify_token) {
  keys_ = std::move(keys);
  verify_token_ = std::move(verify_token);
}

/// Meta asks once, before it sends anything, whether we are who its app's owner says.
PushReply Receiver::introduce(const PushRequest& request) const {
  if (settings_.verify_token.empty())
    return {.status = 405, .content_type = {}, .body = "deliveries come by POST"};
  if (verify_token_.empty()) return not_now("the source is not listening: see earshot status");
  const auto token = request.parameter("hub.verify_token");
  if (!token || !net::auth::equal_secrets(*token, verify_token_.reveal()))
    return {.status = 401, .content_type = {}, .body = "the verify token is wrong"};
  auto reply = request.parameter("hub.mode") == "subscribe"
                   ? echo(request.parameter("hub.challenge").value_or(""))
                   : std::nullopt;
  return reply ? std::move(*reply)
               : PushReply{.status = 400, .content_type = {}, .body = "this is no question to subscribe"};
}

/// What is signed and no delivery.
std::optional<PushReply> Receiver::handshake(const PushRequest& request, std::string_view event) const {
  if (settings_.signing.scheme == Scheme::github && event == "ping") return receipt(0, 0, false);
  if (settings_.signing.scheme != Scheme::slack) return std::nullopt;
  const auto json = parse_json(request.body);
  if (!json || (*json)["type"].text() != "url_verification") return std::nullopt;
  auto reply = echo((*json)["challenge"].text());
  if (reply) return reply;
  return PushReply{.status = 400, .content_type = {}, .body = "the challenge cannot be sent back"};
}

async::Awaitable<PushReply> Receiver::receive(PushRequest request, Timestamp now) {
  if (request.method == "GET") co_return introduce(request);
  if (keys_.empty()) co_return not_now("the source is not listening: see earshot status");
  auto key = verify(settings_.signing, keys_, request, now);
  if (!key) co_return PushReply{.status = 401, .content_type = {}, .body = key.error().message};
  const std::string event(settings_.event_header.empty()
                              ? std::string_view()
                              : request.header(settings_.event_header).value_or(""));
  if (auto reply = handshake(request, event)) co_return std::move(*reply);
  auto page = read_body(settings_, event, request.body, now);
  const auto accepted = page.mentions.size();
  const auto malformed = page.bad_items.size();
  std::string reason = malformed == 0 ? std::string() : page.bad_items.front().reason;
  Delivery delivery{.key = std::move(*key), .page = std::move(page), .bytes = request.body.size()};
  auto outcome = co_await inbox_.deliver(std::move(delivery));
  if (outcome == Inbox::Outcome::refused)
    co_return not_now("this could not be stored now; send it again");
  if (outcome == Inbox::Outcome::repeated) co_return receipt(0, 0, true);
  if (accepted == 0 && malformed > 0)
    co_return PushReply{.status = 400, .content_type = {}, .body = std::move(reason)};
  co_return receipt(accepted, malformed, false);
}

}  // namespace earshot::connectors::webhook
