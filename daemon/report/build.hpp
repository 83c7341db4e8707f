#pragma once
#include <array>
#include <string_view>

#include "daemon/report/model.hpp"
#include "insight/kpi.hpp"

/// Builds reports from what is stored and found. On any thread with a reader of its own.
namespace earshot::report {

inline constexpr std::array kinds{"brief", "service", "content", "executive", "accuracy"};

struct Request {
  store::Reader& reader;
  store::NamedBrand brand;
  Timestamp since = {}, until = {};
  const std::vector<insight::MoneyAssumptions>& money;
  const std::vector<insight::Kpi>& kpis;
  std::vector<std::string> competitors = {};
  std::string base_url = {};
  Milliseconds ror_half_life = std::chrono::days(90);  ///< of what people did for the brand

  insight::JobInput input() const {
    return {.reader = reader, .brand = brand.id, .brand_name = brand.name, .now = until};
  }
};

/// Days a report looks back when nobody says: the brief and the content pack a week, service two, the rest
/// four.
int default_days(std::string_view kind);

/// `invalid`: there is no such kind, or the period is empty or too long.
Result<Report> build(std::string_view kind, const Request& request);

}  // namespace earshot::report
