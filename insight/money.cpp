#include "insight/money.hpp"

#include <tuple>

namespace earshot::insight {

const MoneyAssumptions* assumptions_at(const std::vector<MoneyAssumptions>& all, const std::string& brand,
                                       Timestamp at) {
  const MoneyAssumptions* best = nullptr;
  for (const auto& one : all) {
    if ((!one.brand.empty() && one.brand != brand) || one.from > at) continue;
    const auto rank = [](const MoneyAssumptions& a) { return std::tuple(!a.brand.empty(), a.from); };
    if (!best || rank(*best) < rank(one)) best = &one;
  }
  return best;
}

}  // namespace earshot::insight
