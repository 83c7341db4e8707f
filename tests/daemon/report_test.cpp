// The four looks of a report: what they escape, what they say, and that a page needs nothing else.
#include <catch2/catch.hpp>

#include "core/base/csv.hpp"
#include "daemon/config.hpp"
#include "daemon/kpi_config.hpp"
#include "daemon/mentions_query.hpp"
#include "daemon/report/links.hpp"
#include "daemon/report/svg.hpp"
#include "daemon/report/write.hpp"

using namespace earshot;
using namespace earshot::report;

namespace {

constexpr const char* hostile = "<script>alert(1)</script> \"&' [x](javascript:a) | @all\x1b[31m";

/// A report in which every text is hostile.
Report hostile_report() {
  Report out{
      .kind = "brief", .title = "Brief", .brand = hostile, .since = from_ms(0), .until = from_ms(86'400'000)};
  const Behind behind{.target = "/api/v1/mentions?brand=%3C%22",
                      .command = std::string("earshot mentions --brand ") + hostile};
  Table table{.columns = {{hostile}, {"n", true}}};
  Cell linked{hostile};
  linked.url = "javascript:alert(1)";
  table.rows.push_back({linked, Cell("=1+1", behind)});
  LineChart line{.title = hostile, .decimals = 2, .words = hostile};
  for (int i = 0; i < 5; ++i)
    line.points.push_back({.at = from_ms(i * 86'400'000LL),
                           .value = i == 2 ? std::nullopt : std::optional(0.1 * i - 0.2),
                           .expected = i < 3 ? std::optional(0.0) : std::nullopt,
                           .spread = 0.1,
                           .gap = i == 2});
  out.sections.push_back(
      {.title = hostile,
       .blocks = {
           Paragraph{.text = std::string("of ") + hostile + " many", .figure = hostile, .behind = behind},
           Figures{{{.name = hostile, .value = "-1", .usual = hostile, .behind = behind}}}, table, line,
           BarChart{.title = hostile,
                    .bars = {{.label = hostile, .value = -0.5, .low = -1.0, .high = 0.1, .behind = behind}},
                    .words = hostile},
           Findings{
               .list = {{.title = hostile,
                         .text = hostile,
                         .quotes =
                             {{.text = hostile, .author = hostile, .source = hostile, .url = "javascript:x"}},
                         .behind = behind}}}}});
  out.notes.emplace_back(hostile);
  return out;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("no words of strangers become markup on a page", "[report]") {
  const auto page = write_html(hostile_report());
  CHECK_FALSE(holds(page, "<script"));
  CHECK_FALSE(holds(page, "href=\"javascript"));
  CHECK(holds(page, "&lt;script&gt;alert(1)"));
  CHECK(holds(page, "href=\"/api/v1/mentions?brand=%3C%22\""));
  CHECK_FALSE(holds(page, "<link"));
  CHECK_FALSE(holds(page, "src="));
  const auto markdown = write_markdown(hostile_report());
  CHECK_FALSE(holds(markdown, "<script>"));
  CHECK_FALSE(holds(markdown, "](javascript"));
  CHECK_FALSE(holds(markdown, "@all"));
  const auto text = write_text(hostile_report());
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("a number leads to the API, or to the dashboard where the report says so", "[report]") {
  Report report{.base_url = "http://here"};
  const auto to = [&](const char* target) { return address_of(report, {.target = target}); };
  CHECK(to("/api/v1/mentions?brand=A%26b").ends_with("here/api/v1/mentions?brand=A%26b"));
  CHECK(to("").empty());
  report.links = Links::dashboard;
  CHECK(to("/api/v1/mentions?brand=A%26b&contact=true") == "http://here/#/mentions?brand=A%26b&contact=true");
  CHECK(to("/api/v1/mentions/3561014343830405933") == "http://here/#/mention/3561014343830405933");
  CHECK(to("/api/v1/incidents/3") == "http://here/#/incident/3");
  CHECK(to("/api/v1/incidents?brand=A") == "http://here/#/incidents?brand=A");
  CHECK(to("/api/v1/journeys?outcome=angry") == "http://here/#/stories?outcome=angry");
  CHECK(to("/feeds/a.atom") == "http://here/feeds/a.atom");
  CHECK(to("").empty());
  auto hostile = hostile_report();
  hostile.links = Links::dashboard;
  CHECK(holds(write_html(hostile), "href=\"/#/mentions?brand=%3C%22\""));
  CHECK(holds(write_markdown(hostile), "](/#/mentions?brand=%3C%22)"));
  CHECK(holds(write_csv(hostile), "/#/mentions?brand="));
}

TEST_CASE("the number in a paragraph leads to what it stands on", "[report]") {
  const Behind behind{.target = "/api/v1/ror?brand=A", .command = "earshot ror --brand A"};
  Report report{.base_url = "http://here"};
  report.sections.push_back(
      {.title = "s",
       .blocks = {Paragraph{.text = "In all 12.5 points.", .figure = "12.5", .behind = behind},
                  LineChart{.title = "t",
                            .points = {{.at = from_ms(0), .value = 7.0, .behind = behind}},
                            .words = "w",
                            .behind = behind},
                  Paragraph{.text = "Nothing to list."}}});
  CHECK(holds(write_html(report),
              "<p>In all <a href=\"http://here/api/v1/ror?brand=A\" title=\"earshot ror "
              "--brand A\">12.5</a> points.</p>"));
  CHECK(holds(write_html(report), "<p>Nothing to list.</p>"));
  CHECK(holds(write_markdown(report), "In all [12\\.5](http://here/api/v1/ror?brand=A) points\\."));
  CHECK(holds(write_markdown(report), "| [7](http://here/api/v1/ror?brand=A) |"));
  const auto text = write_text(report);
  CHECK(holds(text, "In all 12.5 points.\n"));
  CHECK(holds(text.substr(text.find("12.5")), "earshot ror --brand A"));
  CHECK(holds(write_csv(report), "s,,text,In all 12.5 points.,http://here/api/v1/ror?brand=A"));
  CHECK(holds(write_csv(report), "s,1970-01-01,t,7,http://here/api/v1/ror?brand=A"));
}

TEST_CASE("every line of the CSV has five fields, and none is a formula", "[report]") {
  CsvReader reader;
  std::vector<CsvRow> rows;
  reader.push(write_csv(hostile_report()), rows);
  reader.finish(rows);
  REQUIRE(rows.size() > 10);
  CHECK(rows.front().fields == std::vector<std::string>{"section", "item", "column", "value", "mentions"});
  bool number = false;
  for (const auto& row : rows) {
    CHECK_FALSE(row.damaged);
    REQUIRE(row.fields.size() == 5);
    for (const auto& field : row.fields)
      if (!field.empty() && std::string_view("=@").find(field.front()) != std::string_view::npos) FAIL(field);
    number = number || row.fields[3] == "-1";
  }
  CHECK(number);
}

TEST_CASE("pictures have words, and stand anything", "[report]") {
  for (const auto& chart :
       {LineChart{}, LineChart{.title = "t", .points = {{.at = from_ms(0)}}, .words = "w"},
        LineChart{.title = "t", .points = {{.at = from_ms(0), .value = 5.0}}, .words = "w"},
        LineChart{.title = "t",
        .points = {{.at = from_ms(0), .value = 1e12}, {.at = from_ms(1), .value = -1e12}},
        .words = "w"}}) {
    const auto svg = svg_line(chart);
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>"));
    CHECK(holds(svg, "role=\"img\""));
    CHECK_FALSE(holds(svg, "nan"));
    CHECK_FALSE(holds(svg, "inf"));
  }
  CHECK(holds(svg_bars({.title = "t", .bars = {{.label = "a", .value = 0}}, .words = "all is still"}),
              "all is still"));
  CHECK(svg_bars({}).ends_with("</svg>"));
}

TEST_CASE("a format that there is not is a mistake", "[report]") {
  CHECK_FALSE(write(hostile_report(), "pdf"));
  for (const auto* format : formats) CHECK(write(hostile_report(), format));
}

TEST_CASE("a figure's query reads the same as a target and as a command", "[report]") {
  const daemon::MentionsQuery query{
      .brand = "Acme & Sons' \"best\"", .issue = "billing", .since = from_ms(0) + std::chrono::hours(24)};
  CHECK(daemon::target_of(query) ==
        "/api/v1/"
        "mentions?counted=true&brand=Acme%20%26%20Sons%27%20%22best%22&issue=billing&since=1970-01-02T00%"
        "3A00%3A00Z");
  CHECK(daemon::command_of(query) ==
        "earshot mentions --counted --brand 'Acme & Sons'\\'' \"best\"' --issue billing --since "
        "1970-01-02T00:00:00Z");
}

TEST_CASE("[[kpi]] says what is wrong with it", "[config]") {
  const std::string brand = "[[brand]]\nname = \"Acme\"\n";
  const auto good = daemon::parse_config(
      brand +
          "[[kpi]]\nname = \"a\"\nmetric = \"volume\"\ntarget = 10\ndirection = \"lower\"\n"
          "[[kpi]]\nname = \"b\"\nsql = \"SELECT 1\"\ntarget = 0.5\nunit = \"x\"\ndays = 7\nbrand = "
          "\"Acme\"\n",
      "t.toml");
  REQUIRE(good);
  REQUIRE(good->kpis.size() == 2);
  CHECK(good->kpis[0].direction == insight::Direction::lower);
  CHECK(good->kpis[1].target == 0.5);
  CHECK(good->kpis[1].days == 7);
  for (const auto& [lines, words] :
       {std::pair("metric = \"volume\"", "name"), std::pair("name = \"a\"", "metric"),
        std::pair("name = \"a\"\nmetric = \"volumes\"", "volume"),
        std::pair("name = \"a\"\nmetric = \"volume\"\nsql = \"SELECT 1\"", "not both"),
        std::pair("name = \"a\"\nmetric = \"volume\"\ntarget = \"many\"", "number"),
        std::pair("name = \"a\"\nmetric = \"volume\"\nbrand = \"Bee\"", "no brand 'Bee'")}) {
    const auto bad = daemon::parse_config(brand + "[[kpi]]\n" + lines + "\n", "t.toml");
    REQUIRE_FALSE(bad);
    INFO(bad.error().message);
    CHECK(bad.error().message.find(words) != std::string::npos);
  }
}
