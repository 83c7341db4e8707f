#include "daemon/api/plain_figures.hpp"

#include <ranges>

#include "core/base/text.hpp"
#include "daemon/api/plain_markup.hpp"
#include "daemon/report/parts.hpp"
#include "delivery/markup.hpp"
#include "insight/series.hpp"
#include "insight/service_summary.hpp"

namespace earshot::api::plain {
namespace {

using delivery::escape_xml;

constexpr std::size_t days_max = 14, issues_max = 10;

void issues(std::string& out, const insight::Summary& summary) {
  table(out, "What is it about?", {"issue", "mentions", "negative", "share"});
  for (std::size_t i = 0; i < summary.issues.size() && i < issues_max; ++i) {
    const auto& one = summary.issues[i];
    row(out, {escape_xml(one.name), std::to_string(one.mentions), std::to_string(one.negative),
              report::percent(one.share)});
  }
  if (summary.issues.empty()) row(out, {"no mention yet"});
  out += table_end;
}

}  // namespace

Status course(std::string& out, const insight::JobInput& input, const insight::Summary& summary,
              const daemon::Window& window) {
  const auto days =
      insight::read_series(input.reader, input.brand, {.since = window.since, .until = window.until});
  if (!days) return unexpected(days.error());
  table(out, "The last days",
        {"day", "mentions", "usual", "positive", "neutral", "negative", "net sentiment"});
  for (const auto& one : *days | std::views::reverse | std::views::take(days_max)) {
    const auto net = one.net_sentiment();
    row(out, {minute(one.at).substr(0, 10), std::to_string(one.mentions),
              one.expected ? number(*one.expected, 0) : "–", std::to_string(one.positive),
              std::to_string(one.neutral), std::to_string(one.negative), net ? number(*net, 2) : "–"});
  }
  if (days->empty()) row(out, {"no mention yet"});
  out += table_end;
  issues(out, summary);
  return Done{};
}

Status earned(std::string& out, const insight::JobInput& input, const daemon::Window& window,
              const std::vector<insight::MoneyAssumptions>& money) {
  const auto roi = insight::summarise_roi(input, window.since, window.until, money);
  if (!roi) return unexpected(roi.error());
  table(out, "What did it earn?", {"month", "unhappy people", "praise us after our answer", "worth"});
  for (const auto& month : roi->months) {
    const auto converted = month.outcomes.find("converted");
    row(out, {escape_xml(month.month), std::to_string(month.total()),
              std::to_string(converted == month.outcomes.end() ? 0 : converted->second),
              month.saved && month.assumptions
                  ? escape_xml(report::money(*month.saved, month.assumptions->currency))
                  : "–"});
  }
  if (roi->months.empty()) row(out, {"no story of an unhappy customer yet"});
  out += "</tbody></table>";
  if (!roi->assumptions) {
    out += "<p>Without [[money]] in the configuration nothing is turned into money.</p></section>\n";
    return Done{};
  }
  const auto& currency = roi->assumptions->currency;
  out += "<ul>";
  if (roi->saved) out += "<li>Kept: " + escape_xml(report::money(*roi->saved, currency)) + "</li>";
  if (roi->exposure)
    out += "<li>At risk with those who complain and wait: " +
           escape_xml(report::money(*roi->exposure, currency)) + "</li>";
  if (roi->spared)
    out += "<li>Spared by public answers: " + escape_xml(report::money(*roi->spared, currency)) + "</li>";
  out += "</ul><p>Assumed: " + escape_xml(report::assumptions(*roi->assumptions)) + ".</p></section>\n";
  return Done{};
}

}  // namespace earshot::api::plain
