#include "daemon/cli/top_view.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "daemon/cli/open.hpp"

namespace earshot::cli {
namespace {

constexpr std::chrono::seconds closely_every{30}, rate_span{60};
constexpr int narrow = 72;

std::int64_t seconds_between(Timestamp from, Timestamp to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

std::string short_number(double value, int decimals) {
  char out[32];
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return out;
}

std::string lag_text(const store::SourceStatus& source, Timestamp now) {
  return source.last_ok_at ? show_span(std::max<std::int64_t>(0, seconds_between(*source.last_ok_at, now)))
                           : "never";
}

std::string next_text(const store::SourceStatus& source, Timestamp now) {
  if (!source.next_poll_at) return "-";
  const auto left = seconds_between(now, *source.next_poll_at);
  return left > 0 ? "in " + show_span(left) : left > -30 ? "now" : "overdue " + show_span(-left);
}

Colour colour_of_state(const std::string& state) {
  return state == "ok" ? Colour::green : state == "new" ? Colour::dim : Colour::red;
}

/// Columns as wide as their widest cell, two spaces between.
void add_columns(std::vector<Line>& out, const std::vector<std::vector<Piece>>& rows) {
  std::vector<int> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], std::min(40, display_width(row[i].text)));
  }
  for (const auto& row : rows) {
    Line line;
    int end = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.add(clip(row[i].text, widths[i]), row[i].colour);
      end += widths[i] + 2;
      if (i + 1 < row.size()) line.pad_to(end);
    }
    out.push_back(std::move(line));
  }
}

/// "+0.12 (usual +0.10 ± 0.03)"; red or green beyond two spreads.
Piece against(const insight::AgainstUsual& metric, int decimals, bool with_sign) {
  const auto number = [&](double value) {
    return with_sign ? signed_number(value, decimals) : short_number(value, decimals);
  };
  if (!metric.value) return {.colour = Colour::dim, .text = "-"};
  auto text = number(*metric.value);
  if (metric.weeks == 0) return {.colour = Colour::none, .text = text + " (no usual yet)"};
  text += " (usual " + number(metric.usual) + " ± " + short_number(metric.spread, decimals) + ")";
  const auto z = metric.z();
  const bool unusual = z && std::abs(*z) >= 2;
  return {.colour = !unusual || !with_sign ? (unusual ? Colour::bold : Colour::none)
                    : *z < 0               ? Colour::red
                                           : Colour::green,
          .text = text};
}

void write(JsonWriter& out, const char* key, const insight::AgainstUsual& metric) {
  out.key(key).begin_object().field("value", metric.value).field("usual", metric.usual);
  out.field("spread", metric.spread).field("weeks", metric.weeks).end_object();
}

}  // namespace

Status TopWatch::look_closely(Timestamp now) {
  auto brands = reader_.brands();
  if (!brands) return unexpected(brands.error());
  brands_.clear();
  day_mentions_.clear();
  for (const auto& brand : *brands) {
    TopBrand one{.name = brand.name};
    auto summary =
        insight::summarise({.reader = reader_, .brand = brand.id, .brand_name = brand.name, .now = now},
                           now - std::chrono::days(7), now);
    if (!summary) return unexpected(summary.error());
    one.net_sentiment = summary->net_sentiment;
    one.volume = summary->volume;
    auto waiting = reader_.waiting_count(brand.id, now);
    if (!waiting) return unexpected(waiting.error());
    one.waiting = *waiting;
    one.incidents_open =
        std::ranges::count_if(summary->incidents, [](const auto& row) { return row.state == "open"; });
    auto hours = reader_.hours(brand.id, now - std::chrono::hours(24), now);
    if (!hours) return unexpected(hours.error());
    for (const auto& hour : *hours) day_mentions_[hour.source.value] += hour.mentions;
    brands_.push_back(std::move(one));
  }
  auto use = reader_.storage();
  if (!use) return unexpected(use.error());
  index_waiting_ = use->search_waiting;
  auto destinations = reader_.destinations();
  if (!destinations) return unexpected(destinations.error());
  delivery_waiting_ = delivery_dead_ = 0;
  for (const auto& destination : *destinations) {
    delivery_waiting_ += destination.waiting;
    delivery_dead_ += destination.dead;
  }
  looked_closely_at_ = now;
  return Done{};
}

std::optional<double> TopWatch::rate_of(const store::SourceStatus& source, Timestamp now) {
  auto& samples = samples_[source.id.value];
  // A clock that was set back, or a database begun anew, makes what was noted worthless.
  if (!samples.empty() && (samples.back().at > now || samples.back().received > source.received))
    samples.clear();
  samples.push_back({.at = now, .received = source.received});
  while (samples.size() > 2 && now - samples[1].at >= rate_span) samples.pop_front();
  const auto passed = std::chrono::duration<double>(now - samples.front().at).count();
  if (passed < 1) return std::nullopt;
  return static_cast<double>(source.received - samples.front().received) / passed * 60;
}

Result<TopState> TopWatch::look(Timestamp now) {
  auto sources = reader_.sources();
  if (!sources) return unexpected(sources.error());
  if (!looked_closely_at_ || now - *looked_closely_at_ >= closely_every || now < *looked_closely_at_)
    if (auto status = look_closely(now); !status) return unexpected(status.error());
  TopState out{.at = now,
               .brands = brands_,
               .index_waiting = index_waiting_,
               .delivery_waiting = delivery_waiting_,
               .delivery_dead = delivery_dead_};
  for (auto& source : *sources) {
    const auto counted = day_mentions_.find(source.id.value);
    const auto rate = rate_of(source, now);
    out.sources.push_back({.status = std::move(source),
                           .day_mentions = counted == day_mentions_.end() ? 0 : counted->second,
                           .per_minute = rate});
  }
  return out;
}

std::vector<Line> top_lines(const TopState& state, int width) {
  std::vector<Line> out;
  const bool wide = width >= narrow;
  Line head("earshot top", Colour::bold);
  head.add("  " + show_time(state.at) + " UTC");
  out.push_back(std::move(head));
  Line waits;
  waits.add("search index " + std::string(state.index_waiting == 0
                                              ? "up to date"
                                              : std::to_string(state.index_waiting) + " behind"));
  waits.add("   deliveries " + std::to_string(state.delivery_waiting) + " waiting");
  if (state.delivery_dead > 0)
    waits.add(", " + std::to_string(state.delivery_dead) + " given up", Colour::red);
  out.push_back(std::move(waits));
  out.emplace_back();
  std::vector<std::vector<Piece>> rows;
  const auto title = [](const char* text) { return Piece{.colour = Colour::dim, .text = text}; };
  rows.push_back({title("source"), title("state"), title("heard")});
  if (wide)
    for (const char* name : {"next poll", "per min", "24 h", "stored", "bad"})
      rows.back().push_back(title(name));
  for (const auto& source : state.sources) {
    const auto& status = source.status;
    rows.push_back({{.text = status.name},
                    {.colour = colour_of_state(status.state), .text = status.state},
                    {.text = lag_text(status, state.at)}});
    if (!wide) continue;
    rows.back().push_back({.text = next_text(status, state.at)});
    rows.back().push_back({.text = source.per_minute ? short_number(*source.per_minute, 1) : "-"});
    rows.back().push_back({.text = std::to_string(source.day_mentions)});
    rows.back().push_back({.text = std::to_string(status.stored)});
    rows.back().push_back({.text = std::to_string(status.malformed)});
  }
  add_columns(out, rows);
  for (const auto& source : state.sources)
    if (!source.status.last_error.empty())
      out.push_back(Line(source.status.name + ": ", Colour::red).add(source.status.last_error));
  out.emplace_back();
  for (const auto& brand : state.brands) {
    Line line(brand.name, Colour::bold);
    line.add("  " + std::to_string(brand.waiting.people) + " wait");
    if (brand.waiting.at_risk > 0)
      line.add(", " + std::to_string(brand.waiting.at_risk) + " at risk", Colour::red);
    if (brand.incidents_open > 0)
      line.add("   " + std::to_string(brand.incidents_open) + " open incidents", Colour::red);
    out.push_back(std::move(line));
    const auto net = against(brand.net_sentiment, 2, true), volume = against(brand.volume, 0, false);
    out.push_back(Line("  net sentiment, 7 days  ").add(net.text, net.colour));
    out.push_back(Line("  mentions, 7 days       ").add(volume.text, volume.colour));
  }
  return out;
}

std::string top_json(const TopState& state) {
  JsonWriter out;
  out.begin_object().field("at", format_rfc3339(state.at)).key("sources").begin_array();
  for (const auto& source : state.sources) {
    const auto& status = source.status;
    out.begin_object().field("source", status.name).field("state", status.state);
    out.key("lag_s");
    status.last_ok_at ? out.value(seconds_between(*status.last_ok_at, state.at)) : out.null();
    out.key("next_poll_s");
    status.next_poll_at ? out.value(seconds_between(state.at, *status.next_poll_at)) : out.null();
    out.field("per_minute", source.per_minute).field("day_mentions", source.day_mentions);
    out.field("received", status.received)
        .field("stored", status.stored)
        .field("malformed", status.malformed);
    out.field("error", status.last_error).end_object();
  }
  out.end_array().key("brands").begin_array();
  for (const auto& brand : state.brands) {
    out.begin_object().field("brand", brand.name);
    write(out, "net_sentiment", brand.net_sentiment);
    write(out, "volume", brand.volume);
    out.field("waiting", brand.waiting.people).field("at_risk", brand.waiting.at_risk);
    out.field("incidents_open", brand.incidents_open).end_object();
  }
  out.end_array().field("index_waiting", state.index_waiting);
  out.field("delivery_waiting", state.delivery_waiting).field("delivery_dead", state.delivery_dead);
  return out.end_object().str();
}

}  // namespace earshot::cli
