#include "daemon/delivery_config.hpp"

#include <algorithm>
#include <optional>

#include "core/base/text.hpp"
#include "daemon/config_times.hpp"
#include "net/credentials.hpp"

namespace earshot::daemon {
namespace {

using namespace std::chrono_literals;

void read_quiet_hours(TomlReader& reader, delivery::Route& route) {
  const auto text = reader.text("quiet_hours");
  if (text.empty()) return;
  const std::string_view words = text;
  const auto from = parse_minute(words.substr(0, 5));
  const auto to = words.size() >= 11 && words[5] == '-' ? parse_minute(words.substr(6, 5)) : std::nullopt;
  if (!from || !to || *from == *to || (words.size() > 11 && words[11] != ' '))
    return reader.mistake("quiet_hours", "must be such as \"22:00-07:00 Europe/Berlin\"");
  const auto zone = read_zone(reader, "quiet_hours", words.substr(11));
  if (!zone) return;
  route.quiet_hours = delivery::QuietHours{.from = *from, .to = *to, .zone = *zone};
}

void read_digest(TomlReader& reader, delivery::Route& route) {
  const auto text = reader.text("digest");
  if (text.empty()) {
    // At the end of the quiet hours, where there are any.
    if (route.quiet_hours) route.digest = {.minute = route.quiet_hours->to, .zone = route.quiet_hours->zone};
    return;
  }
  constexpr std::string_view daily = "daily ", example = "daily 07:55 Europe/Berlin";
  if (!text.starts_with(daily))
    return reader.mistake("digest", "must be such as \"" + std::string(example) + "\"");
  const auto time = read_time_of_day(reader, "digest", std::string_view(text).substr(daily.size()), example);
  if (!time) return;
  route.digest = {.minute = time->minute, .zone = time->zone};
  route.digest_only = !route.per_day && route.cool_down == 0ms && route.precision_min == 0;
}

std::string known_sinks(const std::string& wanted) {
  std::vector<std::string> names;
  for (const auto* spec : delivery::sinks()) names.emplace_back(spec->name);
  return suggestion(wanted, names);
}

}  // namespace

void read_destination(TomlReader& reader, DeliveryConfig& out) {
  DestinationConfig destination;
  destination.where = reader.mistakes().place(reader.node());
  destination.kind = reader.required_text("kind");
  destination.name = reader.text("name", destination.kind);
  destination.enabled = reader.flag("enabled", destination.enabled);
  destination.backlog = reader.duration("backlog", destination.backlog, 0ms);
  destination.give_up_after = reader.duration("give_up_after", destination.give_up_after, 1h);
  destination.interval = reader.duration("interval", destination.interval, 0ms);
  if (!net::is_credential_name(destination.name) && !destination.name.empty())
    reader.mistake("name", "must be letters, digits, '-', '_' and '.', at most 64");
  for (const auto& known : out.destinations)
    if (known.name == destination.name)
      reader.mistake_at(reader.node(),
                        "the name '" + destination.name + "' is used twice: give each destination a `name`");
  const auto* spec = delivery::find_sink(destination.kind);
  if (spec != nullptr) {
    destination.plan = spec->read(reader);
    reader.finish();
  } else if (!destination.kind.empty()) {
    reader.mistake("kind", "cannot be `" + destination.kind + "`" + known_sinks(destination.kind));
  }
  out.destinations.push_back(std::move(destination));
}

void read_route(TomlReader& reader, DeliveryConfig& out) {
  delivery::Route route;
  route.to = reader.list("to");
  if (route.to.empty()) reader.mistake("to", "is missing: the names of the destinations that this leads to");
  route.kinds = reader.list("kinds");
  for (const auto& kind : route.kinds)
    if (std::ranges::find(delivery::item_kinds(), kind) == delivery::item_kinds().end())
      reader.mistake("kinds", "cannot hold `" + kind + "`" + suggestion(kind, delivery::item_kinds()));
  route.brands = reader.list("brands");
  route.issues = reader.list("issues");
  route.severity_min = static_cast<int>(reader.integer("severity_min", 0, 0, 10));
  route.authors_min = reader.integer("authors_min", 0, 0, 1'000'000);
  route.urgent_severity = static_cast<int>(reader.integer("urgent_severity", 11, 1, 11));
  route.cool_down = reader.duration("cool_down", 0ms, 0ms);
  if (reader.find("per_day") != nullptr) route.per_day = reader.integer("per_day", 0, 0, 100'000);
  route.precision_min = static_cast<int>(reader.integer("precision_min", 0, 0, 100));
  read_quiet_hours(reader, route);
  read_digest(reader, route);
  reader.finish();
  out.route_places.push_back(reader.mistakes().place(reader.node()));
  out.routes.push_back(std::move(route));
}

std::vector<std::string> check_delivery(const DeliveryConfig& config, const std::vector<std::string>& brands,
                                        const std::vector<std::string>& issues) {
  std::vector<std::string> mistakes, names;
  for (const auto& destination : config.destinations) names.push_back(destination.name);
  const auto check = [&](const std::string& where, const char* what, const std::string& name,
                         const std::vector<std::string>& known) {
    const auto same = [&](const std::string& one) { return same_folded(one, name); };
    if (std::ranges::any_of(known, same)) return;
    const auto near = nearest_name(name, known);
    mistakes.push_back(where + ": there is no " + what + " '" + name + "'" +
                       (near.empty() ? "" : ", did you mean '" + near + "'?"));
  };
  for (std::size_t i = 0; i < config.routes.size(); ++i) {
    const auto& route = config.routes[i];
    for (const auto& name : route.to) check(config.route_places[i], "destination", name, names);
    for (const auto& name : route.brands) check(config.route_places[i], "brand", name, brands);
    for (const auto& name : route.issues) check(config.route_places[i], "issue type", name, issues);
  }
  for (const auto& destination : config.destinations) {
    const auto leads = [&](const auto& route) {
      return std::ranges::find(route.to, destination.name) != route.to.end();
    };
    if (destination.enabled && std::ranges::none_of(config.routes, leads))
      mistakes.push_back(destination.where + ": no [[route]] leads to the destination '" + destination.name +
                         "': add one, or set enabled = false");
  }
  return mistakes;
}

}  // namespace earshot::daemon
