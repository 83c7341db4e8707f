#include "daemon/api/plain_page.hpp"

#include <cmath>

#include "core/base/text.hpp"
#include "daemon/api/plain_figures.hpp"
#include "daemon/api/plain_findings.hpp"
#include "daemon/api/plain_markup.hpp"
#include "daemon/api/routes/asking.hpp"
#include "delivery/markup.hpp"
#include "insight/summary.hpp"

namespace earshot::api {
namespace {

using delivery::escape_xml;
using plain::link, plain::minute, plain::number, plain::row, plain::table, plain::table_end;

constexpr std::size_t rows_max = 10;

/// "0.12, usual 0.08 ± 0.03 (1.3 spreads above)".
std::string against(const insight::AgainstUsual& metric, int decimals) {
  if (!metric.value) return "nothing to count";
  auto out = "<strong>" + number(*metric.value, decimals) + "</strong>";
  const auto z = metric.z();
  if (!z) return out + " (no history to compare with yet)";
  out += ", usual " + number(metric.usual, decimals) + " ± " + number(metric.spread, decimals);
  return out + " (" + number(std::abs(*z), 1) + " spreads " + (*z < 0 ? "below" : "above") + ")";
}

void state(std::string& out, const insight::Summary& s) {
  out += "<section><h2>Are we normal?</h2><dl>\n";
  out += "<dt>Mentions in the last seven days</dt><dd>" + against(s.volume, 0) + "</dd>\n";
  out += "<dt>People</dt><dd>" + against(s.authors, 0) + "</dd>\n";
  out += "<dt>Net sentiment</dt><dd>" + against(s.net_sentiment, 2) + "</dd>\n";
  out += "<dt>People who are unhappy, as a share</dt><dd>" + against(s.negative_author_share, 2) + "</dd>\n";
  out += "</dl></section>\n";
}

void incidents(std::string& out, const insight::Summary& s) {
  table(out, "What broke?", {"problem", "state", "severity", "people", "since"});
  for (std::size_t i = 0; i < s.incidents.size() && i < rows_max; ++i) {
    const auto& one = s.incidents[i];
    row(out, {escape_xml(one.title), escape_xml(one.state), std::to_string(one.severity) + "/10",
              std::to_string(one.authors), minute(one.started_at)});
  }
  if (s.incidents.empty()) row(out, {"no widespread problem"});
  out += table_end;
}

Status queue(std::string& out, store::Reader& reader, const store::NamedBrand& brand) {
  const auto rows = reader.waiting(brand.id, rows_max);
  if (!rows) return unexpected(rows.error());
  table(out, "Who waits for us?", {"priority", "written", "by", "where", "what"});
  for (const auto& waiting : *rows) {
    const auto mention = mention_for(reader, waiting.id, brand.id);
    if (!mention || mention->deleted) continue;
    row(out,
        {std::to_string(waiting.priority), minute(mention->created_at), escape_xml(mention->author_handle),
         link(mention->url, mention->source), escape_xml(squeeze_space(mention->text).substr(0, 300))});
  }
  if (rows->empty()) row(out, {"nobody"});
  out += table_end;
  return Done{};
}

void ideas(std::string& out, const insight::Summary& s) {
  table(out, "What should we write?", {"question", "people", "without an answer", "state"});
  for (const auto& one : s.ideas)
    row(out, {escape_xml(one.title), std::to_string(one.askers), std::to_string(one.unanswered),
              escape_xml(one.state)});
  if (s.ideas.empty()) row(out, {"no question came from several people yet"});
  out += table_end;
}

Status sources(std::string& out, store::Reader& reader) {
  const auto rows = reader.sources();
  if (!rows) return unexpected(rows.error());
  table(out, "Sources", {"source", "state", "last heard", "stored", "last failure"});
  for (const auto& one : *rows)
    row(out, {escape_xml(one.name), escape_xml(one.state), one.last_ok_at ? minute(*one.last_ok_at) : "never",
              std::to_string(one.stored), escape_xml(one.last_error)});
  out += table_end;
  return Done{};
}

}  // namespace

Response plain_page(store::Reader& reader, const Request& request, Timestamp now,
                    const std::vector<insight::MoneyAssumptions>& money) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><title>Earshot</title><link rel=\"stylesheet\" "
      "href=\"/plain.css\"></head><body>\n<h1>Earshot</h1>\n<nav>";
  const auto brands = reader.brands();
  if (!brands) return problem(brands.error());
  for (const auto& brand : *brands)
    out += "<a href=\"?brand=" + percent_encode(brand.name) + "\">" + escape_xml(brand.name) + "</a> ";
  out += "</nav>\n";
  const auto asked_for = asked(reader, request, 28, now);
  if (asked_for) {
    const auto& [brand, window] = *asked_for;
    const insight::JobInput input{
        .reader = reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
    const auto summary = insight::summarise(input, window.since, window.until);
    if (!summary) return problem(summary.error());
    out += "<h2>" + escape_xml(brand.name) + ", " + minute(window.since) + " to " + minute(window.until) +
           " UTC</h2>\n";
    state(out, *summary);
    if (auto status = plain::course(out, input, *summary, window); !status) return problem(status.error());
    incidents(out, *summary);
    if (auto status = queue(out, reader, brand); !status) return problem(status.error());
    ideas(out, *summary);
    if (auto status = plain::earned(out, input, window, money); !status) return problem(status.error());
    if (auto status = plain::findings(out, input, brand, window); !status) return problem(status.error());
  } else {
    out += "<p>" + escape_xml(asked_for.error().message) + "</p>\n";
  }
  if (auto status = sources(out, reader); !status) return problem(status.error());
  out += "</body></html>\n";
  return Response{.content_type = "text/html; charset=utf-8", .body = std::move(out)};
}

}  // namespace earshot::api
