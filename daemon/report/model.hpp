#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/clock.hpp"

/// What a report says, before anybody decides how it looks: built once, written as text, Markdown, HTML or
/// CSV.
namespace earshot::report {

/// What lists the mentions behind a number: a target of the HTTP API, and a command that prints the same.
struct Behind {
  std::string target = {};   ///< "/api/v1/mentions?…"; empty: nothing to list
  std::string command = {};  ///< "earshot mentions …"
};

enum class Mood { plain, good, bad };

/// One number that stands out.
struct Figure {
  std::string name = {};
  std::string value = {};  ///< "402", "−0.12", "3 h"; "–" where there is nothing to measure
  std::string usual = {};  ///< "usual 380 ± 25 (7 weeks)", or why there is nothing to compare with
  Mood mood = Mood::plain;
  Behind behind = {};
};
struct Figures {
  std::vector<Figure> figures = {};
};

struct Paragraph {
  std::string text = {};
  std::string figure = {};  ///< the number in the text that `behind` lists the mentions of
  Behind behind = {};
};

struct Cell {
  std::string text = {};
  std::string url = {};  ///< of the outside world; only http and https become links
  Behind behind = {};
  Cell(std::string words) : text(std::move(words)) {}  // NOLINT: a cell is mostly its words
  Cell(const char* words) : text(words) {}             // NOLINT
  Cell(std::string words, Behind list) : text(std::move(words)), behind(std::move(list)) {}
};
struct Column {
  std::string name = {};
  bool numeric = false;  ///< aligned at its end
};
struct Table {
  std::vector<Column> columns = {};
  std::vector<std::vector<Cell>> rows = {};
  std::string none = {};  ///< said instead of an empty table
};

/// A line over days, with what was usual as a band.
struct LinePoint {
  Timestamp at = {};
  std::optional<double> value = {}, expected = {}, spread = {};
  bool gap = false;  ///< not heard in full
  Behind behind = {};
};
struct LineChart {
  std::string title = {};
  std::vector<LinePoint> points = {};
  int decimals = 0;
  std::string words = {};  ///< what a reader who sees no picture should know
  Behind behind = {};      ///< of all its days
};

/// Bars from zero to either side, with an interval where there is one.
struct Bar {
  std::string label = {};
  double value = 0;
  std::optional<double> low = {}, high = {};
  Behind behind = {};
};
struct BarChart {
  std::string title = {};
  std::vector<Bar> bars = {};
  int decimals = 2;
  std::string words = {};    ///< all that the picture says
  std::string caption = {};  ///< what stands under it
};

struct Quote {
  std::string text = {}, author = {}, source = {}, url = {};
  Timestamp at = {};
};
/// Something that happened: a risk, a win, an idea.
struct Finding {
  std::string title = {}, text = {};
  std::vector<Quote> quotes = {};
  Behind behind = {};
};
struct Findings {
  std::vector<Finding> list = {};
  std::string none = {};
};

using Block = std::variant<Paragraph, Figures, Table, LineChart, BarChart, Findings>;

struct Section {
  std::string title = {};
  std::vector<Block> blocks = {};
  bool half = false;  ///< short enough to stand beside another on a wide page
};

/// What numbers lead to: the answers of the API, or the views of the dashboard.
enum class Links { api, dashboard };

struct Report {
  std::string kind = {};  ///< brief, service, content, executive, accuracy
  std::string title = {}, brand = {};
  Timestamp since = {}, until = {};
  std::vector<Section> sections = {};
  std::vector<std::string> notes = {};  ///< definitions and assumptions
  std::string base_url = {};            ///< in front of `Behind::target`: "http://127.0.0.1:8765"
  Links links = Links::api;
};

}  // namespace earshot::report
