// outbox: what went where and what waits, dead letters sent again, and a destination tried out.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/cli/act.hpp"
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
  JsonWriter out;
  out.begin_object().key("destinations").begin_array();
  for (const auto& one : destinations) api::write_json(out, one);
  out.end_array().key("deliveries").begin_array();
  for (const auto& row : rows) api::write_json(out, row);
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
      {.destination = options.destination, .state = options.dead ? "dead" : "", .limit = options.limit});
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

/// Positive; nothing for anything else.
std::optional<std::int64_t> id_of(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (code != std::errc() || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

int drop(const Options& options) {
  const auto id = id_of(options.file);
  if (!id) return fail("outbox drop takes the id of a delivery", 2);
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  if (auto status = desk->actions->drop_delivery(*id); !status) return fail(status.error().message);
  std::printf("%lld goes out no more\n", static_cast<long long>(*id));
  return 0;
}

int retry(const Options& options) {
  const auto id = id_of(options.file);
  if (options.all_dead != options.file.empty() || (!options.file.empty() && !id))
    return fail("outbox retry takes the id of a dead letter, or --all-dead", 2);
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  // A daemon that holds the database sends it at once.
  const char* when = desk->store ? "as soon as the daemon runs" : "now";
  if (id) {
    if (auto status = desk->actions->retry_delivery(*id); !status) return fail(status.error().message);
    std::printf("%lld goes out again %s\n", static_cast<long long>(*id), when);
    return 0;
  }
  auto count = desk->actions->retry_dead(options.destination);
  if (!count) return fail(count.error().message);
  std::printf("%lld go out again %s\n", static_cast<long long>(*count), when);
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
  if (options.name == "drop") return drop(options);
  if (options.name == "test") return test(options);
  if (!options.file.empty()) return fail("`earshot outbox` takes no id; did you mean `outbox retry`?", 2);
  return list(options);
}

CommandSpec outbox_command() {
  return {.name = "outbox",
          .group = CommandGroup::look,
          .purpose = "What was told to whom, what waits, and dead letters",
          .examples =
              "  earshot outbox --destination care       what waits there, and what it got\n"
              "  earshot outbox --dead                   what was given up\n"
              "  earshot outbox retry 17                 sends a dead letter again; or --all-dead\n"
              "  earshot outbox drop 17                  it goes out no more\n"
              "  earshot outbox test care                sends an example, marked as one",
          .run = outbox,
          .options = OptionList{
              {.names = "action",
               .target = &Options::name,
               .help = "list (the default), retry, drop or test",
               .choices = {"list", "retry", "drop", "test"}},
              {.names = "what",
               .target = &Options::file,
               .help = "With retry and drop the id, with test the destination"},
              {.names = "--destination", .target = &Options::destination, .help = "Only this destination"},
              {.names = "--dead", .target = &Options::dead, .help = "Only what was given up"},
              {.names = "--all-dead", .target = &Options::all_dead, .help = "With retry: every dead letter"},
              {.names = "--token-file",
               .target = &Options::token_file,
               .help = "Token for the running daemon (or EARSHOT_TOKEN)",
               .kind = ValueKind::file},
              limit_option(10'000),
              json_option()}};
}

}  // namespace earshot::cli
