#include "daemon/api/replays.hpp"

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "net/auth/digest.hpp"
#include "store/answers.hpp"

namespace earshot::api {
namespace {

constexpr std::size_t key_bytes_max = 255;
constexpr std::size_t body_bytes_max = 256 << 10;  ///< longer answers are not kept

std::string hash_of(const Request& request) {
  std::string text = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) text += "&" + name + "=" + value;
  return net::auth::sha256_hex(text + "\n" + request.body);
}

Response replay(store::KeptAnswer kept) {
  Response out{
      .status = kept.status, .content_type = std::move(kept.content_type), .body = std::move(kept.body)};
  out.headers.emplace_back("Idempotency-Replayed", "true");
  return out;
}

}  // namespace

bool Replays::concerns(const Route& route, const Request& request) {
  if (request.idempotency_key.empty() || request.method == "GET") return false;
  return route.scope == daemon::Scope::act || route.scope == daemon::Scope::ingest ||
         route.scope == daemon::Scope::admin;
}

async::Awaitable<Replays::Found> Replays::find(const Request& request) {
  Found out;
  if (request.idempotency_key.size() > key_bytes_max) {
    out.answer = problem(400, "Idempotency-Key has at most 255 bytes");
    co_return out;
  }
  const auto name = request.caller + "\n" + request.idempotency_key;
  if (!under_way_->insert(name).second) {
    out.answer = problem(409, "a request with this Idempotency-Key is under way; wait for its answer");
    co_return out;
  }
  out.turn = std::shared_ptr<void>(nullptr, [all = under_way_, name](void*) { all->erase(name); });
  out.request_hash = hash_of(request);
  const auto now = clock_.now();
  auto look = [this, &request, now] {
    return store_.answers().find(request.caller, request.idempotency_key, now);
  };
  auto kept = co_await async::run_on(storing_, std::move(look));
  if (!kept)
    out.answer = problem(kept.error());
  else if (*kept && (*kept)->request_hash != out.request_hash)
    out.answer = problem(422, "this Idempotency-Key came with another request before; take a new one");
  else if (*kept)
    out.answer = replay(std::move(**kept));
  co_return out;
}

async::Awaitable<void> Replays::keep(std::string caller, std::string key, std::string request_hash,
                                     Response response) {
  if (response.status >= 300 || response.body.size() > body_bytes_max) co_return;
  const store::KeptAnswer kept{.request_hash = std::move(request_hash),
                               .status = response.status,
                               .content_type = std::move(response.content_type),
                               .body = std::move(response.body)};
  const auto now = clock_.now();
  auto write = [this, &caller, &key, &kept, now] { return store_.answers().keep(caller, key, kept, now); };
  const auto done = co_await async::run_on(storing_, std::move(write));
  if (!done) log::warn("an answer was not kept for its Idempotency-Key", {{"error", done.error().message}});
}

}  // namespace earshot::api
