#pragma once
#include "daemon/mentions_query.hpp"
#include "daemon/report/build.hpp"
#include "insight/drivers.hpp"
#include "insight/service_summary.hpp"
#include "insight/summary.hpp"

/// What several reports show. Private to daemon/report/.
namespace earshot::report {

std::string number(double value, int decimals = 0);
std::string signed_number(double value, int decimals);
std::string percent(double share, int decimals = 0);
std::string percent(const std::optional<double>& share, int decimals = 0);
/// "40 s", "25 min", "3 h", "4 days".
std::string span(std::int64_t seconds);
std::string day(Timestamp at);
std::string minute(Timestamp at);
/// "3480 EUR (1740 to 6960)".
std::string money(const insight::Range& range, const std::string& currency);
/// What a customer is worth and how many leave, from when: the sentence that stands beside every amount.
std::string assumptions(const insight::MoneyAssumptions& a);

Behind mentions(const Request& request, daemon::MentionsQuery query = {});
Behind list(const Request& request, const char* target, const char* command, const std::string& more = {},
            const std::string& more_command = {});

/// "usual 380 ± 25 (7 weeks)".
std::string usual(const insight::AgainstUsual& metric, int decimals, bool with_sign = false);
/// Unusual in the good or the bad direction; plain within two spreads.
Mood mood(const insight::AgainstUsual& metric, bool more_is_better);

/// One mention's words, or nothing when it has gone.
std::optional<Quote> quote(const Request& request, MentionId id);
std::vector<Quote> quotes(const Request& request, const store::MentionFilter& filter, std::size_t most);

/// Daily net sentiment or mentions with what was usual.
Result<LineChart> daily(const Request& request, bool net_sentiment);
BarChart driver_bars(const Request& request, const insight::Drivers& drivers, std::size_t most);
Result<Section> gaps(const Request& request, const insight::Summary& summary);
Result<Section> accuracy(const Request& request);
/// Empty when no KPI is configured.
Result<std::vector<Section>> kpis(const Request& request);
std::int64_t outcomes(const insight::RoiSummary& roi, const char* outcome);

// One per kind.
Result<Report> build_brief(const Request& request);
Result<Report> build_service(const Request& request);
Result<Report> build_content(const Request& request);
Result<Report> build_executive(const Request& request);
Result<Report> build_accuracy(const Request& request);

}  // namespace earshot::report
