#include "daemon/api/dispatch.hpp"

#include <chrono>

#include "core/base/hash.hpp"
#include "core/base/text.hpp"
#include "daemon/api/contract.hpp"

namespace earshot::api {
namespace {

using Steady = std::chrono::steady_clock;

std::string etag_of(const Response& response) {
  char out[24];
  std::snprintf(out, sizeof out, "\"%016llx\"", static_cast<unsigned long long>(hash64(response.body)));
  return out;
}

/// Adds the ETag of a read, and leaves the body out when the caller has it.
void shorten(Response& response, const Request& request) {
  if (request.method != "GET" || response.status != 200 || response.events || response.body.empty()) return;
  const auto tag = etag_of(response);
  response.headers.emplace_back("ETag", tag);
  const auto& known = request.if_none_match;
  if (known.find(tag) == std::string::npos && trim(known) != "*") return;
  response.status = 304;
  response.body.clear();
}

}  // namespace

async::Awaitable<Response> Dispatch::run(const Route& route, Request request) {
  if (const auto* query = std::get_if<Query>(&route.run)) {
    auto response = co_await queries_.run(*query, request);
    shorten(response, request);
    co_return response;
  }
  if (const auto* command = std::get_if<Command>(&route.run)) {
    auto pending = (*command)(std::move(request));
    auto response = co_await std::move(pending);
    co_return response;
  }
  auto response = std::get<Immediate>(route.run)(request);
  shorten(response, request);
  co_return response;
}

async::Awaitable<Response> Dispatch::once(const Route& route, Request request) {
  auto found = co_await replays_.find(request);
  if (found.answer) co_return std::move(*found.answer);
  auto caller = request.caller, key = request.idempotency_key;
  auto response = co_await run(route, std::move(request));
  co_await replays_.keep(std::move(caller), std::move(key), std::move(found.request_hash), response);
  co_return response;
}

async::Awaitable<Response> Dispatch::answer(Request request) {
  const auto began = Steady::now();
  auto found = router_.find(request.method, request.path);
  const std::string pattern = found.route ? found.route->pattern : "none";
  Response response;
  if (found.route && found.route->proof == Proof::signature) {
    request.params = std::move(found.params);
    response = co_await run(*found.route, std::move(request));
  } else if (auto refusal = access_.refuse_foreign(request)) {
    response = std::move(*refusal);
  } else if (!found.route && found.allowed.empty()) {
    response = problem(404, "there is nothing here; docs/api.md and /api/v1/openapi.json list what there is");
  } else if (!found.route) {
    response = problem(405, "this path takes " + found.allowed);
    response.headers.emplace_back("Allow", found.allowed);
  } else {
    auto admitted = access_.admit(request);
    if (admitted.refusal && found.route->scope != Scope::none) {
      response = std::move(*admitted.refusal);
    } else if (!admitted.caller.may(found.route->scope)) {
      const bool known = !admitted.caller.name.empty();
      response = known ? problem(403, "this token may not do that: it needs the scope " +
                                          std::string(daemon::to_string(found.route->scope)))
                       : problem(401, "a token is needed: Authorization: Bearer TOKEN");
      if (!known) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"earshot\"");
    } else {
      request.params = std::move(found.params);
      request.caller = admitted.caller.name;
      request.scopes = admitted.caller.scopes;
      auto mistake = Contract::ours().refuse(*found.route, request);
      if (mistake) {
        response = std::move(*mistake);
      } else if (Replays::concerns(*found.route, request)) {
        response = co_await once(*found.route, std::move(request));
      } else {
        response = co_await run(*found.route, std::move(request));
      }
    }
  }
  const auto labels =
      metric_label("route", pattern) + "," + metric_label("status", std::to_string(response.status));
  metrics_.count("earshot_http_requests_total", labels);
  if (!response.events)
    metrics_.observe_seconds("earshot_http_request_seconds", metric_label("route", pattern),
                             std::chrono::duration<double>(Steady::now() - began).count());
  co_return response;
}

}  // namespace earshot::api
