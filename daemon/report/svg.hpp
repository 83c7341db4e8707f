#pragma once
#include <string>

#include "daemon/report/model.hpp"

/// Small pictures as SVG elements for an HTML page, which styles them by class. Each has its words as title.
/// Pure.
namespace earshot::report {

std::string svg_line(const LineChart& chart);
std::string svg_bars(const BarChart& chart);

}  // namespace earshot::report
