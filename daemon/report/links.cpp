#include "daemon/report/links.hpp"

#include <array>
#include <string_view>

namespace earshot::report {
namespace {

struct View {
  std::string_view api, page;
};
/// One thing ends in its id, a list does not: the longer prefix stands first.
constexpr std::array views{View{"/api/v1/mentions/", "/#/mention/"},
                           View{"/api/v1/mentions", "/#/mentions"},
                           View{"/api/v1/incidents/", "/#/incident/"},
                           View{"/api/v1/incidents", "/#/incidents"},
                           View{"/api/v1/ideas/", "/#/idea/"},
                           View{"/api/v1/ideas", "/#/ideas"},
                           View{"/api/v1/misled/", "/#/misled/"},
                           View{"/api/v1/misled", "/#/misled"},
                           View{"/api/v1/claims", "/#/campaigns"},
                           View{"/api/v1/campaigns", "/#/campaigns"},
                           View{"/api/v1/journeys", "/#/stories"},
                           View{"/api/v1/roi", "/#/stories"},
                           View{"/api/v1/queue", "/#/queue"},
                           View{"/api/v1/promises", "/#/promises"},
                           View{"/api/v1/sources", "/#/sources"},
                           View{"/api/v1/labels", "/#/review"},
                           View{"/api/v1/kpis", "/#/kpis"}};

}  // namespace

std::string address_of(const Report& report, const Behind& behind) {
  if (behind.target.empty()) return {};
  if (report.links == Links::dashboard)
    for (const auto& [api, page] : views)
      if (behind.target.starts_with(api))
        return report.base_url + std::string(page) + behind.target.substr(api.size());
  return report.base_url + behind.target;
}

std::pair<std::string, std::string> around(const Paragraph& paragraph) {
  const auto at = paragraph.figure.empty() ? std::string::npos : paragraph.text.find(paragraph.figure);
  if (at == std::string::npos) return {paragraph.text, {}};
  return {paragraph.text.substr(0, at), paragraph.text.substr(at + paragraph.figure.size())};
}

}  // namespace earshot::report
