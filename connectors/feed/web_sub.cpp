#include "connectors/feed/web_sub.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/page_builder.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "net/auth/digest.hpp"
#include "net/secret_source.hpp"

namespace earshot::connectors::feed {
namespace {

constexpr std::uint32_t schema = 1;
/// After so long the source says that it is well and looks whether its secret has changed.
constexpr std::chrono::milliseconds pause{60'000};
constexpr std::size_t challenge_bytes_max = 512;
constexpr std::size_t secret_bytes_min = 16;

PushReply refusal(int status, std::string why) {
  return {.status = status, .content_type = {}, .body = std::move(why)};
}

/// A challenge is sent back, so it must be nothing that means anything to whoever reads it.
bool can_echo(std::string_view challenge) {
  return !challenge.empty() && challenge.size() <= challenge_bytes_max &&
         std::ranges::all_of(challenge, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

void WebSub::note(const std::string& url, const std::string& hub, const std::string& topic) {
  if (subscriptions_.note(url, hub, topic)) inbox_.wake();
}

bool WebSub::is_known_to_hubs(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  return json && !Subscriptions::read(json->root()["subscriptions"]).all.empty();
}

std::optional<Timestamp> WebSub::last_push(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return std::nullopt;
  const auto place =
      webhook::Place::read({webhook::Place::schema, std::string(json->root()["pushes"].raw())});
  return place ? place->last_at : std::nullopt;
}

Status WebSub::restore(const std::optional<Cursor>& cursor, Timestamp now) {
  if (cursor) {
    const auto json = read_cursor(*cursor, schema);
    if (!json) return unexpected(json.error());
    auto place = webhook::Place::read({webhook::Place::schema, std::string(json->root()["pushes"].raw())});
    if (!place) return unexpected(place.error());
    place_ = std::move(*place);
    // What polls have seen since the start stays known beside what was granted before.
    auto before = Subscriptions::read(json->root()["subscriptions"]);
    for (auto& one : subscriptions_.all)
      if (before.find(one.key()) == nullptr) before.all.push_back(std::move(one));
    subscriptions_ = std::move(before);
  }
  subscriptions_.keep_only(settings_.urls, now);
  return Done{};
}

Cursor WebSub::write() const {
  JsonWriter out;
  out.begin_object().key("pushes").raw(place_.write().json).key("subscriptions");
  subscriptions_.write(out);
  return {schema, out.end_object().str()};
}

async::Awaitable<void> WebSub::ask_hubs(Context& context) {
  subscriptions_.keep_only(settings_.urls, context.clock.now());
  // By their keys: the list may change while a hub is waited for.
  std::vector<std::string> due;
  for (const auto& one : subscriptions_.all)
    if (one.is_due(context.clock.now())) due.push_back(one.key());
  for (const auto& key : due) {
    const auto* one = subscriptions_.find(key);
    if (one == nullptr || inbox_.closed()) continue;
    auto request = one->request(settings_.callback, secret_for(own_, *one));
    auto reply = co_await context.http.send(std::move(request));
    auto* asked = subscriptions_.find(key);
    if (asked == nullptr) continue;
    const bool taken = reply && reply->status >= 200 && reply->status < 300;
    if (!taken)
      log::info("hub does not take part",
                {{"hub", asked->hub},
                 {"feed", asked->url},
                 {"error", reply ? "HTTP " + std::to_string(reply->status) : reply.error().message}});
    // It may have asked back, and have been answered, before its own answer came.
    if (asked->is_due(context.clock.now())) asked->asked(taken, context.clock.now());
  }
}

async::Awaitable<Status> WebSub::take_secret(Context& context) {
  if (context.secrets == nullptr)
    co_return unexpected(ErrorKind::unauthorized, "there are no credentials here");
  auto secret = co_await context.secrets->secret(settings_.secret);
  if (!secret) co_return unexpected(secret.error());
  if (secret->reveal().size() < secret_bytes_min)
    co_return unexpected(ErrorKind::unauthorized, "the credential '" + settings_.secret +
                                                      "' is too short: a secret has 16 bytes or more");
  own_ = std::move(*secret);
  co_return Done{};
}

async::Awaitable<Result<Page>> WebSub::fetch(Context& context, std::optional<Cursor> cursor) {
  const bool follows = given_ && cursor == given_;
  inbox_.settle(follows);
  if (!follows)
    if (auto status = restore(cursor, context.clock.now()); !status) co_return unexpected(status.error());
  given_.reset();
  if (!settings_.secret.empty()) {
    auto taken = co_await take_secret(context);
    if (!taken) co_return unexpected(taken.error());
  }
  if (follows) {
    const auto due = subscriptions_.next_due();
    const auto left = due ? std::max(*due - context.clock.now(), std::chrono::milliseconds(0)) : pause;
    co_await inbox_.wait(std::min(left, pause));
  }
  co_await ask_hubs(context);
  if (inbox_.closed()) co_return unexpected(ErrorKind::cancelled, "stopped");
  auto page = inbox_.take(place_, context.clock.now());
  page.cursor = write();
  given_ = page.cursor;
  co_return page;
}

/// A hub asks whether we meant it, or says that it does not want us.
PushReply WebSub::introduce(const PushRequest& request, Timestamp now) {
  auto* one = subscriptions_.find(request.parameter("feed").value_or(""));
  if (one == nullptr || request.parameter("hub.topic") != one->topic)
    return refusal(404, "nobody here has asked for that");
  const auto mode = request.parameter("hub.mode").value_or("");
  const bool leaves = one->state == Subscription::State::leaving;
  if (mode == "denied" && !leaves) {
    log::info("hub refuses a subscription", {{"hub", one->hub}, {"feed", one->url}});
    one->denied(now);
    inbox_.wake();
    return {.status = 200};
  }
  const std::string challenge(request.parameter("hub.challenge").value_or(""));
  if (mode != (leaves ? "unsubscribe" : "subscribe") || !can_echo(challenge))
    return refusal(404, "nobody here has asked for that");
  if (leaves) {
    std::erase_if(subscriptions_.all, [&](const Subscription& other) { return &other == one; });
  } else {
    const auto lease = number(request.parameter("hub.lease_seconds").value_or("")).value_or(86'400);
    one->granted(std::chrono::seconds(std::clamp<std::int64_t>(lease, 1, INT32_MAX)), now);
  }
  inbox_.wake();
  return {.status = 200, .content_type = "text/plain; charset=utf-8", .body = challenge};
}

async::Awaitable<PushReply> WebSub::receive(PushRequest request, Timestamp now) {
  if (own_.reveal().empty() && !settings_.secret.empty())
    co_return refusal(503, "the source is not listening: see earshot status");
  if (request.method == "GET") co_return introduce(request, now);
  const auto* one = subscriptions_.find(request.parameter("feed").value_or(""));
  if (one == nullptr || one->state == Subscription::State::leaving)
    co_return refusal(410, "this feed is not listened to any more");
  const auto signature = request.header("X-Hub-Signature").value_or("");
  const auto proof = check_signature(signature, secret_for(own_, *one), request.body);
  if (!proof) co_return refusal(401, proof.error().message);
  auto page = read_(request.body, request.header("Content-Type").value_or(""), one->url, now);
  if (!page) co_return refusal(400, page.error().message);
  const auto accepted = page->mentions.size();
  const auto malformed = page->bad_items.size();
  webhook::Delivery delivery{.key = net::auth::sha256_hex(one->topic + '\n' + request.body).substr(0, 32),
                             .page = std::move(*page),
                             .bytes = request.body.size()};
  auto outcome = co_await inbox_.deliver(std::move(delivery));
  if (outcome == webhook::Inbox::Outcome::refused)
    co_return refusal(503, "this could not be stored now; send it again");
  const bool repeated = outcome == webhook::Inbox::Outcome::repeated;
  co_return receipt(repeated ? 0 : accepted, repeated ? 0 : malformed, repeated);
}

}  // namespace earshot::connectors::feed
