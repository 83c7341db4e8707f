#include "daemon/application.hpp"

#include <signal.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/async/run_on.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "daemon/api/api.hpp"
#include "daemon/client_options.hpp"
#include "daemon/committer.hpp"
#include "daemon/delivery_loop.hpp"
#include "daemon/generation.hpp"
#include "daemon/index_loop.hpp"
#include "daemon/insight_loop.hpp"
#include "daemon/prepare.hpp"
#include "daemon/progress.hpp"
#include "daemon/report_loop.hpp"
#include "daemon/service_manager.hpp"
#include "store/store.hpp"

namespace earshot::daemon {
namespace asio = boost::asio;

struct Application::State {
  explicit State(const ApplicationOptions& given)
      : options(given), signals(io, SIGTERM, SIGINT, SIGHUP), watchdog_timer(io) {}
  ~State() {
    storing.join();
    if (analysing) analysing->join();
  }

  Status start(Config loaded);
  Status serve();
  GenerationParts parts();
  void listen(std::unique_ptr<Generation> next);
  async::Awaitable<void> watch_signals();
  async::Awaitable<void> watchdog();
  async::Awaitable<void> one_loop(SourceLoop& loop, Generation& owner);
  async::Awaitable<void> one_farewell(Farewell& farewell, Generation& owner);
  async::Awaitable<void> one_catch_up(SourceLoop& loop, int& left, bool& failed);
  async::Awaitable<void> once(int& exit_code);
  async::Awaitable<void> reload();
  async::Awaitable<void> drain();
  template <typename Coroutine>
  void spawn(Coroutine coroutine);
  Status ask_for_reload();
  Status poll_now(const std::string& source);
  std::shared_ptr<connectors::PushReceiver> receiver(const std::string& source);

  ApplicationOptions options;
  Config config;
  SystemClock clock;
  RunLog run_log{clock.now()};
  Controls controls;
  asio::io_context io{1};
  asio::thread_pool storing{1};
  std::unique_ptr<asio::thread_pool> analysing;
  ServiceManager manager;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<IndexLoop> index;
  std::unique_ptr<Committer> committer;
  std::unique_ptr<api::Api> api;  ///< nothing in a run that ends by itself
  std::unique_ptr<InsightLoop> insight;
  std::unique_ptr<ReportLoop> reports;
  std::unique_ptr<DeliveryLoop> delivery;
  std::unique_ptr<Generation> generation;
  std::vector<std::unique_ptr<Generation>> retired;  ///< replaced while a loop of theirs was still ending
  asio::signal_set signals;
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

GenerationParts Application::State::parts() {
  return GenerationParts{
      .clock = clock,
      .store = *store,
      .committer = *committer,
      .home = io.get_executor(),
      .storing = storing.get_executor(),
      .analysing = analysing->get_executor(),
      .store_broken =
          [this](const Error& error) {
            log::error("the database failed; stopping, so that a restart begins from what is durable",
                       {{"kind", to_string(error.kind)}, {"error", error.message}});
            exit_code = 1;
            io.stop();
          },
      .stored =
          [this](const std::string& source, std::int64_t mentions) {
            if (api) api->stored(source, mentions);
          },
      .polled =
          [this](std::chrono::steady_clock::duration delay) {
            if (api) api->polled(delay);
          },
      .heard =
          [this](const std::string& source, const EmptyFields& fields) {
            if (api) api->heard(source, fields);
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
  auto built = build_generation(loaded, parts());
  if (!built) return unexpected(built.error());
  generation = std::move(*built);
  config = std::move(loaded);
  insight = std::make_unique<InsightLoop>(InsightServices{.clock = clock,
                                                          .store = *store,
                                                          .home = io.get_executor(),
                                                          .storing = storing.get_executor(),
                                                          .analysing = analysing->get_executor(),
                                                          .found =
                                                              [this](const std::string& brand) {
                                                                if (api) api->found(brand);
                                                              },
                                                          .log = run_log,
                                                          .store_broken = parts().store_broken});
  insight->configure(config, generation->brands);
  reports = std::make_unique<ReportLoop>(ReportServices{.clock = clock,
                                                        .store = *store,
                                                        .home = io.get_executor(),
                                                        .storing = storing.get_executor(),
                                                        .analysing = analysing->get_executor(),
                                                        .log = run_log});
  reports->configure(config);
  return options.mode == Mode::once ? Status(Done{}) : serve();
}

Status Application::State::ask_for_reload() {
  auto loaded = load_config(options.config_path);
  if (!loaded) return unexpected(loaded.error());
  if (auto checked = prepare(*loaded, {}); !checked) return unexpected(checked.error());
  // One way to a new configuration, so that reloads and the end of the process never meet halfway.
  ::kill(::getpid(), SIGHUP);
  return Done{};
}

Status Application::State::poll_now(const std::string& source) {
  for (auto& loop : generation->loops) {
    if (loop->name() != source) continue;
    if (loop->poll_now()) return Done{};
    return unexpected(ErrorKind::rate_limited, "'" + printable(source) +
                                                   "' has nothing that is polled, or its platform asked for "
                                                   "patience: see /api/v1/sources");
  }
  return unexpected(ErrorKind::invalid, "no source '" + printable(source) + "' is listened to");
}

std::shared_ptr<connectors::PushReceiver> Application::State::receiver(const std::string& source) {
  return generation->receiver(source);
}

Status Application::State::serve() {
  controls = Controls{.reload = [this] { return ask_for_reload(); },
                      .poll = [this](const std::string& source) { return poll_now(source); },
                      .deliver = [this] { delivery->try_now(); },
                      .find = [this] { insight->find_soon(); },
                      .receiver = [this](const std::string& source) { return receiver(source); }};
  api = std::make_unique<api::Api>(api::ApiServices{.clock = clock,
                                                    .store = *store,
                                                    .committer = *committer,
                                                    .home = io.get_executor(),
                                                    .storing = storing.get_executor(),
                                                    .analysing = analysing->get_executor(),
                                                    .database = config.database,
                                                    .controls = controls,
                                                    .run_log = run_log},
                                   config.http);
  api->replace(generation->snapshot, config.http);
  return api->open(manager.take_sockets());
}

async::Awaitable<void> Application::State::one_loop(SourceLoop& loop, Generation& owner) {
  co_await loop.run();
  --owner.running;
}

async::Awaitable<void> Application::State::one_farewell(Farewell& farewell, Generation& owner) {
  co_await farewell.run();
  --owner.running;
}

void Application::State::listen(std::unique_ptr<Generation> next) {
  std::erase_if(retired, [](const auto& old) { return old->running == 0; });
  // A loop that did not end in time (the store is stuck) still refers to its generation.
  if (generation && generation->running > 0) retired.push_back(std::move(generation));
  generation = std::move(next);
  generation->running = static_cast<int>(generation->loops.size() + generation->farewells.size());
  for (auto& loop : generation->loops) spawn(one_loop(*loop, *generation));
  for (auto& farewell : generation->farewells) spawn(one_farewell(*farewell, *generation));
}

async::Awaitable<void> Application::State::drain() {
  if (!generation) co_return;
  generation->stop();
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
    auto built = build_generation(*loaded, parts());
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
  run_log.configured(clock.now());
  log::set_level(config.log_level);
  if (api) api->replace(next->snapshot, config.http);
  insight->configure(config, next->brands);
  reports->configure(config);
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
    insight->stop();
    reports->stop();
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

async::Awaitable<void> Application::State::one_catch_up(SourceLoop& loop, int& left, bool& failed) {
  auto status = co_await loop.catch_up(3, SourceLoop::Budget::unlimited);
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
  auto status = co_await insight->find();
  if (!status) log::error("insight failed", {{"error", status.error().message}});
  auto retained = co_await insight->retain();
  if (!retained) log::warn("old mentions could not be let go", {{"error", retained.error().message}});
  auto reported = co_await reports->send_due();
  if (!reported) log::warn("a report could not be written", {{"error", reported.error().message}});
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
    s.spawn(s.insight->run());
    s.spawn(s.reports->run());
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
