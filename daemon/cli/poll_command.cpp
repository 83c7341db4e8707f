// poll: one look at one source, now; with --dry-run nothing is stored.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/prepare.hpp"
#include "daemon/source_loop.hpp"
#include "net/auth/auth_client.hpp"
#include "net/curl_client.hpp"
#include "net/imap_client.hpp"

namespace earshot::cli {
namespace asio = boost::asio;
namespace {

struct DryRun {
  connectors::Connector& connector;
  net::auth::AuthClient& http;
  net::MailClient& mail;
  const daemon::Pipeline& pipeline;
  daemon::PageOrigin origin;
  bool json = false;
  bool failed = false;
};

void print_item(const store::ScoredMention& item, bool json) {
  const auto& m = item.mention;
  if (json) {
    JsonWriter out;
    out.begin_object()
        .field("platform", m.platform)
        .field("native_id", m.native_id)
        .field("author", m.author.handle);
    out.field("url", m.url).field("text", m.text).key("polarity");
    item.verdicts.empty() ? out.null()
                          : out.value(to_string(item.verdicts.front().verdict.sentiment.polarity));
    out.end_object();
    std::printf("%s\n", out.str().c_str());
    return;
  }
  const auto polarity = item.verdicts.empty()
                            ? "no brand"
                            : std::string(to_string(item.verdicts.front().verdict.sentiment.polarity));
  std::printf("  %-9s %s  @%s  %s\n", polarity.c_str(), show_time(m.created_at).c_str(),
              printable(m.author.handle).c_str(),
              clip(squeeze_space(printable(m.title.empty() ? m.text : m.title + ": " + m.text)),
                   std::max(30, terminal_width() - 60))
                  .c_str());
}

async::Awaitable<void> dry_run(DryRun& run) {
  static const SystemClock clock;
  connectors::Context context{.http = run.http, .clock = clock, .secrets = &run.http, .mail = &run.mail};
  for (const auto& stream : run.connector.streams()) {
    if (stream.live) {
      std::fprintf(stderr, "%s: live, heard by earshotd alone\n", stream.name.c_str());
      continue;
    }
    auto page = co_await run.connector.fetch(context, stream, std::nullopt);
    if (!page) {
      std::fprintf(stderr, "earshot: %s: %s\n", stream.name.c_str(), printable(page.error().message).c_str());
      run.failed = true;
      continue;
    }
    std::fprintf(stderr, "%s: %zu items, %zu bad, %s\n", stream.name.c_str(), page->mentions.size(),
                 page->bad_items.size(), page->more ? "more pages follow" : "caught up");
    for (const auto& bad : page->bad_items)
      std::fprintf(stderr, "  item %zu: %s\n", bad.index, printable(bad.reason).c_str());
    const auto batch = run.pipeline.process(std::move(*page), run.origin, clock.now());
    for (const auto& item : batch.mentions) print_item(item, run.json);
  }
}

async::Awaitable<void> poll_once(daemon::SourceLoop& loop, Status& out) {
  auto status = co_await loop.catch_up(1);
  out = std::move(status);
}

void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

int poll_and_store(const Options& options, daemon::Config config, daemon::PreparedSource& source,
                   net::auth::AuthClient& http, net::MailClient& mail, asio::io_context& io,
                   const daemon::Prepared& prepared) {
  if (!options.database.empty()) config.database = options.database;
  auto store = store::open_store(config.database);
  if (!store) return fail(store.error().message);
  // The ids of the running configuration were numbered from 1; the store's own are what is written.
  std::vector<BrandId> ids;
  for (const auto& brand : prepared.brands) {
    auto id = (*store)->ensure_brand(brand.name);
    if (!id) return fail(id.error().message);
    ids.push_back(*id);
  }
  auto again = daemon::prepare(config, ids);
  if (!again) return fail(again.error().message);
  for (auto& candidate : again->sources)
    if (candidate.config.name == source.config.name) source = std::move(candidate);
  auto id = (*store)->ensure_source(source.config.name, source.config.connector);
  if (!id) return fail(id.error().message);
  asio::thread_pool storing(1), analysing(1);
  daemon::Committer committer(**store, storing.get_executor(), io.get_executor());
  static const SystemClock clock;
  const daemon::LoopServices services{.http = http,
                                      .clock = clock,
                                      .store = **store,
                                      .committer = committer,
                                      .home = io.get_executor(),
                                      .storing = storing.get_executor(),
                                      .analysing = analysing.get_executor(),
                                      .secrets = &http,
                                      .mail = &mail};
  daemon::SourceLoop loop(services, source.config, *id, std::move(source.connector), again->pipeline,
                          source.brands, source.about, 1);
  Status status;
  asio::co_spawn(io, poll_once(loop, status), rethrow);
  io.run();
  storing.join();
  analysing.join();
  const auto& tally = loop.tally();
  std::fprintf(stderr, "%lld items in %lld pages, %lld new mentions, %lld of no brand, %lld bad items\n",
               static_cast<long long>(tally.items), static_cast<long long>(tally.pages),
               static_cast<long long>(tally.stored), static_cast<long long>(tally.unmatched),
               static_cast<long long>(tally.malformed));
  return status ? 0 : fail(status.error().message);
}

}  // namespace

int poll(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  auto prepared = daemon::prepare(*config, {});
  if (!prepared) return fail(prepared.error().message);
  std::string known;
  for (auto& source : prepared->sources) {
    known += (known.empty() ? "" : ", ") + source.config.name;
    if (source.config.name != options.name) continue;
    if (!options.recorded.empty()) return poll_recorded(options, *source.connector, source.config.connector);
    asio::io_context io(1);
    static const SystemClock clock;
    net::CurlClient plain(io.get_executor(), clock, {}, prepared->guard);
    net::ImapClient mail(io.get_executor(), prepared->guard);
    if (!options.database.empty()) config->database = options.database;
    net::auth::AuthClient http(
        config->credentials, net::auth::AuthServices{.http = plain,
                                                     .clock = clock,
                                                     .places = {.folder = config->credentials_folder},
                                                     .tokens_folder = daemon::tokens_folder(*config),
                                                     .home = io.get_executor(),
                                                     .blocking = io.get_executor(),
                                                     .seed = static_cast<std::uint64_t>(to_ms(clock.now()))});
    if (!options.dry_run) return poll_and_store(options, *config, source, http, mail, io, *prepared);
    DryRun run{.connector = *source.connector,
               .http = http,
               .mail = mail,
               .pipeline = *prepared->pipeline,
               .origin = {.source = SourceId{1},
                          .stream = "dry-run",
                          .brands = source.brands,
                          .about = source.about},
               .json = options.json};
    asio::co_spawn(io, dry_run(run), rethrow);
    io.run();
    return run.failed ? 1 : 0;
  }
  return fail("there is no source '" + options.name + "'; known are: " + known, 2);
}

CommandSpec poll_command() {
  return {
      .name = "poll",
      .group = CommandGroup::set_up,
      .purpose = "Poll one source now",
      .examples =
          "  earshot poll forum --dry-run              print what it brings, store nothing\n"
          "  earshot poll forum --recorded page.json   read a recorded reply, show what was found where",
      .run = poll,
      .options = OptionList{{.names = "source",
                             .target = &Options::name,
                             .help = "Name of the source",
                             .kind = ValueKind::source,
                             .required = true},
                            {.names = "-n,--dry-run", .target = &Options::dry_run, .help = "Store nothing"},
                            {.names = "--recorded",
                             .target = &Options::recorded,
                             .help = "A reply's JSON, or lines {\"url\",\"body\"}: nothing is asked",
                             .kind = ValueKind::file},
                            json_option()}};
}

}  // namespace earshot::cli
