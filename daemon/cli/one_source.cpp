#include "daemon/cli/one_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdio>

#include "daemon/cli/terminal.hpp"
#include "daemon/client_options.hpp"

namespace earshot::cli {
namespace asio = boost::asio;
namespace {

void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

async::Awaitable<void> catch_up_into(daemon::SourceLoop& loop, int attempts_max,
                                     daemon::SourceLoop::Budget budget, Status& out) {
  auto status = co_await loop.catch_up(attempts_max, budget);
  out = std::move(status);
}

}  // namespace

Result<std::unique_ptr<OneSource>> OneSource::open(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  if (!config) return unexpected(config.error());
  if (!options.database.empty()) config->database = options.database;
  auto prepared = daemon::prepare(*config, {});
  if (!prepared) return unexpected(prepared.error());
  std::string known;
  for (std::size_t i = 0; i < prepared->sources.size(); ++i) {
    const auto& name = prepared->sources[i].config.name;
    if (name == options.name)
      return std::unique_ptr<OneSource>(new OneSource(std::move(*config), std::move(*prepared), i));
    known += (known.empty() ? "" : ", ") + name;
  }
  return unexpected(ErrorKind::gone, "there is no source '" + options.name + "'; known are: " + known);
}

OneSource::OneSource(daemon::Config config, daemon::Prepared prepared, std::size_t at)
    : config_(std::move(config)),
      prepared_(std::move(prepared)),
      source_(&prepared_.sources[at]),
      plain_(io_.get_executor(), clock_, daemon::client_options(config_), prepared_.guard),
      mail_(io_.get_executor(), prepared_.guard),
      http_(config_.credentials,
            net::auth::AuthServices{.http = plain_,
                                    .clock = clock_,
                                    .places = {.folder = config_.credentials_folder},
                                    .tokens_folder = daemon::tokens_folder(config_),
                                    .home = io_.get_executor(),
                                    .blocking = io_.get_executor(),
                                    .seed = static_cast<std::uint64_t>(to_ms(clock_.now()))}) {}

connectors::Context OneSource::context() {
  return {.http = http_, .clock = clock_, .secrets = &http_, .mail = &mail_};
}

void OneSource::run(async::Awaitable<void> work) {
  asio::co_spawn(io_, std::move(work), rethrow);
  io_.restart();
  io_.run();
}

Result<std::unique_ptr<store::Store>> OneSource::open_store() {
  auto store = store::open_store(config_.database);
  if (!store) return unexpected(store.error());
  auto prepared = daemon::prepare(config_, **store);
  if (!prepared) return unexpected(prepared.error());
  const auto name = source_->config.name;
  prepared_ = std::move(*prepared);
  for (auto& candidate : prepared_.sources)
    if (candidate.config.name == name) source_ = &candidate;
  return store;
}

Status OneSource::catch_up(const Wrap& wrap, int attempts_max, daemon::SourceLoop::Budget budget) {
  auto store = open_store();
  if (!store) return unexpected(store.error());
  auto id = (*store)->ensure_source(source_->config.name, source_->config.connector);
  if (!id) return unexpected(id.error());
  asio::thread_pool storing(1), analysing(1);
  daemon::Committer committer(**store, storing.get_executor(), io_.get_executor());
  const daemon::LoopServices services{.http = http_,
                                      .clock = clock_,
                                      .store = **store,
                                      .committer = committer,
                                      .home = io_.get_executor(),
                                      .storing = storing.get_executor(),
                                      .analysing = analysing.get_executor(),
                                      .secrets = &http_,
                                      .mail = &mail_};
  auto connector = wrap ? wrap(std::move(source_->connector)) : std::move(source_->connector);
  daemon::SourceLoop loop(services, source_->config, *id, std::move(connector), prepared_.pipeline,
                          source_->brands, source_->about, 1);
  Status status = Done{};
  run(catch_up_into(loop, attempts_max, budget, status));
  storing.join();
  analysing.join();
  const auto& tally = loop.tally();
  std::fprintf(stderr, "%lld items in %lld pages, %lld new mentions, %lld of no brand, %lld bad items\n",
               static_cast<long long>(tally.items), static_cast<long long>(tally.pages),
               static_cast<long long>(tally.stored), static_cast<long long>(tally.unmatched),
               static_cast<long long>(tally.malformed));
  return status;
}

int fail_to_open(const Error& error) { return fail(error.message, error.kind == ErrorKind::gone ? 2 : 1); }

}  // namespace earshot::cli
