// roi: what dealing with unhappy people was worth, never without what the figures rest on.
#include <cstdio>

#include "core/base/text.hpp"
#include "core/model/identity.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/config.hpp"
#include "insight/service_summary.hpp"

namespace earshot::cli {
namespace {

using insight::JourneyMonth;
using insight::MoneyAssumptions;
using insight::Range;
using insight::RoiSummary;

constexpr const char* outcomes[] = {"converted", "converted_alone", "relieved", "angry",
                                    "silent",    "unanswered",      "open"};

std::string plain(double value, int decimals) {
  char out[64];
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return out;
}

/// "3480 EUR (1740 to 6960)".
std::string money_text(const Range& range, const std::string& currency) {
  const int decimals = range.high < 100 ? 2 : 0;
  return plain(range.expected, decimals) + " " + printable(currency) + " (" + plain(range.low, decimals) +
         " to " + plain(range.high, decimals) + ")";
}

std::string share_text(const Range& range) {
  return plain(range.expected * 100, 1) + " % (" + plain(range.low * 100, 1) + " to " +
         plain(range.high * 100, 1) + ")";
}

std::string valid_text(const MoneyAssumptions& a) {
  return a.from == Timestamp{} ? "for all time" : "from " + show_time(a.from).substr(0, 10);
}

void print_months(const RoiSummary& s) {
  Table table({"began in", "unhappy", "converted", "alone", "angry", "silent", "unanswered", "open",
               "of ended", "worth"});
  for (const auto& month : s.months) {
    std::vector<std::string> row{month.month, std::to_string(month.total())};
    for (const auto* outcome : outcomes) {
      const auto found = month.outcomes.find(outcome);
      row.push_back(std::to_string(found == month.outcomes.end() ? 0 : found->second));
    }
    const auto share = month.converted_share();
    row.push_back(share ? plain(*share * 100, 1) + " %" : "-");
    row.push_back(month.saved ? money_text(*month.saved, month.assumptions->currency) : "-");
    table.add(std::move(row));
  }
  table.print();
  std::printf("%s\n", paint(Colour::dim, "of ended: converted, of the stories that are not open").c_str());
}

void print_money(const RoiSummary& s) {
  const auto* a = s.assumptions;
  if (!a) {
    std::printf(
        "\nNo money is shown: no [[money]] in the configuration says what a customer who stays is worth.\n");
    return;
  }
  std::printf("\n%s\n", paint(Colour::bold, "Money, and what it rests on").c_str());
  if (s.saved)
    std::printf("  kept      %zu conversions, each worth %s: %s\n", s.conversions.size(),
                money_text(a->saved_customer, a->currency).c_str(),
                money_text(*s.saved, a->currency).c_str());
  if (s.exposure)
    std::printf("  at risk   %lld people whose complaint waits, of whom %s leave, each worth %s: %s\n",
                static_cast<long long>(s.waiting_people), share_text(*a->leaves_unanswered).c_str(),
                money_text(a->saved_customer, a->currency).c_str(),
                money_text(*s.exposure, a->currency).c_str());
  if (s.spared)
    std::printf("  spared    %lld public answers, each in place of a call or mail of %s: %s\n",
                static_cast<long long>(s.response.answered),
                money_text(*a->cost_per_contact, a->currency).c_str(),
                money_text(*s.spared, a->currency).c_str());
  std::printf(
      "  Figures are expected (low to high), by your assumptions valid %s. A conversion is an unhappy "
      "person\n"
      "  who praised within two weeks after your reply; that the reply was the cause is an assumption too.\n",
      valid_text(*a).c_str());
}

}  // namespace

int roi(const Options& options) {
  int code = 0;
  auto asked = ask(options, 84, code);
  if (!asked) return code;
  const auto& [reader, brand, window] = *asked;
  std::vector<insight::MoneyAssumptions> money;
  // Without a configuration (--db alone) there are counts and no money.
  if (options.config_given || options.database.empty()) {
    auto config = daemon::load_config(options.config_path);
    if (!config) return fail(config.error().message, 2);
    money = std::move(config->money);
  }
  const insight::JobInput input{
      .reader = *reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  auto summary = insight::summarise_roi(input, window.since, window.until, money);
  if (!summary) return fail(summary.error().message);
  if (options.json) {
    JsonWriter out;
    api::write_roi(out, *summary, brand.name, window.since, window.until);
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  const auto& response = summary->response;
  std::printf("%s  %s to %s\n", paint(Colour::bold, printable(brand.name)).c_str(),
              show_time(window.since).substr(0, 10).c_str(), show_time(window.until).substr(0, 10).c_str());
  std::printf("%lld posts asked for an answer, %lld had one", static_cast<long long>(response.contacts),
              static_cast<long long>(response.answered));
  if (const auto share = response.answered_share()) std::printf(" (%.1f %%)", *share * 100);
  if (response.median_s) std::printf(", half of them within %s", show_span(*response.median_s).c_str());
  if (response.open_median_s)
    std::printf(" (%s in business hours)", show_span(*response.open_median_s).c_str());
  std::printf("; %lld more settled by themselves\n\n", static_cast<long long>(response.settled));
  print_months(*summary);
  print_money(*summary);
  std::printf("\nThe evidence of every conversion: earshot people --outcome converted\n");
  return 0;
}

CommandSpec roi_command() {
  return {.name = "roi",
          .group = CommandGroup::look,
          .purpose = "What answering people was worth, with every assumption",
          .examples = "  earshot roi --brand Acme --since 90d",
          .run = roi,
          .options = reading_options()};
}

}  // namespace earshot::cli
