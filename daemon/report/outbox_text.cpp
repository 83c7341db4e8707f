#include "daemon/report/outbox_text.hpp"

#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "daemon/report/write.hpp"

namespace earshot::report {
namespace {

constexpr std::size_t figures_max = 6;

/// What stands out in it: a chat message has no room for the page.
std::vector<Figure> first_figures(const Report& report) {
  std::vector<Figure> out;
  for (const auto& section : report.sections)
    for (const auto& block : section.blocks)
      if (const auto* figures = std::get_if<Figures>(&block))
        for (const auto& figure : figures->figures)
          if (out.size() < figures_max) out.push_back(figure);
  return out;
}

}  // namespace

std::string outbox_text(const Report& report, std::string_view name) {
  JsonWriter out;
  out.begin_object().field("report", name).field("brand", report.brand).field("title", report.title);
  out.field("since", format_rfc3339(report.since)).field("until", format_rfc3339(report.until));
  out.key("figures").begin_array();
  for (const auto& figure : first_figures(report))
    out.begin_object()
        .field("name", figure.name)
        .field("value", figure.value)
        .field("usual", figure.usual)
        .end_object();
  out.end_array().field("text", write_text(report)).field("markdown", write_markdown(report));
  out.field("html", write_html(report)).end_object();
  return out.str();
}

}  // namespace earshot::report
