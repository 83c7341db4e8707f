#include "daemon/api/router.hpp"

#include "core/base/text.hpp"

namespace earshot::api {
namespace {

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& params) {
  params.clear();
  const auto wanted = split(pattern, '/');
  const auto given = split(path, '/');
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{') && !given[i].empty())
      params.emplace_back(given[i]);
    else if (wanted[i] != given[i])
      return false;
  }
  return true;
}

}  // namespace

Router::Found Router::find(std::string_view method, std::string_view path) const {
  Found out;
  std::vector<std::string> params;
  for (const auto& route : routes_) {
    if (!matches(route.pattern, path, params)) continue;
    if (route.method == method) return Found{.route = &route, .params = std::move(params)};
    out.allowed += (out.allowed.empty() ? "" : ", ") + route.method;
  }
  return out;
}

}  // namespace earshot::api
