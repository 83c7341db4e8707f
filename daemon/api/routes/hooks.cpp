// What is pushed to a source: its signature is its right to be heard, and a 2xx means that it is durable.
#include "connectors/push.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

constexpr const char* retry_after_s = "5";

Response answer_of(const RouteServices& services, connectors::PushReply reply, const std::string& peer) {
  if (reply.status == 401) return services.access.refuse_signature(peer, reply.body);
  if (reply.status >= 400) {
    auto out = problem(reply.status, reply.body);
    if (reply.status == 503) out.headers.emplace_back("Retry-After", retry_after_s);
    return out;
  }
  return Response{
      .status = reply.status, .content_type = std::move(reply.content_type), .body = std::move(reply.body)};
}

async::Awaitable<Response> receive(const RouteServices& services, Request request) {
  const auto receiver =
      services.controls.receiver ? services.controls.receiver(request.params.front()) : nullptr;
  if (!receiver) co_return problem(404, "no source of this name takes what is pushed");
  const auto peer = request.peer;
  connectors::PushRequest pushed{.method = request.method,
                                 .query = std::move(request.query),
                                 .headers = std::move(request.headers),
                                 .body = std::move(request.body)};
  auto reply = co_await receiver->receive(std::move(pushed), services.clock.now());
  co_return answer_of(services, std::move(reply), peer);
}

}  // namespace

void add_hook_routes(Router& router, const RouteServices& services) {
  const Command run = [&services](Request request) { return receive(services, std::move(request)); };
  router.add({.method = "POST",
              .pattern = "/hooks/{source}",
              .scope = Scope::none,
              .run = run,
              .proof = Proof::signature});
  router.add({.method = "GET",
              .pattern = "/hooks/{source}",
              .scope = Scope::none,
              .run = run,
              .proof = Proof::signature});
}

}  // namespace earshot::api
