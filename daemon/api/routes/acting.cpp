#include "daemon/api/routes/acting.hpp"

#include "core/async/run_on.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "daemon/window.hpp"

namespace earshot::api {

using connectors::JsonDocument;

Result<std::optional<std::string>> optional_text(const JsonDocument& body, const char* key) {
  const auto value = body[key];
  if (value.type() == connectors::JsonValue::Type::absent) return std::optional<std::string>();
  if (!value) return std::optional<std::string>("");
  if (!value.is_string()) return unexpected(ErrorKind::invalid, std::string("\"") + key + "\" is no text");
  return std::optional<std::string>(std::string(value.text()));
}

Result<std::optional<Timestamp>> optional_time(const JsonDocument& body, const char* key) {
  const auto text = optional_text(body, key);
  if (!text) return unexpected(text.error());
  if (!*text) return std::optional<Timestamp>();
  if ((*text)->empty()) return std::optional<Timestamp>(Timestamp{});
  const auto at = parse_rfc3339((*text)->size() == 10 ? **text + "T00:00:00Z" : **text);
  if (!at) return unexpected(ErrorKind::invalid, std::string("\"") + key + "\" is a day or RFC 3339 time");
  return std::optional<Timestamp>(*at);
}

Result<std::optional<Timestamp>> optional_end(const JsonDocument& body, const char* key) {
  auto at = optional_time(body, key);
  if (!at || !*at || **at == Timestamp{}) return at;
  return std::optional<Timestamp>(daemon::end_of(std::string(body[key].text()), **at));
}

Status fill(const JsonDocument& body,
            std::initializer_list<std::pair<const char*, std::optional<std::string>*>> fields) {
  for (const auto& [key, out] : fields) {
    auto text = optional_text(body, key);
    if (!text) return unexpected(text.error());
    *out = std::move(*text);
  }
  return Done{};
}

Result<store::NamedBrand> brand_of(const Doing& doing) {
  if (!doing.body["brand"].is_string())
    return unexpected(ErrorKind::invalid, "\"brand\" says which brand is meant");
  return daemon::find_brand(doing.reader, std::string(doing.body["brand"].text()));
}

async::Awaitable<Response> act(const RouteServices& services, Request request, Act what, std::string kind) {
  const auto body = connectors::parse_json(request.body);
  if (!body || !body->root().is_object()) co_return problem(400, "the body is a JSON object");
  const auto snapshot = services.snapshots.now();
  const auto now = services.clock.now();
  auto work = [&]() -> Result<Response> {
    const auto reader = services.store.reader();
    if (!reader) return unexpected(reader.error());
    return what(Doing{services.store, **reader, request, *body, *snapshot, now});
  };
  auto done = co_await async::run_on(services.storing, std::move(work));
  if (!done) co_return problem(done.error());
  if (done->status == 200) {
    JsonWriter told;
    told.begin_object().field("kind", kind);
    // What was added just now has no id in its address.
    told.field("id", request.params.empty() ? "" : request.params.front()).end_object();
    services.events.publish("acted", told.view());
  }
  co_return std::move(*done);
}

}  // namespace earshot::api
