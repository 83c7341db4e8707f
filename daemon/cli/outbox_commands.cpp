// outbox: what went where and what waits, dead letters sent again, and a destination tried out.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/config.hpp"
#include "daemon/delivery_ways.hpp"
#include "delivery/message.hpp"

namespace earshot::cli {
namespace {

namespace asio = boost::asio;

int print_json(const std::vector<store::DestinationState>& destinations,
               const std::vector<store::Delivery>& rows) {
  const auto time = [](JsonWriter& out, const char* name, std::optional<Timestamp> at) {
    out.field(name, at ? std::optional(format_rfc3339(*at)) : std::nullopt);
  };
  JsonWriter out;
  out.begin_object().key("destinations").begin_array();
  for (const auto& one : destinations) {
    out.begin_object().field("name", one.name).field("waiting", one.waiting).field("dead", one.dead);
    out.field("failures", one.failures);
    time(out, "paused_until", one.paused_until);
    time(out, "last_ok_at", one.last_ok_at);
    out.field("last_error", one.last_error).end_object();
  }
  out.end_array().key("deliveries").begin_array();
  for (const auto& row : rows) {
    out.begin_object().field("id", row.id).field("destination", row.destination).field("state", row.state);
    out.field("kind", row.item.kind).field("key", row.item.key).field("digest", row.digest);
    out.field("attempts", row.attempts);
    time(out, "created_at", row.item.created_at);
    time(out, "next_at", row.next_at);
    time(out, "settled_at", row.settled_at);
    out.field("external_id", row.external_id).field("last_error", row.last_error).end_object();
  }
  out.end_array().end_object();
  std::printf("%s\n", out.str().c_str());
  return 0;
}

int list(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto destinations = (*reader)->destinations();
  if (!destinations) return fail(destinations.error().message);
  if (!options.destination.empty())
    std::erase_if(*destinations, [&](const auto& one) { return one.name != options.destination; });
  if (!options.destination.empty() && destinations->empty())
    return fail("nothing was ever sent to a destination '" + options.destination + "'");
  auto rows = (*reader)->deliveries(
      {.destination = options.destination, .dead_only = options.dead, .limit = options.limit});
  if (!rows) return fail(rows.error().message);
  if (options.json) return print_json(*destinations, *rows);
  if (destinations->empty()) {
    std::printf("no destination is known yet: add a [[destination]] and a [[route]] (docs/delivery.md)\n");
    return 0;
  }
  Table state({"destination", "waiting", "dead", "last delivered", "paused until", "last error"});
  for (const auto& one : *destinations)
    state.add({one.name, std::to_string(one.waiting), std::to_string(one.dead),
               one.last_ok_at ? show_time(*one.last_ok_at) : "-",
               one.paused_until ? show_time(*one.paused_until) : "-", clip(printable(one.last_error), 60)});
  state.print();
  Table table({"id", "destination", "state", "what", "attempts", "next or settled", "error"});
  for (const auto& row : *rows)
    table.add({std::to_string(row.id), row.destination, row.digest ? row.state + " (digest)" : row.state,
               clip(printable(delivery::compose(row.item).headline), 50), std::to_string(row.attempts),
               show_time(row.settled_at.value_or(row.next_at)), clip(printable(row.last_error), 50)});
  std::printf("\n");
  if (table.empty())
    std::printf(options.dead ? "no dead letters\n" : "nothing was sent, and nothing waits\n");
  else
    table.print();
  return 0;
}

int retry(const Options& options) {
  std::int64_t id = 0;
  const auto& text = options.file;
  const bool number =
      std::from_chars(text.data(), text.data() + text.size(), id).ptr == text.data() + text.size();
  if (options.all_dead != text.empty() || (!text.empty() && (!number || id <= 0)))
    return fail("outbox retry takes the id of a dead letter, or --all-dead", 2);
  auto store = store::open_store(database_path(options));
  if (!store && store.error().kind == ErrorKind::busy)
    return fail(store.error().message +
                ". Only one process writes the database: stop the daemon, run this, and start it again");
  if (!store) return fail(store.error().message);
  const auto now = SystemClock().now();
  if (!options.all_dead) {
    if (auto status = (*store)->deliveries().requeue(id, now); !status) return fail(status.error().message);
    std::printf("%lld goes out again as soon as the daemon runs\n", static_cast<long long>(id));
    return 0;
  }
  auto count = (*store)->deliveries().requeue_dead(options.destination, now);
  if (!count) return fail(count.error().message);
  std::printf("%lld go out again as soon as the daemon runs\n", static_cast<long long>(*count));
  return 0;
}

async::Awaitable<void> deliver(delivery::Sink& sink, Timestamp now, Result<delivery::Receipt>& out) {
  auto item = delivery::example_item(now);
  auto receipt = co_await sink.deliver(std::move(item));
  out = std::move(receipt);
}

int test(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  if (!options.database.empty()) config->database = options.database;
  const auto& all = config->delivery.destinations;
  const auto found = std::ranges::find(all, options.file, &daemon::DestinationConfig::name);
  if (found == all.end()) {
    std::string known;
    for (const auto& one : all) known += (known.empty() ? "; there are: " : ", ") + one.name;
    return fail("the configuration has no destination '" + options.file + "'" + known, 2);
  }
  asio::io_context io(1);
  static const SystemClock clock;
  daemon::DeliveryWays ways(*config, {}, clock, io.get_executor(), io.get_executor());
  const auto sink = found->plan.make(ways.services(found->name));
  Result<delivery::Receipt> receipt;
  asio::co_spawn(io, deliver(*sink, clock.now(), receipt), [&io](std::exception_ptr failure) {
    io.stop();
    if (failure) std::rethrow_exception(failure);
  });
  io.run();
  if (!receipt)
    return fail("'" + found->name + "' did not take it: " + std::string(to_string(receipt.error().kind)) +
                ": " + receipt.error().message);
  std::printf("'%s' has an example, marked as a test%s%s\n", found->name.c_str(),
              receipt->external_id.empty() ? "" : "; it calls it ", printable(receipt->external_id).c_str());
  return 0;
}

}  // namespace

int outbox(const Options& options) {
  if (options.name == "retry") return retry(options);
  if (options.name == "test") return test(options);
  if (!options.file.empty()) return fail("`earshot outbox` takes no id; did you mean `outbox retry`?", 2);
  return list(options);
}

CommandSpec outbox_command() {
  return {
      .name = "outbox",
      .group = CommandGroup::look,
      .purpose = "What was told to whom, what waits, and dead letters",
      .examples =
          "  earshot outbox --destination care       what waits there, and what it got\n"
          "  earshot outbox --dead                   what was given up\n"
          "  earshot outbox retry 17                 sends a dead letter again; or --all-dead\n"
          "  earshot outbox test care                sends an example, marked as one",
      .run = outbox,
      .options = OptionList{
          {.names = "action",
           .target = &Options::name,
           .help = "list (the default), retry or test",
           .choices = {"list", "retry", "test"}},
          {.names = "what", .target = &Options::file, .help = "With retry the id, with test the destination"},
          {.names = "--destination", .target = &Options::destination, .help = "Only this destination"},
          {.names = "--dead", .target = &Options::dead, .help = "Only what was given up"},
          {.names = "--all-dead", .target = &Options::all_dead, .help = "With retry: every dead letter"},
          limit_option(10'000),
          json_option()}};
}

}  // namespace earshot::cli
