// backfill: history older than the first run read; with --dry-run what that would cost.
#include <algorithm>
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/backfill.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/one_source.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/quota_planner.hpp"
#include "net/quota_watch.hpp"

namespace earshot::cli {
namespace {

/// Streams that are asked for their first page; the others are taken to be like these.
constexpr std::size_t sample_max = 10;

struct Plan {
  Timestamp since = {}, now = {};
  std::vector<daemon::StreamPlan> streams = {};
  std::vector<std::string> live = {};                    ///< streams without history
  std::optional<std::int64_t> requests = {};             ///< of all streams; nothing: none is known
  std::size_t unknown = 0;                               ///< streams whose requests are not known
  std::optional<connectors::RequestBudget> budget = {};  ///< nothing: unknown
  std::optional<Quota> told = {};                        ///< by the platform
  std::chrono::milliseconds per_request{0};              ///< as measured
  std::vector<std::string> failures = {};
};

/// One page of some of the streams, and what it says of the rest.
struct Survey {
  connectors::Connector& connector;
  connectors::Context context;
  std::int64_t requests_max = 0;
  Plan plan;
};

async::Awaitable<void> survey(Survey& out) {
  net::QuotaWatch http(out.context.http, out.context.clock);
  connectors::Context context{
      .http = http, .clock = out.context.clock, .secrets = out.context.secrets, .mail = out.context.mail};
  auto& plan = out.plan;
  std::chrono::steady_clock::duration spent{0};
  std::int64_t known = 0, asked = 0;
  for (const auto& stream : out.connector.streams()) {
    if (stream.live) {
      plan.live.push_back(stream.name);
      continue;
    }
    if (plan.streams.size() >= sample_max) {
      plan.streams.push_back({.stream = stream.name, .why = "not asked: taken to be like the others"});
      continue;
    }
    const auto began = out.context.clock.steady_now();
    auto page = co_await out.connector.fetch(context, stream, std::nullopt);
    spent += out.context.clock.steady_now() - began;
    if (!page) {
      plan.failures.push_back(stream.name + ": " + page.error().message);
      plan.streams.push_back({.stream = stream.name, .why = page.error().message});
      continue;
    }
    auto one = daemon::plan_of(stream.name, *page, plan.since, plan.now, out.requests_max);
    if (one.requests) ++asked, known += *one.requests;
    plan.streams.push_back(std::move(one));
  }
  for (std::size_t i = sample_max; i < plan.streams.size() && asked > 0; ++i)
    plan.streams[i].requests = (known + asked - 1) / asked;
  for (const auto& one : plan.streams) {
    if (one.requests) plan.requests = plan.requests.value_or(0) + *one.requests;
    if (!one.requests) ++plan.unknown;
  }
  plan.told = http.scarcest();
  if (http.sent() > 0)
    plan.per_request = std::chrono::duration_cast<std::chrono::milliseconds>(spent) / http.sent();
}

/// What is shared by polls of the daemon too: that is a share of a day, not a promise.
std::optional<double> share_of_day(const Plan& plan) {
  if (!plan.requests || !plan.budget) return std::nullopt;
  const auto a_day = static_cast<double>(plan.budget->requests) * 86'400'000.0 /
                     static_cast<double>(plan.budget->per.count());
  return static_cast<double>(*plan.requests) / a_day;
}

std::optional<std::chrono::milliseconds> time_of(const Plan& plan) {
  if (!plan.requests) return std::nullopt;
  const auto answers = plan.per_request * *plan.requests;
  return plan.budget ? std::max(answers, daemon::time_for(*plan.requests, *plan.budget)) : answers;
}

std::string reach_text(const daemon::StreamPlan& one) {
  return one.reaches ? "back to " + show_time(*one.reaches) : "as far back as it goes";
}

void print(const std::string& name, const Plan& plan) {
  std::printf("%s: history since %s\n", printable(name).c_str(), show_time(plan.since).c_str());
  for (const auto& one : plan.streams) {
    const auto requests = one.requests ? std::to_string(*one.requests) + " requests" : "unknown";
    std::printf("  %s: %s, %s%s%s\n", printable(one.stream).c_str(), requests.c_str(),
                reach_text(one).c_str(), one.why.empty() ? "" : "; ", printable(one.why).c_str());
  }
  for (const auto& stream : plan.live) std::printf("  %s: live, has no history\n", printable(stream).c_str());
  if (plan.requests)
    std::printf("%lld requests in all%s\n", static_cast<long long>(*plan.requests),
                plan.unknown > 0 ? ", without those that are unknown" : "");
  if (const auto share = share_of_day(plan))
    std::printf("%.1f %% of what a day allows (%lld requests in %s)\n", *share * 100,
                static_cast<long long>(plan.budget->requests),
                show_span(plan.budget->per.count() / 1000).c_str());
  else if (plan.told && plan.told->limit)
    std::printf("the platform allows %lld requests at a time, %lld are left\n",
                static_cast<long long>(*plan.told->limit), static_cast<long long>(plan.told->remaining));
  else if (!plan.budget)
    std::printf("no budget is known: neither the platform nor requests_per_day names one\n");
  if (const auto time = time_of(plan))
    std::printf("about %s\n", show_span(std::max<std::int64_t>(1, time->count() / 1000)).c_str());
}

void write(const std::string& name, const Plan& plan) {
  JsonWriter out;
  out.begin_object().field("source", name).field("since", format_rfc3339(plan.since));
  out.key("streams").begin_array();
  for (const auto& one : plan.streams) {
    out.begin_object().field("stream", one.stream).field("requests", one.requests);
    out.key("reaches");
    one.reaches ? out.value(format_rfc3339(*one.reaches)) : out.null();
    out.field("posts", one.posts).field("why", one.why).end_object();
  }
  out.end_array().key("live").begin_array();
  for (const auto& stream : plan.live) out.value(stream);
  out.end_array().field("requests", plan.requests).field("unknown", static_cast<std::int64_t>(plan.unknown));
  out.key("budget");
  if (plan.budget)
    out.begin_object()
        .field("requests", plan.budget->requests)
        .field("per_seconds", static_cast<std::int64_t>(plan.budget->per.count() / 1000))
        .end_object();
  else
    out.null();
  out.field("share_of_day", share_of_day(plan));
  const auto time = time_of(plan);
  out.key("seconds");
  time ? out.value(static_cast<std::int64_t>(time->count() / 1000)) : out.null();
  std::printf("%s\n", out.end_object().str().c_str());
}

/// The source's connector, told to begin at `since`.
Result<std::unique_ptr<connectors::Connector>> reaching(const daemon::Config& config, const std::string& name,
                                                        Timestamp since, Timestamp now) {
  daemon::Config only = config;
  std::erase_if(only.sources, [&](const daemon::SourceConfig& one) { return one.name != name; });
  auto& source = only.sources.front();
  const auto* spec = connectors::find_connector(source.connector);
  source = daemon::reaching_back_to(std::move(source), spec->history, since, now);
  auto prepared = daemon::prepare(only, {});
  if (!prepared) return unexpected(prepared.error());
  return std::move(prepared->sources.front().connector);
}

int show_plan(const Options& options, OneSource& one, connectors::Connector& connector, Timestamp since,
              Timestamp now) {
  const auto& source = one.source().config;
  const auto* spec = connectors::find_connector(source.connector);
  Survey out{.connector = connector,
             .context = one.context(),
             .requests_max = spec->history.pages_max,
             .plan = {.since = since, .now = now}};
  out.plan.budget = daemon::tighter(connector.budget(), source.requests_per_day);
  one.run(survey(out));
  options.json ? write(source.name, out.plan) : print(source.name, out.plan);
  for (const auto& failure : out.plan.failures)
    std::fprintf(stderr, "earshot: %s\n", printable(failure).c_str());
  return out.plan.failures.empty() ? 0 : 1;
}

}  // namespace

int backfill(const Options& options) {
  const auto now = SystemClock().now();
  const auto since = daemon::parse_when(options.since.empty() ? "30d" : options.since, now);
  if (!since) return fail(since.error().message, 2);
  if (*since >= now) return fail("--since must lie in the past", 2);
  auto one = OneSource::open(options);
  if (!one) return fail_to_open(one.error());
  const auto& config = (*one)->config();
  auto connector = reaching(config, options.name, *since, now);
  if (!connector) return fail(connector.error().message);
  const auto streams = (*connector)->streams();
  if (std::ranges::all_of(streams, &connectors::Stream::live))
    return fail("'" + options.name + "' is heard live alone: there is no history to read");
  if (options.dry_run) return show_plan(options, **one, **connector, *since, now);
  const auto wrap = [&](std::unique_ptr<connectors::Connector>) {
    return daemon::backfilling(std::move(*connector), *since, daemon::listening_for(config.brands));
  };
  const auto status = (*one)->catch_up(wrap, 3, daemon::SourceLoop::Budget::limited);
  return status ? 0 : fail(status.error().message + "; the same command goes on from here");
}

CommandSpec backfill_command() {
  return {.name = "backfill",
          .group = CommandGroup::set_up,
          .purpose = "Read a source's history",
          .examples =
              "  earshot backfill forum --since 90d --dry-run    what it would cost: requests, budget, time\n"
              "  earshot backfill forum --since 90d              read it; broken off, the same again goes on",
          .run = backfill,
          .options =
              OptionList{{.names = "source",
                          .target = &Options::name,
                          .help = "Name of the source",
                          .kind = ValueKind::source,
                          .required = true},
                         {.names = "--since",
                          .target = &Options::since,
                          .help = "How far back (default: 30d): 90d, 2026-03-01, RFC 3339",
                          .kind = ValueKind::time},
                         {.names = "-n,--dry-run",
                          .target = &Options::dry_run,
                          .help = "Ask for one page a stream, at most ten, and say what the rest will take"},
                         json_option()}};
}

}  // namespace earshot::cli
