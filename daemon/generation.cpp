#include "daemon/generation.hpp"

#include <algorithm>

#include "daemon/client_options.hpp"
#include "daemon/committer.hpp"
#include "daemon/prepare.hpp"
#include "store/store.hpp"

namespace earshot::daemon {
namespace {

LoopServices services(const GenerationParts& parts, Generation& owner) {
  return LoopServices{.http = *owner.auth,
                      .clock = parts.clock,
                      .store = parts.store,
                      .committer = parts.committer,
                      .home = parts.home,
                      .storing = parts.storing,
                      .analysing = parts.analysing,
                      .secrets = owner.auth.get(),
                      .mail = owner.mail.get(),
                      .store_broken = parts.store_broken,
                      .live = owner.auth.get(),
                      .stored = parts.stored,
                      .polled = parts.polled,
                      .heard = parts.heard};
}

/// The brands as the jobs need them; `brands` are the configured ones with their ids in the store.
void name_brands(const Config& config, const std::vector<Brand>& brands, Generation& next) {
  for (const auto& brand : brands) {
    JobBrand job{.id = brand.id, .name = brand.name, .names = brand.aliases};
    job.names.insert(job.names.end(), brand.products.begin(), brand.products.end());
    for (const auto& other : config.brands) {
      if (std::ranges::find(brand.competitors, other.name) == brand.competitors.end()) continue;
      job.competitors.push_back(other.name);
      job.competitors.insert(job.competitors.end(), other.aliases.begin(), other.aliases.end());
      job.competitors.insert(job.competitors.end(), other.products.begin(), other.products.end());
    }
    job.terms = terms_of(config.service, brand.name);
    job.links = links_of(config.links, brand.name);
    next.brands.push_back(std::move(job));
  }
}

Status name_issues(const Config& config, const GenerationParts& parts) {
  for (std::size_t i = 0; i < config.analysis.own_issues.size(); ++i) {
    const auto bit = static_cast<std::uint8_t>(own_issue_first + i);
    auto status = parts.store.ensure_issue_name(bit, config.analysis.own_issues[i].name);
    if (!status) return unexpected(status.error());
  }
  return Done{};
}

/// Sources that were listened to once, and whose connector has something left to do.
Status say_farewell(const Config& config, const GenerationParts& parts, Generation& next) {
  const auto& address = config.http.public_address;
  auto reader = parts.store.reader();
  if (!reader) return unexpected(reader.error());
  const auto known = (*reader)->sources();
  if (!known) return unexpected(known.error());
  for (const auto& source : *known) {
    const bool listens =
        std::ranges::any_of(next.loops, [&](const auto& loop) { return loop->name() == source.name; });
    const auto* spec = listens ? nullptr : connectors::find_connector(source.connector);
    if (spec == nullptr || spec->leaving.stream.empty()) continue;
    const auto kept = parts.store.stream(source.id, spec->leaving.stream);
    if (!kept) return unexpected(kept.error());
    if (!kept->cursor) continue;
    const connectors::ConnectorInput input{
        .source = source.name,
        .settings = {},
        .brands = {},
        .callback = address.empty() ? "" : address + "/hooks/" + source.name};
    if (auto connector = spec->leaving.make(input, *kept->cursor))
      next.farewells.push_back(
          std::make_unique<Farewell>(services(parts, next), source.name, source.id, std::move(connector)));
  }
  return Done{};
}

}  // namespace

std::shared_ptr<connectors::PushReceiver> Generation::receiver(const std::string& source) {
  for (auto& loop : loops)
    if (loop->name() == source) return loop->receiver();
  for (auto& farewell : farewells)
    if (farewell->name() == source) return farewell->receiver();
  return nullptr;
}

void Generation::stop() {
  for (auto& loop : loops) loop->stop();
  for (auto& farewell : farewells) farewell->stop();
  auth->stop();
  http->stop();
  live->stop();
  mail->stop();
}

Result<std::unique_ptr<Generation>> build_generation(const Config& config, const GenerationParts& parts) {
  auto next = std::make_unique<Generation>();
  const auto seed = static_cast<std::uint64_t>(to_ms(parts.clock.now()));
  auto prepared = prepare(config, parts.store);
  if (!prepared) return unexpected(prepared.error());
  name_brands(config, prepared->brands, *next);
  if (auto status = name_issues(config, parts); !status) return unexpected(status.error());
  next->snapshot = api::Snapshot{.brands = prepared->brands,
                                 .money = config.money,
                                 .kpis = config.kpis,
                                 .ror_half_life = config.ror_half_life,
                                 .service = config.service,
                                 .legal = config.legal,
                                 .own_issues = {},
                                 .pipeline = prepared->pipeline};
  for (const auto& issue : config.analysis.own_issues) next->snapshot.own_issues.push_back(issue.name);
  next->http =
      std::make_unique<net::CurlClient>(parts.home, parts.clock, client_options(config), prepared->guard);
  next->live =
      std::make_unique<net::DirectLiveClient>(parts.home, client_options(config).user_agent, prepared->guard);
  next->auth = std::make_unique<net::auth::AuthClient>(
      config.credentials, net::auth::AuthServices{.http = *next->http,
                                                  .clock = parts.clock,
                                                  .places = {.folder = config.credentials_folder},
                                                  .tokens_folder = tokens_folder(config),
                                                  .home = parts.home,
                                                  .blocking = parts.storing,
                                                  .seed = seed,
                                                  .live = next->live.get()});
  next->mail = std::make_unique<net::ImapClient>(parts.home, prepared->guard);
  for (auto& source : prepared->sources) {
    auto id = parts.store.ensure_source(source.config.name, source.config.connector);
    if (!id) return unexpected(id.error());
    const auto own_seed = seed * 31 + static_cast<std::uint64_t>(id->value);
    next->loops.push_back(std::make_unique<SourceLoop>(services(parts, *next), source.config, *id,
                                                       std::move(source.connector), prepared->pipeline,
                                                       source.brands, source.about, own_seed));
  }
  if (auto status = say_farewell(config, parts, *next); !status) return unexpected(status.error());
  return next;
}

}  // namespace earshot::daemon
