// Who asks: what the caller may do, and sessions for browsers.
#include "connectors/json_fields.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/version.hpp"
#include "daemon/api/routes/routes.hpp"

namespace earshot::api {
namespace {

Response state(const Access& access, std::uint8_t scopes) {
  JsonWriter out;
  out.begin_object().field("tokens_needed", access.tokens_needed()).key("scopes").begin_array();
  for (const auto scope :
       {Scope::read, Scope::feeds, Scope::act, Scope::ingest, Scope::metrics, Scope::admin})
    if (scopes & daemon::bit(scope)) out.value(daemon::to_string(scope));
  out.end_array().field("version", product_version).end_object();
  return json(out.str());
}

Response open(Access& access, const Request& request) {
  const auto body = connectors::parse_json(request.body);
  if (!body || !(*body)["token"].is_string()) return problem(400, "send {\"token\":\"…\"}");
  auto opened = access.open_session(std::string((*body)["token"].text()), request.peer);
  if (opened.refusal) return std::move(*opened.refusal);
  auto out = json("{}");
  out.headers.emplace_back("Set-Cookie", opened.cookie);
  return out;
}

Response end(Access& access, const Request& request) {
  auto out = json("{}");
  out.headers.emplace_back("Set-Cookie", access.end_session(request));
  return out;
}

}  // namespace

void add_session_routes(Router& router, const RouteServices& services) {
  auto& access = services.access;
  const Immediate show = [&access](const Request& request) { return state(access, request.scopes); };
  const Immediate begin = [&access](const Request& request) { return open(access, request); };
  const Immediate finish = [&access](const Request& request) { return end(access, request); };
  router.add({.method = "GET", .pattern = "/api/v1/session", .scope = Scope::none, .run = show});
  router.add({.method = "POST", .pattern = "/api/v1/session", .scope = Scope::none, .run = begin});
  router.add({.method = "POST", .pattern = "/api/v1/session/end", .scope = Scope::none, .run = finish});
}

}  // namespace earshot::api
