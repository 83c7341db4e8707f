#include "connectors/declarative/steps.hpp"

#include <algorithm>

#include "connectors/declarative/exchange.hpp"

namespace earshot::connectors::declarative {
namespace {

constexpr std::size_t found_bytes_max = 8 * 1024;
/// Asked for anew a little before it ends, so that no request is on its way with what is no longer good.
constexpr double used_share = 0.9;

bool goes_before(const StepSpec& step, const StreamSpec& stream) {
  return step.stream.each.empty() || step.stream.each == stream.each;
}

bool is_usable(std::string_view value) {
  return !value.empty() && value.size() <= found_bytes_max &&
         std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

Error in_step(const StepSpec& step, Error error) {
  error.message = "step " + step.stream.name + ": " + error.message;
  return error;
}

}  // namespace

std::string Steps::key_of(const StepSpec& step, const Variables& variables) {
  const auto each = step.stream.each.empty() ? variables.end() : variables.find("each");
  return step.stream.name + '\n' + (each == variables.end() ? std::string() : each->second);
}

Result<net::HttpRequest> Steps::request_of(const StepSpec& step, const Variables& variables) const {
  auto request = make_request(step.stream, settings_.base, variables);
  if (!request) return request;
  request->carries_secret = true;
  if (platform_.credential_use == CredentialUse::pages) return request;
  request->credential = settings_.credential;
  request->credential_form = settings_.form;
  return request;
}

Result<Steps::Known> Steps::read(const StepSpec& step, const net::HttpReply& reply,
                                 const Variables& variables, const Clock& clock) const {
  const auto json = parse_json(reply.body);
  const auto root = json ? json->root() : JsonValue();
  if (auto judged = judge(platform_, reply, root, variables, clock.now()); judged.trouble)
    return unexpected(in_step(step, std::move(*judged.trouble)));
  if (!json) return unexpected(in_step(step, json.error()));
  const Scope scope{.page = root, .parent = root, .item = root, .joins = {}, .variables = &variables};
  Known out;
  for (const auto& [name, value] : step.values) {
    auto text = text_of(value, scope);
    if (!text || !is_usable(*text))
      return unexpected(ErrorKind::malformed, "step " + step.stream.name + ": its reply has no `" + name +
                                                  "`" + (text ? " that could be used" : ""));
    out.values[name] = std::move(*text);
  }
  auto lasts = wait_in(step.lasts_s, scope).value_or(step.lasts);
  lasts =
      std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(lasts.count()) * used_share));
  out.good_until = clock.steady_now() + lasts;
  return out;
}

async::Awaitable<Result<Variables>> Steps::provide(Context& context, const StreamSpec& stream,
                                                   Variables variables) {
  for (const auto& step : platform_.steps) {
    if (!goes_before(step, stream)) continue;
    const auto key = key_of(step, variables);
    auto known = known_.find(key);
    if (known == known_.end() || known->second.good_until <= context.clock.steady_now()) {
      auto request = request_of(step, variables);
      if (!request) co_return unexpected(in_step(step, request.error()));
      auto reply = co_await context.http.send(std::move(*request));
      if (!reply) co_return unexpected(in_step(step, reply.error()));
      auto made = read(step, *reply, variables, context.clock);
      if (!made) co_return unexpected(made.error());
      known = known_.insert_or_assign(key, std::move(*made)).first;
    }
    for (const auto& [name, value] : known->second.values) variables[name] = value;
  }
  co_return variables;
}

bool Steps::forget(const StreamSpec& stream, const Variables& variables) {
  bool any = false;
  for (const auto& step : platform_.steps)
    if (goes_before(step, stream)) any = known_.erase(key_of(step, variables)) > 0 || any;
  return any;
}

}  // namespace earshot::connectors::declarative
