// report: one brand on one page, each number with what it is measured against.
#include <cmath>
#include <cstdio>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/api/people_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "insight/service_summary.hpp"
#include "insight/summary.hpp"

namespace earshot::cli {
namespace {

using insight::AgainstUsual;
using insight::Summary;

std::string number(double value, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

/// "402, usual 380 ± 25 (7 weeks): higher than usual".
std::string against(const AgainstUsual& metric, int decimals, bool with_sign) {
  const auto show = [&](double v) { return with_sign ? signed_number(v, decimals) : number(v, decimals); };
  if (!metric.value) return "nothing to measure";
  if (metric.weeks == 0) return show(*metric.value) + " (no earlier week to compare with yet)";
  std::string out = show(*metric.value) + ", usual " + show(metric.usual) + " ± " +
                    number(metric.spread, decimals) + " (" + std::to_string(metric.weeks) +
                    (metric.weeks == 1 ? " week)" : " weeks)");
  const auto z = metric.z();
  // Two spreads from the middle: one week in twenty by chance alone.
  if (z && std::abs(*z) >= 2)
    out += paint(Colour::yellow, *z > 0 ? "  higher than usual" : "  lower than usual");
  return out;
}

std::string day_text(Timestamp at) { return show_time(at).substr(0, 10); }

void print_head(const Summary& s) {
  std::printf("%s  %s to %s\n", paint(Colour::bold, s.brand).c_str(), day_text(s.since).c_str(),
              day_text(s.until).c_str());
  std::printf(
      "%lld mentions by %lld people in %zu sources; %lld posts of your own and %lld spam are not counted "
      "in\n\n",
      static_cast<long long>(s.total.mentions), static_cast<long long>(s.total.authors), s.sources.size(),
      static_cast<long long>(s.total.own), static_cast<long long>(s.total.spam));
  std::vector<double> volumes;
  for (const auto& day : s.days) volumes.push_back(static_cast<double>(day.mentions));
  std::printf("Per day        %s\n", sparkline(volumes).c_str());
  std::printf("Last 7 days    mentions       %s\n", against(s.volume, 0, false).c_str());
  std::printf("               people         %s\n", against(s.authors, 0, false).c_str());
  std::printf("               net sentiment  %s\n", against(s.net_sentiment, 2, true).c_str());
  std::printf("               share of people who wrote negatively  %s\n",
              against(s.negative_author_share, 2, false).c_str());
  std::printf("               %s\n", paint(Colour::dim, insight::net_sentiment_formula).c_str());
}

void print_weeks(const Summary& s) {
  std::printf("\n%s\n", paint(Colour::bold, "Weeks").c_str());
  Table table({"  week of", "mentions", "people", "positive", "neutral", "negative", "unscored",
               "net sentiment", ""});
  for (const auto& week : s.weeks) {
    const auto net = week.net_sentiment();
    table.add({"  " + day_text(week.from), std::to_string(week.mentions), std::to_string(week.authors),
               std::to_string(week.positive), std::to_string(week.neutral), std::to_string(week.negative),
               std::to_string(week.unscored), net ? signed_number(*net, 2) : "-",
               week.gap_hours > 0 ? std::to_string(week.gap_hours) + " h not heard" : ""});
  }
  table.print();
}

void print_issues(const Summary& s) {
  std::printf("\n%s\n", paint(Colour::bold, "Issue types").c_str());
  Table table({"  issue", "mentions", "negative", "share", "last 7 days", ""});
  std::size_t shown = 0;
  for (const auto& issue : s.issues) {
    if (issue.name == "other" || issue.name == "praise" || ++shown > 10) continue;
    std::string week = issue.week.value ? number(*issue.week.value, 0) : "-";
    if (issue.week.weeks > 0)
      week += " (usual " + number(issue.week.usual, 0) + " ± " + number(issue.week.spread, 0) + ")";
    table.add({"  " + issue.name, std::to_string(issue.mentions), std::to_string(issue.negative),
               number(issue.share * 100, 0) + " %", week, bar(issue.share * 3, 24)});
  }
  table.print();
}

void print_products(const Summary& s) {
  if (s.products.empty()) return;
  std::printf("\n%s\n", paint(Colour::bold, "By product").c_str());
  Table table({"  product", "mentions", "positive", "neutral", "negative", "unscored", "net sentiment"});
  for (const auto& product : s.products)
    table.add({"  " + printable(product.product), std::to_string(product.mentions),
               std::to_string(product.positive), std::to_string(product.neutral),
               std::to_string(product.negative), std::to_string(product.unscored),
               product.net_sentiment ? signed_number(*product.net_sentiment, 2) : "-"});
  table.print();
}

void print_incidents(const Summary& s) {
  std::printf("\n%s\n", paint(Colour::bold, "Incidents").c_str());
  if (s.incidents.empty()) std::printf("  none\n");
  for (const auto& i : s.incidents) {
    std::printf("  %s  (severity %d of 10, %s)\n", paint(Colour::red, i.title).c_str(), i.severity,
                i.state.c_str());
    std::printf(
        "    %s to %s; %lld people in %lld mentions and %lld echoes, usual is %.1f people an hour, the alarm "
        "is at %.1f\n",
        show_time(i.started_at).c_str(), show_time(i.last_at).c_str(), static_cast<long long>(i.authors),
        static_cast<long long>(i.mentions), static_cast<long long>(i.echoes), i.expected, i.threshold);
    if (i.cover.defended > 0)
      std::printf("    %lld of %lld unhappy posts were answered for you by %lld people\n",
                  static_cast<long long>(i.cover.defended), static_cast<long long>(i.cover.negative),
                  static_cast<long long>(i.cover.defenders));
    std::printf("    first report: earshot explain %lld\n", static_cast<long long>(i.first_mention.value));
  }
}

void print_ideas(const Summary& s) {
  std::printf("\n%s\n", paint(Colour::bold, "Ideas for content: what people ask").c_str());
  if (s.ideas.empty()) std::printf("  no question was asked by three people yet\n");
  int rank = 0;
  for (const auto& idea : s.ideas) {
    if (++rank > 5) break;
    std::printf("  %d  %s\n", rank,
                paint(Colour::bold, clip(printable(idea.title), terminal_width() - 6)).c_str());
    std::printf(
        "     %lld people asked, %lld without an answer, last two weeks against the two before: %s %%\n",
        static_cast<long long>(idea.askers), static_cast<long long>(idea.unanswered),
        signed_number(idea.trend * 100, 0).c_str());
    int quotes = 0;
    for (const auto& quote : quotes_of(idea)) {
      const auto text = squeeze_space(printable(quote));
      if (text.find(idea.title) != std::string::npos) continue;
      std::printf("     “%s”\n", clip(text, terminal_width() - 8).c_str());
      if (++quotes == 2) break;
    }
  }
}

std::int64_t outcome_count(const insight::RoiSummary& service, const char* outcome) {
  std::int64_t sum = 0;
  for (const auto& month : service.months)
    if (const auto found = month.outcomes.find(outcome); found != month.outcomes.end()) sum += found->second;
  return sum;
}

void print_service(const insight::RoiSummary& service) {
  std::printf("\n%s\n", paint(Colour::bold, "Service: who asked, and who was answered").c_str());
  const auto& response = service.response;
  std::printf("  %lld posts asked for an answer, %lld had one", static_cast<long long>(response.contacts),
              static_cast<long long>(response.answered));
  if (response.median_s) std::printf(", half of them within %s", show_span(*response.median_s).c_str());
  std::printf("; %lld people whose complaint waits now: earshot queue\n",
              static_cast<long long>(service.waiting_people));
  std::printf(
      "  %lld unhappy people praise you now, after your answer; %lld came round alone, %lld are angry still: "
      "earshot people\n",
      static_cast<long long>(outcome_count(service, "converted")),
      static_cast<long long>(outcome_count(service, "converted_alone")),
      static_cast<long long>(outcome_count(service, "angry")));
}

void print_rest(const Summary& s, const std::string& database) {
  if (s.share_of_voice.size() > 1) {
    std::printf("\n%s\n", paint(Colour::bold, "Share of voice").c_str());
    for (const auto& voice : s.share_of_voice)
      std::printf("  %-16s %3.0f %%  %lld mentions, net sentiment %s\n", printable(voice.brand).c_str(),
                  voice.share * 100, static_cast<long long>(voice.mentions),
                  voice.net_sentiment ? signed_number(*voice.net_sentiment, 2).c_str() : "-");
  }
  std::printf("\n%s\n", paint(Colour::bold, "What was heard").c_str());
  for (const auto& source : s.sources)
    std::printf(
        "  %-16s %lld mentions, %lld negative%s\n", printable(source.name).c_str(),
        static_cast<long long>(source.mentions), static_cast<long long>(source.negative),
        source.gap_hours > 0 ? (", not heard for " + std::to_string(source.gap_hours) + " h").c_str() : "");
  std::int64_t unscored = 0;
  std::string languages;
  for (const auto& language : s.languages) {
    unscored += language.unscored;
    languages +=
        (languages.empty() ? "" : ", ") + printable(language.lang) + " " + std::to_string(language.mentions);
  }
  std::printf("  languages: %s; %lld in languages without a lexicon are stored but not scored\n",
              languages.c_str(), static_cast<long long>(unscored));
  const auto brand = [&] {
    std::string out;
    for (const char c : s.brand) out += c == '\'' ? "''" : std::string(1, c);
    return out;
  }();
  std::printf("\n%s  %s\n", paint(Colour::bold, "Database").c_str(), database.c_str());
  std::printf("Try  sqlite3 'file:%s?mode=ro'  with\n", database.c_str());
  std::printf(
      "  SELECT day, mentions, net_sentiment FROM v_day WHERE brand = '%s' ORDER BY day DESC LIMIT 14;\n",
      brand.c_str());
  std::printf(
      "  SELECT issue, sum(mentions) n, sum(negative) bad FROM v_issue_day WHERE brand = '%s' GROUP BY issue "
      "ORDER BY bad DESC;\n",
      brand.c_str());
  std::printf(
      "  SELECT created_at, author_handle, text FROM v_mention WHERE brand = '%s' AND top_issue = 'billing' "
      "ORDER BY mention_id DESC LIMIT 10;\n",
      brand.c_str());
}

void print_promises(const api::PromiseCounts& promises) {
  if (promises.open + promises.kept + promises.late + promises.missed == 0) return;
  std::printf("  promised in public: %lld kept, %lld late, %lld missed, %lld open (earshot promises)\n",
              static_cast<long long>(promises.kept), static_cast<long long>(promises.late),
              static_cast<long long>(promises.missed), static_cast<long long>(promises.open));
}

/// What is on, as the text has it; of each claim how many people say that it misled them.
void write_campaigns(JsonWriter& out, const OnThisWeek& week, const std::string& brand) {
  out.key("campaigns").begin_array();
  for (const auto& row : week.campaigns) write_json(out, row, brand);
  out.end_array().key("claims").begin_array();
  for (const auto& row : week.claims) {
    out.begin_object().key("claim");
    write_json(out, row, brand);
    out.field("misled_people", week.misled_by(row.id)).end_object();
  }
  out.end_array();
}

std::string as_json(const Summary& s, const OnThisWeek& week, const insight::RoiSummary& service,
                    const api::PromiseCounts& promises, const std::string& database) {
  JsonWriter out;
  out.begin_object().field("database", database);
  api::write_summary(out, s);
  write_campaigns(out, week, s.brand);
  out.key("incidents").begin_array();
  for (const auto& incident : s.incidents) write_json(out, incident, s.brand);
  out.end_array().key("service").begin_object();
  out.field("contacts", service.response.contacts).field("answered", service.response.answered);
  out.field("settled", service.response.settled).field("median_s", service.response.median_s);
  out.field("waiting_people", service.waiting_people);
  for (const char* outcome :
       {"converted", "converted_alone", "relieved", "angry", "silent", "unanswered", "open"})
    out.field(outcome, outcome_count(service, outcome));
  out.field("open_median_s", service.response.open_median_s).field("late", service.response.late);
  out.key("promises").begin_object().field("open", promises.open).field("kept", promises.kept);
  out.field("late", promises.late).field("missed", promises.missed).end_object();
  out.end_object().key("ideas").begin_array();
  for (const auto& idea : s.ideas) write_json(out, idea, s.brand);
  return out.end_array().end_object().str();
}

}  // namespace

int report(const Options& options) {
  if (!options.name.empty() || !options.format.empty() || !options.output.empty() || options.days > 0)
    return report_page(options);
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto window = window_of(**reader, options, 56);
  if (!window) return fail(window.error().message, 2);
  const insight::JobInput input{
      .reader = **reader, .brand = brand->id, .brand_name = brand->name, .now = window->until};
  auto summary = insight::summarise(input, window->since, window->until);
  if (!summary) return fail(summary.error().message);
  auto service = insight::summarise_roi(input, window->since, window->until, {});
  if (!service) return fail(service.error().message);
  auto promises = api::count_promises(**reader, brand->id, *window);
  if (!promises) return fail(promises.error().message);
  const auto week = on_this_week(**reader, brand->id, window->until);
  if (!week) return fail(week.error().message);
  const auto database = database_path(options);
  if (options.json) {
    std::printf("%s\n", as_json(*summary, *week, *service, *promises, database).c_str());
    return 0;
  }
  print_head(*summary);
  print_campaigns(*week);
  print_weeks(*summary);
  print_issues(*summary);
  print_products(*summary);
  print_incidents(*summary);
  print_service(*service);
  print_promises(*promises);
  print_ideas(*summary);
  print_rest(*summary, database);
  return 0;
}

CommandSpec report_command() {
  return {.name = "report",
          .group = CommandGroup::look,
          .purpose = "Everything on one page, and pages for those who want one of their own",
          .examples =
              "  earshot report --brand Acme\n"
              "  earshot report executive --brand Acme --format html --output executive.html\n"
              "  earshot report service --days 14 --format markdown",
          .run = report,
          .options = OptionList{{.names = "kind",
                                 .target = &Options::name,
                                 .help = "brief, service, content, executive or accuracy",
                                 .choices = {"brief", "service", "content", "executive", "accuracy"}}} +
                     reading_options() +
                     OptionList{{.names = "--days",
                                 .target = &Options::days,
                                 .help = "How far back (brief and content 7, service 14, others 28)",
                                 .range = WholeRange{1, 366}},
                                {.names = "--format",
                                 .target = &Options::format,
                                 .help = "text, markdown, html or csv",
                                 .choices = {"text", "markdown", "html", "csv"}},
                                {.names = "--output",
                                 .target = &Options::output,
                                 .help = "File (default: standard output)",
                                 .kind = ValueKind::file}}};
}

}  // namespace earshot::cli
