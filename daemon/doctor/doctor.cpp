#include "daemon/doctor/doctor.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "core/base/toml.hpp"
#include "daemon/client_options.hpp"
#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/endpoints.hpp"
#include "net/curl_client.hpp"
#include "store/lock.hpp"
#include "store/store.hpp"

namespace earshot::daemon::doctor {
namespace {

constexpr std::size_t probes_at_once = 8;
constexpr auto query_most = std::chrono::seconds(5);
constexpr std::int64_t unseen_most = 100'000;
constexpr const char* unit_files[] = {
    "/etc/systemd/system/earshotd.service", "/run/systemd/system/earshotd.service",
    "/lib/systemd/system/earshotd.service", "/usr/lib/systemd/system/earshotd.service"};

/// Of a configuration that does not load, as far as it can be read.
std::string database_named_in(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  const auto root = parse_toml(text.str(), path);
  const auto* node = root ? root->find("database") : nullptr;
  return node != nullptr && node->is(TomlNode::Kind::text) ? node->text : Config{}.database;
}

std::vector<Reached> reach(const Config& config, const Prepared& prepared) {
  std::vector<Reached> places;
  const auto endpoints = endpoints_of(config, prepared);
  for (const auto& endpoint : endpoints)
    places.push_back({.place = endpoint.url, .users = endpoint.users, .probed = {}});
  boost::asio::thread_pool pool(probes_at_once);
  for (std::size_t i = 0; i < places.size(); ++i)
    boost::asio::post(pool, [&, i] {
      const net::ProbeRequest request{.url = endpoints[i].url,
                                      .require_tls = endpoints[i].require_tls,
                                      .user_agent = client_options(config).user_agent};
      places[i].probed = net::probe(request, prepared.guard);
    });
  pool.join();
  return places;
}

/// What only a database that can be read tells.
struct Told {
  std::optional<store::StorageUse> use = {};
  std::vector<store::SourceStatus> sources = {};
  std::vector<store::GapRow> gaps = {};
  std::vector<store::DestinationState> destinations = {};
  std::optional<Timestamp> newest = {};
};

Status ask(store::Reader& reader, Timestamp now, Told& out) {
  reader.time_limit(query_most);
  auto use = reader.storage();
  if (!use) return unexpected(use.error());
  out.use = *use;
  auto sources = reader.sources();
  if (!sources) return unexpected(sources.error());
  out.sources = std::move(*sources);
  auto gaps = reader.gaps(now - std::chrono::hours(24 * 7), now);
  if (!gaps) return unexpected(gaps.error());
  out.gaps = std::move(*gaps);
  auto destinations = reader.destinations();
  if (!destinations) return unexpected(destinations.error());
  out.destinations = std::move(*destinations);
  for (const auto& source : out.sources)
    for (const auto& at : {source.last_ok_at, source.last_error_at}) out.newest = std::max(out.newest, at);
  return Done{};
}

/// Of the platforms that the configuration listens to or has listened to.
Findings check_all_deletions(const std::string& database, const Told& told, Timestamp now) {
  Findings out;
  std::set<std::string> platforms;
  for (const auto& source : told.sources)
    platforms.insert(source.connector == "x_stream" ? "x" : source.connector);
  for (const auto& duty : deletion_duties())
    if (platforms.contains(std::string(duty.platform)))
      add(out, check_deletions(duty, store::unseen_since(database, duty.platform, now - duty.window,
                                                         unseen_most, query_most)));
  return out;
}

Findings check_service(std::optional<int> writer) {
  Findings out;
  if (writer) add(out, check_process(look_at_process(*writer)));
  const auto* found =
      std::ranges::find_if(unit_files, [](const char* path) { return ::access(path, R_OK) == 0; });
  const std::string unit = found == std::end(unit_files) ? "" : *found;
  add(out, check_unit(unit, unit.empty() ? Result<double>() : exposure_of(unit)));
  return out;
}

}  // namespace

Findings examine(const Question& question, Timestamp now) {
  auto loaded = load_config(question.config_path);
  Config config = loaded ? *loaded : Config{};
  if (!loaded) config.database = database_named_in(question.config_path);
  if (!question.database.empty()) config.database = question.database;
  Findings out = check_configuration(question.config_path, loaded);

  const auto& database = config.database;
  const auto writer = store::writer_of(database);
  const auto seen = store::inspect(database, question.check_most);
  Told told;
  if (seen && seen->current() && seen->soundness != store::Soundness::damaged) {
    auto reader = store::open_reader(database);
    auto asked = reader ? ask(**reader, now, told) : Status(unexpected(reader.error()));
    if (!asked)
      out.push_back({.level = Level::bad,
                     .group = "database",
                     .what = asked.error().message,
                     .why = "what it holds of sources and deliveries could not be read",
                     .advice = "run doctor as the daemon's user, or as one of its group"});
  }
  add(out, check_state_folder(database, told.use));
  add(out, check_database(database, seen, writer));
  add(out, check_deliveries(told.destinations, now));
  if (seen) add(out, check_erasures(*seen, now));
  add(out, check_all_deletions(database, told, now));
  add(out, check_service(writer));
  add(out, check_data_files(config));

  std::vector<Reached> places;
  if (loaded) {
    add(out, check_credentials(config, now));
    if (told.use) add(out, check_sources(config, told.sources, told.gaps, writer.has_value(), now));
    auto prepared = prepare(config, {});
    if (prepared && !question.offline) places = reach(config, *prepared);
  }
  add(out, check_network(places));
  add(out, check_clock(places, told.newest, now));
  return out;
}

}  // namespace earshot::daemon::doctor
