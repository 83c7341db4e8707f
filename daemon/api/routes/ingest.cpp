// Mentions pushed to us: the interchange format, line by line, through the pipeline like any page.
#include <algorithm>

#include "connectors/import/import_reader.hpp"
#include "core/async/run_on.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/api/routes/routes.hpp"
#include "daemon/legal.hpp"

namespace earshot::api {
namespace {

constexpr const char* connector = "push";
constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t errors_max = 100;

struct Pushed {
  store::Batch batch;
  std::vector<connectors::import::ImportError> errors;
};

Result<Pushed> read(const std::string& body, const daemon::Pipeline& pipeline, daemon::PageOrigin origin,
                    Timestamp now) {
  connectors::import::ImportBatch read;
  connectors::import::ImportReader reader({.platform = {}, .now = now, .columns = {}});
  reader.push(body, read);
  reader.finish(read);
  Page page;
  for (auto& item : read.mentions) page.mentions.push_back(std::move(item.mention));
  page.bad_items.resize(read.errors.size());
  return Pushed{.batch = pipeline.process(std::move(page), origin, now), .errors = std::move(read.errors)};
}

/// Where mentions of this name are kept; without a source as long as there was none to keep. A name that a
/// configured source has is refused, since the two would be counted as one.
Result<daemon::PageOrigin> origin_of(store::Store& store, const std::string& name) {
  auto reader = store.reader();
  if (!reader) return unexpected(reader.error());
  const auto sources = (*reader)->sources();
  if (!sources) return unexpected(sources.error());
  daemon::PageOrigin out{.source = {}, .stream = connector};
  for (const auto& source : *sources) {
    if (source.name != name) continue;
    if (source.connector != connector && source.connector != "import")
      return unexpected(ErrorKind::invalid,
                        "'" + name + "' is a source that the daemon polls; choose another name");
    const auto stream = store.stream(source.id, connector);
    if (!stream) return unexpected(stream.error());
    out.source = source.id;
    out.epoch = stream->epoch;
  }
  return out;
}

/// Whether something of it would be stored in a source that nothing is in yet.
bool brings_something(const store::Batch& batch) {
  return std::ranges::any_of(batch.mentions, [](const auto& item) { return !item.verdicts.empty(); });
}

/// Makes the source that a batch is the first of.
Status make_source(store::Store& store, const std::string& name, store::Batch& batch) {
  const auto id = store.ensure_source(name, connector);
  if (!id) return unexpected(id.error());
  const auto stream = store.stream(*id, connector);
  if (!stream) return unexpected(stream.error());
  batch.source = *id;
  batch.epoch = stream->epoch;
  return Done{};
}

/// What became of it, as members of an object.
void write_receipt(JsonWriter& out, const store::Receipt& receipt,
                   const std::vector<connectors::import::ImportError>& errors) {
  out.field("stored", receipt.stored).field("duplicate", receipt.duplicate);
  out.field("updated", receipt.updated).field("unmatched", receipt.unmatched);
  out.field("malformed", static_cast<std::int64_t>(errors.size())).key("errors").begin_array();
  for (std::size_t i = 0; i < errors.size() && i < errors_max; ++i)
    out.value("line " + std::to_string(errors[i].line) + ": " + errors[i].reason);
  out.end_array();
}

/// 400 when nothing was good.
Response answer_of(const store::Receipt& receipt,
                   const std::vector<connectors::import::ImportError>& errors) {
  JsonWriter out;
  if (errors.empty() || receipt != store::Receipt{.epoch = receipt.epoch}) {
    write_receipt(out.begin_object(), receipt, errors);
    return json(out.end_object().str());
  }
  out.begin_object().field("type", "about:blank").field("title", reason_phrase(400)).field("status", 400);
  out.field("detail", "no line is a mention; errors says what is wrong with each");
  write_receipt(out, receipt, errors);
  return Response{.status = 400, .content_type = "application/problem+json", .body = out.end_object().str()};
}

async::Awaitable<Response> push(const RouteServices& services, Request request) {
  const auto name = request.text("source");
  if (name.empty() || name.size() > name_bytes_max || printable(name) != name)
    co_return problem(400, "source= names where the mentions come from, in at most 100 bytes");
  auto find = [&services, &name] { return origin_of(services.store, name); };
  auto origin = co_await async::run_on(services.storing, std::move(find));
  if (!origin) co_return problem(origin.error());
  const auto snapshot = services.snapshots.now();
  origin->keeping = daemon::keeping_of(daemon::legal_of(snapshot->legal, name, connector));
  const auto now = services.clock.now();
  auto work = [&request, &snapshot, &origin, now] {
    return read(request.body, *snapshot->pipeline, *origin, now);
  };
  auto pushed = co_await async::run_on(services.analysing, std::move(work));
  if (!pushed) co_return problem(pushed.error());
  auto& batch = pushed->batch;
  if (!batch.source && !brings_something(batch)) {
    const store::Receipt nothing{.unmatched = static_cast<std::int64_t>(batch.mentions.size())};
    co_return answer_of(nothing, pushed->errors);
  }
  if (!batch.source) {
    auto make = [&services, &name, &batch] { return make_source(services.store, name, batch); };
    const auto made = co_await async::run_on(services.storing, std::move(make));
    if (!made) co_return problem(made.error());
  }
  auto receipt = co_await services.committer.commit(std::move(batch));
  if (!receipt) co_return problem(receipt.error());
  services.events.stored(name, receipt->stored + receipt->updated);
  co_return answer_of(*receipt, pushed->errors);
}

}  // namespace

void add_ingest_routes(Router& router, const RouteServices& services) {
  const Command run = [&services](Request request) { return push(services, std::move(request)); };
  router.add({.method = "POST", .pattern = "/api/v1/mentions", .scope = Scope::ingest, .run = run});
}

}  // namespace earshot::api
