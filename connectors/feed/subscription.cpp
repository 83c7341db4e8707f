#include "connectors/feed/subscription.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "net/auth/digest.hpp"

namespace earshot::connectors::feed {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using State = Subscription::State;

/// Ten days, as hubs like to grant; they say what they really grant.
constexpr seconds lease_wanted{10 * 86'400};
constexpr seconds lease_max{366 * 86'400};
/// A hub that grants seconds is not asked more often than this.
constexpr seconds pause_min{5};
/// Hubs ask back within seconds; after this the request is taken for lost.
constexpr minutes verification{5};
constexpr minutes retry_max{60};
/// Hubs that were given up for a feed are tried again when it names them again, at the latest after this.
constexpr std::chrono::hours denial{24};
/// A hub that does not answer to goodbyes lets the lease run out.
constexpr int goodbyes_max = 3;
constexpr std::string_view state_names[] = {"wanted", "asked", "active", "leaving"};

std::string form(const std::vector<std::pair<std::string_view, std::string>>& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs)
    out += (out.empty() ? "" : "&") + std::string(name) + "=" + percent_encode(value);
  return out;
}

}  // namespace

std::string Subscription::key() const { return net::auth::sha256_hex(hub + '\n' + topic).substr(0, 24); }

net::HttpRequest Subscription::request(const std::string& callback, const Secret& secret) const {
  net::HttpRequest out;
  out.url = hub;
  out.method = "POST";
  out.headers.add("Content-Type", "application/x-www-form-urlencoded");
  std::vector<std::pair<std::string_view, std::string>> pairs = {
      {"hub.callback", callback + "?feed=" + key()},
      {"hub.mode", state == State::leaving ? "unsubscribe" : "subscribe"},
      {"hub.topic", topic}};
  if (state != State::leaving) {
    pairs.emplace_back("hub.secret", std::string(secret.reveal()));
    pairs.emplace_back("hub.lease_seconds", std::to_string(lease_wanted.count()));
  }
  out.body = form(pairs);
  out.carries_secret = true;
  return out;
}

void Subscription::asked(bool taken, Timestamp now) {
  const auto patience = std::min(retry_max, minutes(1) * (1 << std::min(failures, 6)));
  ++failures;
  due_at = now + (taken ? std::max<std::chrono::milliseconds>(verification, patience) : patience);
  // An active one stays active while it is renewed: what is pushed meanwhile is heard.
  if (state == State::wanted && taken) state = State::asked;
}

void Subscription::granted(seconds lease, Timestamp now) {
  lease = std::clamp(lease, seconds(1), lease_max);
  state = State::active;
  failures = 0;
  lease_until = now + lease;
  due_at = now + std::max<std::chrono::milliseconds>(pause_min, lease * 8 / 10);
}

void Subscription::denied(Timestamp now) {
  state = State::wanted;
  lease_until.reset();
  due_at = now + denial;
}

Subscriptions Subscriptions::read(JsonValue array) {
  Subscriptions out;
  for (const auto item : array) {
    Subscription one{.url = std::string(item["url"].text()),
                     .topic = std::string(item["topic"].text()),
                     .hub = std::string(item["hub"].text())};
    const auto state = std::ranges::find(state_names, item["state"].text());
    if (one.url.empty() || one.topic.empty() || !parse_url(one.hub) || state == std::end(state_names))
      continue;
    one.state = static_cast<State>(state - std::begin(state_names));
    one.due_at = from_ms(item["due_at"].integer().value_or(0));
    if (const auto until = item["lease_until"].integer()) one.lease_until = from_ms(*until);
    one.failures = static_cast<int>(std::clamp<std::int64_t>(item["failures"].integer().value_or(0), 0, 100));
    out.all.push_back(std::move(one));
  }
  return out;
}

void Subscriptions::write(JsonWriter& out) const {
  out.begin_array();
  for (const auto& one : all) {
    out.begin_object().field("url", one.url).field("topic", one.topic).field("hub", one.hub);
    out.field("state", state_names[static_cast<std::size_t>(one.state)]).field("due_at", to_ms(one.due_at));
    if (one.lease_until) out.field("lease_until", to_ms(*one.lease_until));
    out.field("failures", one.failures).end_object();
  }
  out.end_array();
}

void Subscriptions::keep_only(const std::vector<std::string>& urls, Timestamp now) {
  for (auto& one : all) {
    const bool wanted = std::ranges::find(urls, one.url) != urls.end();
    if (wanted == (one.state != State::leaving)) continue;
    one.state = wanted ? State::wanted : State::leaving;
    one.due_at = now;
    one.failures = 0;
  }
  std::erase_if(all, [&](const Subscription& one) {
    const bool over = one.lease_until && *one.lease_until < now;
    return one.state == State::leaving && (over || !one.lease_until || one.failures >= goodbyes_max);
  });
}

bool Subscriptions::note(const std::string& url, const std::string& hub, const std::string& topic) {
  bool known = false, changed = false;
  for (auto& one : all) {
    if (one.url != url) continue;
    const bool same = one.hub == hub && one.topic == topic;
    known = known || (same && one.state != State::leaving);
    if (same || one.state == State::leaving) continue;
    one.state = State::leaving;  // it moved to another hub, or has none any more
    one.due_at = {};
    one.failures = 0;
    changed = true;
  }
  if (known || !parse_url(hub) || topic.empty()) return changed;
  all.push_back({.url = url, .topic = topic, .hub = hub});
  return true;
}

Subscription* Subscriptions::find(std::string_view key) {
  const auto found = std::ranges::find_if(all, [&](const Subscription& one) { return one.key() == key; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<Timestamp> Subscriptions::next_due() const {
  std::optional<Timestamp> out;
  for (const auto& one : all) out = std::min(out.value_or(one.due_at), one.due_at);
  return out;
}

Secret secret_for(const Secret& own, const Subscription& subscription) {
  return Secret(net::auth::hmac_sha256_hex(own.reveal(), subscription.hub + '\n' + subscription.topic));
}

Status check_signature(std::string_view header, const Secret& secret, std::string_view body) {
  const auto equals = header.find('=');
  const auto method = ascii_lower(header.substr(0, equals));
  using net::auth::Digest;
  const auto digest = method == "sha256"   ? std::optional(Digest::sha256)
                      : method == "sha384" ? std::optional(Digest::sha384)
                      : method == "sha512" ? std::optional(Digest::sha512)
                      : method == "sha1"   ? std::optional(Digest::sha1)
                                           : std::nullopt;
  if (equals == std::string_view::npos || !digest)
    return unexpected(ErrorKind::unauthorized, "X-Hub-Signature is none of sha1, sha256, sha384 and sha512");
  const auto right = net::auth::hex(net::auth::hmac(*digest, secret.reveal(), body));
  if (!net::auth::equal_secrets(right, ascii_lower(header.substr(equals + 1))))
    return unexpected(ErrorKind::unauthorized, "the signature is wrong");
  return Done{};
}

}  // namespace earshot::connectors::feed
