// Judges texts that are not stored, as `earshot score` does.
#include "analysis/text/score_json.hpp"
#include "connectors/json_fields.hpp"
#include "core/async/run_on.hpp"
#include "core/base/json_writer.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/score_text.hpp"

namespace earshot::api {
namespace {

constexpr std::size_t texts_max = 1000;

Result<daemon::TextToScore> text_of(const connectors::JsonValue& value) {
  for (const auto* key : {"text", "brand", "lang"})
    if (value[key] && !value[key].is_string())
      return unexpected(ErrorKind::invalid, std::string("\"") + key + "\" is no text");
  if (!value["text"].is_string())
    return unexpected(ErrorKind::invalid, "send {\"text\":\"…\"}, or a list of them");
  return daemon::TextToScore{.id = std::string(value["id"].id()),
                             .text = std::string(value["text"].text()),
                             .brand = std::string(value["brand"].text()),
                             .lang = std::string(value["lang"].text())};
}

Result<Response> score_all(const std::string& body, const Snapshot& snapshot) {
  const auto document = connectors::parse_json(body);
  if (!document) return unexpected(ErrorKind::invalid, "this is no JSON: " + document.error().message);
  const auto root = document->root();
  if (root.is_array() && root.size() > texts_max)
    return unexpected(ErrorKind::too_large, "at most 1000 texts at once");
  analysis::Scratch scratch;
  JsonWriter out;
  const auto one = [&](const connectors::JsonValue& value) -> Status {
    const auto text = text_of(value);
    if (!text) return unexpected(text.error());
    const auto verdict =
        daemon::score_text(snapshot.pipeline->analyser(), *text, analysis::WithEvidence::yes, scratch);
    analysis::write_score(out, text->id, text->text, verdict, analysis::WithEvidence::yes,
                          snapshot.own_issues);
    return Done{};
  };
  if (!root.is_array()) {
    if (auto status = one(root); !status) return unexpected(status.error());
    return json(out.str());
  }
  out.begin_array();
  for (const auto value : root)
    if (auto status = one(value); !status) return unexpected(status.error());
  return json(out.end_array().str());
}

async::Awaitable<Response> score(const RouteServices& services, Request request) {
  const auto snapshot = services.snapshots.now();
  auto work = [&request, &snapshot] { return score_all(request.body, *snapshot); };
  auto answer = co_await async::run_on(services.analysing, std::move(work));
  co_return answer ? std::move(*answer) : problem(answer.error());
}

}  // namespace

void add_score_routes(Router& router, const RouteServices& services) {
  const Command run = [&services](Request request) { return score(services, std::move(request)); };
  router.add({.method = "POST", .pattern = "/api/v1/score", .run = run});
}

}  // namespace earshot::api
