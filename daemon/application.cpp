#include "daemon/application.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "daemon/api/api.hpp"
#include "daemon/committer.hpp"
#include "daemon/delivery_loop.hpp"
#include "daemon/index_loop.hpp"
#include "daemon/job_loop.hpp"
#include "daemon/prepare.hpp"
#include "daemon/progress.hpp"
#include "daemon/retention.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/source_loop.hpp"
#include "net/auth/auth_client.hpp"
#include "net/curl_client.hpp"
#include "net/direct_live_client.hpp"
#include "net/imap_client.hpp"
#include "store/store.hpp"

namespace earshot::daemon {
namespace asio = boost::asio;
namespace {

/// A generation of source loops: what one configuration listens to. A reload ends one generation and starts
/// the next.
struct Generation {
  std::unique_ptr<net::CurlClient> http;
  std::unique_ptr<net::DirectLiveClient> live;
  std::unique_ptr<net::auth::AuthClient> auth;
  std::unique_ptr<net::ImapClient> mail;
  std::vector<std::unique_ptr<SourceLoop>> loops;
  std::vector<JobBrand> brands;
  api::Snapshot snapshot;  ///< what the HTTP API needs of the configuration
  int running = 0;
};

net::ClientOptions client_options(const Config& config) {
  net::ClientOptions options;
  options.user_agent = config.user_agent.empty() ? "earshot/0.1 (social listening" : config.user_agent;
  if (config.user_agent.empty())
    options.user_agent += config.contact.empty() ? ")" : "; +" + config.contact + ")";
  return options;
}

std::string output_directory(const Config& config) {
  if (!config.output.empty()) return config.output;
  return (std::filesystem::path(config.database).parent_path() / "out").string();
}

}  // namespace

struct Application::State {
  explicit State(const ApplicationOptions& given)
      : options(given), signals(io, SIGTERM, SIGINT, SIGHUP), job_timer(io), watchdog_timer(io) {}
  ~State() {
    storing.join();
    if (analysing) analysing->join();
  }

  Status start(Config loaded);
  Status serve();
  Result<std::unique_ptr<Generation>> build(const Config& loaded);
  void listen(std::unique_ptr<Generation> next);
  async::Awaitable<void> watch_signals();
  async::Awaitable<void> watchdog();
  async::Awaitable<void> jobs();
  async::Awaitable<Status> retain();
  async::Awaitable<void> one_loop(SourceLoop& loop, Generation& owner);
  async::Awaitable<void> one_catch_up(SourceLoop& loop, int& left, bool& failed);
  async::Awaitable<void> once(int& exit_code);
  async::Awaitable<Status> run_jobs();
  async::Awaitable<void> reload();
  async::Awaitable<void> drain();
  LoopServices services(Generation& generation);
  std::uint64_t seed_now() const { return static_cast<std::uint64_t>(to_ms(clock.now())); }
  template <typename Coroutine>
  void spawn(Coroutine coroutine);

  ApplicationOptions options;
  Config config;
  SystemClock clock;
  asio::io_context io{1};
  asio::thread_pool storing{1};
  std::unique_ptr<asio::thread_pool> analysing;
  ServiceManager manager;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<IndexLoop> index;
  std::unique_ptr<Committer> committer;
  std::unique_ptr<api::Api> api;  ///< nothing in a run that ends by itself
  std::unique_ptr<DeliveryLoop> delivery;
  std::unique_ptr<Generation> generation;
  std::vector<std::unique_ptr<Generation>> retired;  ///< replaced while a loop of theirs was still ending
  asio::signal_set signals;
  asio::steady_timer job_timer;
  asio::steady_timer watchdog_timer;
  bool stopping = false;
  int exit_code = 0;
};

/// A coroutine at the top: what escapes it is our bug; it is logged and ends the daemon rather than half of
/// it.
template <typename Coroutine>
void Application::State::spawn(Coroutine coroutine) {
  asio::co_spawn(io, std::move(coroutine), [this](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log::error("a task failed", {{"error", error.what()}});
    }
    exit_code = 1;
    io.stop();
  });
}

LoopServices Application::State::services(Generation& owner) {
  return LoopServices{
      .http = *owner.auth,
      .clock = clock,
      .store = *store,
      .committer = *committer,
      .home = io.get_executor(),
      .storing = storing.get_executor(),
      .analysing = analysing->get_executor(),
      .secrets = owner.auth.get(),
      .mail = owner.mail.get(),
      .store_broken =
          [this](const Error& error) {
            log::error("the database failed; stopping, so that a restart begins from what is durable",
                       {{"kind", to_string(error.kind)}, {"error", error.message}});
            exit_code = 1;
            io.stop();
          },
      .live = owner.auth.get(),
      .stored =
          [this](const std::string& source, std::int64_t mentions) {
            if (api) api->stored(source, mentions);
          }};
}

Status Application::State::start(Config loaded) {
  if (!options.database.empty()) loaded.database = options.database;
  // Mistakes of the configuration come before any file is touched.
  if (auto checked = prepare(loaded, {}); !checked) return unexpected(checked.error());
  auto opened = store::open_store(loaded.database);
  if (!opened) return unexpected(opened.error());
  store = std::move(*opened);
  index = std::make_unique<IndexLoop>(*store, io.get_executor());
  analysing = std::make_unique<asio::thread_pool>(static_cast<std::size_t>(loaded.workers));
  committer = std::make_unique<Committer>(*store, storing.get_executor(), io.get_executor());
  delivery = std::make_unique<DeliveryLoop>(*store, clock, io.get_executor(), storing.get_executor());
  delivery->configure(loaded, client_options(loaded));
  auto built = build(loaded);
  if (!built) return unexpected(built.error());
  generation = std::move(*built);
  config = std::move(loaded);
  return options.mode == Mode::once ? Status(Done{}) : serve();
}

Status Application::State::serve() {
  api = std::make_unique<api::Api>(api::ApiServices{.clock = clock,
                                                    .store = *store,
                                                    .committer = *committer,
                                                    .home = io.get_executor(),
                                                    .storing = storing.get_executor(),
                                                    .analysing = analysing->get_executor(),
                                                    .database = config.database},
                                   config.http);
  api->replace(generation->snapshot, config.http);
  return api->open(manager.take_sockets());
}

Result<std::unique_ptr<Generation>> Application::State::build(const Config& loaded) {
  auto next = std::make_unique<Generation>();
  std::vector<BrandId> ids;
  for (const auto& brand : loaded.brands) {
    auto id = store->ensure_brand(brand.name);
    if (!id) return unexpected(id.error());
    ids.push_back(*id);
    JobBrand job{.id = *id, .name = brand.name, .names = brand.aliases};
    job.names.insert(job.names.end(), brand.products.begin(), brand.products.end());
    for (const auto& other : loaded.brands) {
      if (std::ranges::find(brand.competitors, other.name) == brand.competitors.end()) continue;
      job.competitors.push_back(other.name);
      job.competitors.insert(job.competitors.end(), other.aliases.begin(), other.aliases.end());
      job.competitors.insert(job.competitors.end(), other.products.begin(), other.products.end());
    }
    job.terms = terms_of(loaded.service, brand.name);
    next->brands.push_back(std::move(job));
  }
  for (std::size_t i = 0; i < loaded.analysis.own_issues.size(); ++i) {
    const auto bit = static_cast<std::uint8_t>(own_issue_first + i);
    auto status = store->ensure_issue_name(bit, loaded.analysis.own_issues[i].name);
    if (!status) return unexpected(status.error());
  }
  auto prepared = prepare(loaded, ids);
  if (!prepared) return unexpected(prepared.error());
  next->snapshot = api::Snapshot{.brands = prepared->brands,
                                 .money = loaded.money,
                                 .kpis = loaded.kpis,
                                 .own_issues = {},
                                 .pipeline = prepared->pipeline};
  for (const auto& issue : loaded.analysis.own_issues) next->snapshot.own_issues.push_back(issue.name);
  next->http =
      std::make_unique<net::CurlClient>(io.get_executor(), clock, client_options(loaded), prepared->guard);
  next->live = std::make_unique<net::DirectLiveClient>(io.get_executor(), client_options(loaded).user_agent,
                                                       prepared->guard);
  next->auth = std::make_unique<net::auth::AuthClient>(
      loaded.credentials, net::auth::AuthServices{.http = *next->http,
                                                  .clock = clock,
                                                  .places = {.folder = loaded.credentials_folder},
                                                  .tokens_folder = tokens_folder(loaded),
                                                  .home = io.get_executor(),
                                                  .blocking = storing.get_executor(),
                                                  .seed = seed_now(),
                                                  .live = next->live.get()});
  next->mail = std::make_unique<net::ImapClient>(io.get_executor(), prepared->guard);
  for (auto& source : prepared->sources) {
    auto id = store->ensure_source(source.config.name, source.config.connector);
    if (!id) return unexpected(id.error());
    const auto seed = seed_now() * 31 + static_cast<std::uint64_t>(id->value);
    next->loops.push_back(std::make_unique<SourceLoop>(services(*next), source.config, *id,
                                                       std::move(source.connector), prepared->pipeline,
                                                       source.brands, source.about, seed));
  }
  return next;
}

async::Awaitable<void> Application::State::one_loop(SourceLoop& loop, Generation& owner) {
  co_await loop.run();
  --owner.running;
}

void Application::State::listen(std::unique_ptr<Generation> next) {
  std::erase_if(retired, [](const auto& old) { return old->running == 0; });
  // A loop that did not end in time (the store is stuck) still refers to its generation.
  if (generation && generation->running > 0) retired.push_back(std::move(generation));
  generation = std::move(next);
  generation->running = static_cast<int>(generation->loops.size());
  for (auto& loop : generation->loops) spawn(one_loop(*loop, *generation));
}

async::Awaitable<void> Application::State::drain() {
  if (!generation) co_return;
  for (auto& loop : generation->loops) loop->stop();
  generation->auth->stop();
  generation->http->stop();
  generation->live->stop();
  generation->mail->stop();
  asio::steady_timer pause(io);
  for (int waited = 0; generation->running > 0 && waited < 20'000; waited += 20) {
    pause.expires_after(std::chrono::milliseconds(20));
    co_await pause.async_wait(asio::use_awaitable);
  }
  if (generation->running > 0) log::error("sources did not stop in time", {{"left", generation->running}});
}

async::Awaitable<void> Application::State::reload() {
  manager.reloading();
  auto loaded = load_config(options.config_path);
  if (loaded) {
    loaded->database = config.database;
    auto checked = prepare(*loaded, {});
    if (!checked) loaded = unexpected(checked.error());
  }
  if (!loaded) {
    for (const auto line : split(loaded.error().message, '\n'))
      log::error("configuration kept as it was", {{"mistake", line}});
    manager.ready("listening; the last reload was refused");
    co_return;
  }
  // Built before the old loops end, so that a store which cannot take the new names (a full disk) costs no
  // listening. Building touches the store, which belongs to the store thread.
  std::unique_ptr<Generation> next;
  auto make = [&]() -> Status {
    auto built = build(*loaded);
    if (!built) return unexpected(built.error());
    next = std::move(*built);
    return Done{};
  };
  auto made = co_await async::run_on(storing.get_executor(), make);
  if (!made) {
    log::error("configuration kept as it was", {{"error", made.error().message}});
    manager.ready("listening; the last reload was refused");
    co_return;
  }
  co_await drain();
  next->http->inherit(*generation->http);
  config = std::move(*loaded);
  log::set_level(config.log_level);
  if (api) api->replace(next->snapshot, config.http);
  listen(std::move(next));
  auto delivery_options = client_options(config);
  co_await delivery->reload(config, std::move(delivery_options));
  log::info("configuration reloaded",
            {{"sources", generation->loops.size()}, {"brands", generation->brands.size()}});
  manager.ready("listening");
}

async::Awaitable<void> Application::State::watch_signals() {
  while (!stopping) {
    const int number = co_await signals.async_wait(asio::use_awaitable);
    // A run that ends by itself has nothing to reload, and its loops refer to the generation they began with.
    if (number == SIGHUP && options.mode == Mode::once) continue;
    if (number == SIGHUP) {
      co_await reload();
      continue;
    }
    stopping = true;
    log::info("stopping", {{"signal", number}});
    manager.stopping();
    job_timer.cancel();
    watchdog_timer.cancel();
    index->stop();
    if (api) api->stop();
    co_await drain();
    co_await delivery->drain();
    io.stop();
  }
}

async::Awaitable<void> Application::State::watchdog() {
  const auto interval = manager.watchdog_interval();
  if (!interval) co_return;
  while (!stopping) {
    // Sent from the loop itself, so that a blocked loop is noticed.
    manager.alive();
    watchdog_timer.expires_after(*interval);
    boost::system::error_code cancelled;
    co_await watchdog_timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

async::Awaitable<Status> Application::State::run_jobs() {
  const auto now = clock.now();
  // Copies: a reload may replace the configuration while a job waits for its thread.
  const auto database = config.database;
  const auto directory = output_directory(config);
  const auto brands = generation->brands;
  for (const auto& brand : brands) {
    auto find = [&]() -> Result<Findings> {
      auto reader = store::open_reader(database);
      if (!reader) return unexpected(reader.error());
      return find_all(**reader, brand, now);
    };
    auto findings = co_await async::run_on(analysing->get_executor(), find);
    if (!findings) co_return unexpected(findings.error());
    auto write = [&]() -> Status { return save(*store, *findings, now); };
    auto written = co_await async::run_on(storing.get_executor(), write);
    if (!written) co_return unexpected(written.error());
    auto files = [&]() -> Status {
      auto reader = store::open_reader(database);
      if (!reader) return unexpected(reader.error());
      return publish(**reader, brand, directory, now);
    };
    auto published = co_await async::run_on(analysing->get_executor(), files);
    if (!published) co_return unexpected(published.error());
    if (api) api->found(brand.name);
  }
  auto tidy = [&]() -> Status { return store->checkpoint(); };
  auto tidied = co_await async::run_on(storing.get_executor(), tidy);
  co_return tidied;
}

/// Batch by batch, so that pages get their turn in between.
async::Awaitable<Status> Application::State::retain() {
  auto one = [this]() -> Result<bool> { return let_go(*store, config, clock.now()); };
  for (bool more = true; more && !stopping;) {
    auto gone = co_await async::run_on(storing.get_executor(), one);
    if (!gone) co_return unexpected(gone.error());
    more = *gone;
  }
  co_return Done{};
}

async::Awaitable<void> Application::State::jobs() {
  while (!stopping) {
    job_timer.expires_after(
        std::min(config.insight_interval, std::chrono::milliseconds(std::chrono::hours(24))));
    boost::system::error_code cancelled;
    co_await job_timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (stopping) co_return;
    auto status = co_await run_jobs();
    if (!status) log::warn("insight failed", {{"error", status.error().message}});
    auto retained = co_await retain();
    if (!retained) log::warn("old mentions could not be let go", {{"error", retained.error().message}});
  }
}

async::Awaitable<void> Application::State::one_catch_up(SourceLoop& loop, int& left, bool& failed) {
  auto status = co_await loop.catch_up(3);
  if (!status) failed = true;
  --left;
}

async::Awaitable<void> Application::State::once(int& code) {
  int left = static_cast<int>(generation->loops.size());
  bool failed = false;
  for (auto& loop : generation->loops) spawn(one_catch_up(*loop, left, failed));
  Progress progress;
  asio::steady_timer tick(io);
  while (left > 0) {
    tick.expires_after(std::chrono::milliseconds(100));
    co_await tick.async_wait(asio::use_awaitable);
    progress.show(generation->loops);
  }
  progress.finish(generation->loops);
  auto indexed = co_await index->catch_up();
  if (!indexed) log::warn("the search index fell behind", {{"error", indexed.error().message}});
  auto status = co_await run_jobs();
  if (!status) log::error("insight failed", {{"error", status.error().message}});
  auto retained = co_await retain();
  if (!retained) log::warn("old mentions could not be let go", {{"error", retained.error().message}});
  auto told = co_await delivery->catch_up();
  if (!told) log::warn("findings could not be delivered", {{"error", told.error().message}});
  code = failed || !status ? 1 : 0;
  stopping = true;
  io.stop();
}

Application::Application(std::unique_ptr<State> state) : state_(std::move(state)) {}
Application::~Application() = default;

Result<std::unique_ptr<Application>> Application::create(const ApplicationOptions& options) {
  auto loaded = load_config(options.config_path);
  if (!loaded) return unexpected(loaded.error());
  log::set_level(loaded->log_level);
  auto state = std::make_unique<State>(options);
  if (auto status = state->start(std::move(*loaded)); !status) return unexpected(status.error());
  return std::unique_ptr<Application>(new Application(std::move(state)));
}

int Application::run() {
  auto& s = *state_;
  s.spawn(s.watch_signals());
  if (s.options.mode == Mode::once) {
    s.spawn(s.once(s.exit_code));
  } else {
    s.listen(std::move(s.generation));
    s.spawn(s.watchdog());
    s.spawn(s.jobs());
    s.spawn(s.index->run());
    s.delivery->start();
    log::info("listening", {{"sources", s.generation->loops.size()},
                            {"brands", s.generation->brands.size()},
                            {"database", s.config.database}});
    s.manager.ready("listening");
  }
  s.io.run();
  return s.exit_code;
}

}  // namespace earshot::daemon
