#include "daemon/report/svg.hpp"

#include <algorithm>
#include <cmath>

#include "daemon/report/parts.hpp"
#include "delivery/markup.hpp"

namespace earshot::report {
namespace {

using delivery::escape_xml;

constexpr double width = 480, height = 150, left = 40, right = 8, top = 8, bottom = 20;
constexpr double bar_height = 20, label_width = 120, value_width = 56;

/// Values to the picture's coordinates.
struct Scale {
  double low = 0, high = 1;
  double y(double value) const { return top + (height - top - bottom) * (high - value) / (high - low); }
};

std::string at(double x, double y) { return number(x, 1) + "," + number(y, 1) + " "; }

std::string open(double w, double h, const std::string& title, const std::string& words) {
  return "<svg viewBox=\"0 0 " + number(w) + " " + number(h) +
         "\" width=\"100%\" role=\"img\" aria-label=\"" + escape_xml(title + ". " + words) + "\"><title>" +
         escape_xml(title) + "</title><desc>" + escape_xml(words) + "</desc>";
}

Scale scale_of(const LineChart& chart) {
  Scale out{.low = 0, .high = 0};
  for (const auto& p : chart.points) {
    for (const auto& v :
         {p.value, p.expected && p.spread ? std::optional(*p.expected + *p.spread) : std::nullopt})
      if (v) out.high = std::max(out.high, *v);
    for (const auto& v :
         {p.value, p.expected && p.spread ? std::optional(*p.expected - *p.spread) : std::nullopt})
      if (v) out.low = std::min(out.low, chart.decimals == 0 ? std::max(*v, 0.0) : *v);
  }
  if (!(out.high - out.low > 1e-9)) out.high = out.low + 1;
  return out;
}

/// A tick's distance: 1, 2 or 5 times a power of ten, three or four to the picture.
double tick_of(double range) {
  const double rough = range / 4, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0})
    if (step * power >= rough) return step * power;
  return 10 * power;
}

std::string text_at(double x, double y, const char* anchor, const std::string& words) {
  return "<text x=\"" + number(x, 1) + "\" y=\"" + number(y, 1) + "\" text-anchor=\"" + anchor + "\">" +
         escape_xml(words) + "</text>";
}

}  // namespace

std::string svg_line(const LineChart& chart) {
  auto out = open(width, height, chart.title, chart.words);
  if (chart.points.empty()) return out + "</svg>";
  const auto scale = scale_of(chart);
  const auto n = chart.points.size();
  const double step = (width - left - right) / static_cast<double>(std::max<std::size_t>(n - 1, 1));
  const auto x = [&](std::size_t i) { return left + step * static_cast<double>(i); };
  const double tick = tick_of(scale.high - scale.low);
  for (double v = std::ceil(scale.low / tick) * tick; v <= scale.high + 1e-9; v += tick) {
    out += "<line class=\"grid\" x1=\"" + number(left) + "\" x2=\"" + number(width - right) + "\" y1=\"" +
           number(scale.y(v), 1) + "\" y2=\"" + number(scale.y(v), 1) + "\"/>";
    out += text_at(left - 4, scale.y(v) + 3.5, "end",
                   chart.decimals == 0 ? number(v) : number(std::abs(v) < 1e-9 ? 0 : v, tick < 0.1 ? 2 : 1));
  }
  // The band: there along its upper edge, back along the lower one, in pieces where nothing is known.
  for (std::size_t i = 0; i < n;) {
    if (!chart.points[i].expected || !chart.points[i].spread) {
      ++i;
      continue;
    }
    const auto from = i;
    while (i < n && chart.points[i].expected && chart.points[i].spread) ++i;
    std::string edge;
    for (auto k = from; k < i; ++k)
      edge += at(x(k), scale.y(std::min(scale.high, *chart.points[k].expected + *chart.points[k].spread)));
    for (auto k = i; k-- > from;)
      edge += at(x(k), scale.y(std::max(scale.low, *chart.points[k].expected - *chart.points[k].spread)));
    out += "<polygon class=\"band\" points=\"" + edge + "\"/>";
  }
  std::string line;
  for (std::size_t i = 0; i <= n; ++i) {
    if (i < n && chart.points[i].value) {
      line += at(x(i), scale.y(*chart.points[i].value));
      continue;
    }
    if (!line.empty()) out += "<polyline class=\"line\" points=\"" + line + "\"/>";
    line.clear();
  }
  for (std::size_t i = 0; i < n; ++i)
    if (chart.points[i].gap)
      out += "<rect class=\"gap\" x=\"" + number(x(i) - step / 2, 1) + "\" y=\"" + number(top) +
             "\" width=\"" + number(step, 1) + "\" height=\"" + number(height - top - bottom) + "\"/>";
  out += text_at(left, height - 5, "start", day(chart.points.front().at));
  out += text_at(width - right, height - 5, "end", day(chart.points.back().at));
  return out + "</svg>";
}

std::string svg_bars(const BarChart& chart) {
  const double h = bar_height * static_cast<double>(std::max<std::size_t>(chart.bars.size(), 1)) + 6;
  auto out = open(width, h, chart.title, chart.words);
  double most = 1e-9, least = 0, greatest = 0;
  for (const auto& bar : chart.bars) {
    least = std::min({least, bar.value, bar.low.value_or(0)});
    greatest = std::max({greatest, bar.value, bar.high.value_or(0)});
  }
  most = std::max(most, greatest - least);
  const double room = width - label_width - value_width;
  const auto x = [&](double value) { return label_width + room * (value - least) / most; };
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const auto& bar = chart.bars[i];
    const double y = 3 + bar_height * static_cast<double>(i), middle = y + bar_height / 2;
    out += text_at(label_width - 6, middle + 4, "end", bar.label);
    out += "<rect class=\"" + std::string(bar.value < 0 ? "bad" : "good") + "\" x=\"" +
           number(std::min(x(0), x(bar.value)), 1) + "\" y=\"" + number(y + 4, 1) + "\" width=\"" +
           number(std::max(std::abs(x(bar.value) - x(0)), 0.5), 1) + "\" height=\"" + number(bar_height - 8) +
           "\"/>";
    if (bar.low && bar.high)
      out += "<line class=\"interval\" x1=\"" + number(x(*bar.low), 1) + "\" x2=\"" +
             number(x(*bar.high), 1) + "\" y1=\"" + number(middle, 1) + "\" y2=\"" + number(middle, 1) +
             "\"/>";
    out += text_at(width - 4, middle + 4, "end", signed_number(bar.value, chart.decimals));
  }
  out += "<line class=\"zero\" x1=\"" + number(x(0), 1) + "\" x2=\"" + number(x(0), 1) + "\" y1=\"0\" y2=\"" +
         number(h) + "\"/>";
  return out + "</svg>";
}

}  // namespace earshot::report
