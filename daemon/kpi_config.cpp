#include "daemon/kpi_config.hpp"

#include <algorithm>

namespace earshot::daemon {

insight::Kpi read_kpi(TomlReader& reader) {
  insight::Kpi out{.name = reader.required_text("name"), .brand = reader.text("brand")};
  out.metric = reader.text("metric");
  out.sql = reader.text("sql");
  out.unit = reader.text("unit");
  out.owner = reader.text("owner");
  out.days = static_cast<int>(reader.integer("days", out.days, 1, 366));
  const std::vector<std::string> known(insight::metric_names.begin(), insight::metric_names.end());
  if (out.metric.empty() == out.sql.empty())
    reader.mistake("metric", "give a metric, or a SELECT as `sql`, and not both");
  else if (!out.metric.empty() && std::ranges::find(known, out.metric) == known.end())
    reader.mistake("metric", "is none that there is:" + suggestion(out.metric, known));
  if (const auto* target = reader.find("target")) {
    if (target->is(TomlNode::Kind::integer))
      out.target = static_cast<double>(target->integer);
    else if (target->is(TomlNode::Kind::real))
      out.target = target->real;
    else
      reader.mistake("target", "must be a number");
  }
  out.direction = reader.word("direction", {"higher", "lower"}) == "lower" ? insight::Direction::lower
                                                                           : insight::Direction::higher;
  return out;
}

}  // namespace earshot::daemon
