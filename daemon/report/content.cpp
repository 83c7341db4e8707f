// The content pack: what people ask, what rises and falls, and what is said of products.
#include <algorithm>
#include <cmath>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/report/parts.hpp"
#include "delivery/evidence.hpp"
#include "store/content.hpp"

namespace earshot::report {
namespace {

constexpr std::size_t ideas_max = 8, quotes_max = 2, movers_max = 10;

Findings ideas(const insight::Summary& summary) {
  Findings out{.none = "No question came from three people yet."};
  for (const auto& row : summary.ideas) {
    if (out.list.size() == ideas_max) break;
    Finding one{.title = printable(row.title),
                .text = std::to_string(row.askers) + " people asked, " + std::to_string(row.unanswered) +
                        " without an answer; last two weeks against the two before: " +
                        signed_number(row.trend * 100, 0) + " %; " + row.state +
                        (row.owner.empty() ? "" : ", " + printable(row.owner)) + ".",
                .behind = {.target = "/api/v1/ideas/" + std::to_string(row.id.value),
                           .command = "earshot idea show " + std::to_string(row.id.value)}};
    for (const auto& quote : delivery::evidence_of(row.details, "quotes")) {
      if (one.quotes.size() == quotes_max) break;
      one.quotes.push_back({.text = squeeze_space(printable(quote.text)),
                            .source = printable(quote.source),
                            .url = quote.url});
    }
    out.list.push_back(std::move(one));
  }
  return out;
}

/// Issue types by how far their last week stands from what is usual.
Table movers(const Request& request, const insight::Summary& summary) {
  Table out{.columns = {{"issue"}, {"seven days", true}, {"usual", true}, {"spreads away", true}},
            .none = "No earlier week to compare with yet."};
  auto issues = summary.issues;
  std::erase_if(issues, [](const auto& row) { return !row.week.z() || row.name == "other"; });
  std::ranges::stable_sort(
      issues, [](const auto& a, const auto& b) { return std::abs(*a.week.z()) > std::abs(*b.week.z()); });
  for (const auto& row : issues) {
    if (out.rows.size() == movers_max) break;
    out.rows.push_back({printable(row.name),
                        Cell(number(*row.week.value),
                             mentions(request, {.issue = row.name, .since = summary.last_week.from})),
                        number(row.week.usual) + " ± " + number(row.week.spread),
                        signed_number(*row.week.z(), 1)});
  }
  return out;
}

/// Terms that more or fewer people write than in the weeks before.
Result<Table> term_movers(const Request& request) {
  Table out{.columns = {{"term"}, {"this week", true}, {"before", true}, {"times as often", true}},
            .none = "No term rises or falls beyond chance."};
  const auto rows = request.reader.content().term_moves(request.brand.id);
  if (!rows) return unexpected(rows.error());
  for (const auto& row : *rows) {
    if (out.rows.size() == movers_max) break;
    std::string ids;
    for (const auto id : row.mentions) ids += (ids.empty() ? "" : ",") + std::to_string(id.value);
    out.rows.push_back({printable(row.term),
                        Cell(std::to_string(row.authors) + " of " + std::to_string(row.people),
                             list(request, "/api/v1/mentions", "earshot movers", "&ids=" + ids)),
                        std::to_string(row.authors_before) + " of " + std::to_string(row.people_before),
                        std::isinf(row.ratio) ? "new" : number(row.ratio, 1)});
  }
  return out;
}

Table products(const Request& request, const insight::Summary& summary) {
  Table out{.columns = {{"product"}, {"mentions", true}, {"negative", true}, {"net sentiment", true}},
            .none = "No product was named."};
  for (const auto& row : summary.products)
    out.rows.push_back({printable(row.product),
                        Cell(std::to_string(row.mentions), mentions(request, {.product = row.product})),
                        Cell(std::to_string(row.negative),
                             mentions(request, {.polarity = "negative", .product = row.product})),
                        row.net_sentiment ? signed_number(*row.net_sentiment, 2) : "–"});
  return out;
}

}  // namespace

Result<Report> build_content(const Request& request) {
  const auto input = request.input();
  const auto summary = insight::summarise(input, request.since, request.until);
  if (!summary) return unexpected(summary.error());
  const auto drivers = insight::find_drivers(input, request.since, request.until);
  if (!drivers) return unexpected(drivers.error());
  Table reasons{.columns = {{"issue"}, {"reason"}, {"people", true}},
                .none = "Nobody gave a reason that others share."};
  for (const auto& row : drivers->rows)
    for (const auto& reason : row.reasons)
      reasons.rows.push_back({printable(row.name), printable(reason.phrase),
                              Cell(std::to_string(reason.authors), mentions(request, {.issue = row.name}))});
  auto terms = term_movers(request);
  if (!terms) return unexpected(terms.error());
  Report out{.title = "Content pack"};
  out.sections.push_back({.title = "What people ask", .blocks = {ideas(*summary)}});
  out.sections.push_back(
      {.title = "Risers and fallers", .blocks = {movers(request, *summary)}, .half = true});
  out.sections.push_back({.title = "Terms that rise and fall", .blocks = {std::move(*terms)}, .half = true});
  out.sections.push_back(
      {.title = "Hot buttons", .blocks = {driver_bars(request, *drivers, 8)}, .half = true});
  out.sections.push_back({.title = "The reasons people give", .blocks = {std::move(reasons)}, .half = true});
  out.sections.push_back({.title = "Products", .blocks = {products(request, *summary)}, .half = true});
  out.notes.emplace_back(insight::net_sentiment_formula);
  return out;
}

Result<Report> build_accuracy(const Request& request) {
  auto whole = accuracy(request);
  if (!whole) return unexpected(whole.error());
  whole->half = false;
  const auto labels = request.reader.labels(request.brand.id, 500);
  if (!labels) return unexpected(labels.error());
  Table wrong{.columns = {{"labelled"}, {"people said"}, {"rules said"}, {"certainty", true}, {"what"}},
              .none = "No label disagrees with the rules."};
  for (const auto& row : *labels) {
    if (!row.polarity || *row.polarity == row.said_polarity || wrong.rows.size() == 20) continue;
    const auto words = quote(request, row.mention);
    if (!words) continue;
    wrong.rows.push_back(
        {day(row.at), std::string(to_string(*row.polarity)), std::string(to_string(row.said_polarity)),
         percent(row.said_confidence),
         Cell(words->text, {.target = "/api/v1/mentions/" + std::to_string(row.mention.value),
                            .command = "earshot explain " + std::to_string(row.mention.value)})});
  }
  Report out{.title = "Accuracy of the verdicts"};
  out.sections.push_back(std::move(*whole));
  out.sections.push_back(
      {.title = "Where people and rules disagree, newest first", .blocks = {std::move(wrong)}});
  out.notes.emplace_back(
      "precision: of what the rules called so, the share that people did; recall: the other way round");
  out.notes.emplace_back(
      "of all mentions: labels of those that `earshot review` drew by chance stand for all of their source "
      "and polarity; the others, of what the rules are least sure of, do so only where none was drawn");
  return out;
}

}  // namespace earshot::report
