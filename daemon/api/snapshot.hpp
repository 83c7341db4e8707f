#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/model/brand.hpp"
#include "daemon/config.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/service_config.hpp"
#include "insight/kpi.hpp"
#include "insight/money.hpp"

namespace earshot::api {

/// What routes need of the running configuration. Replaced as a whole when it is reloaded; whoever holds one
/// keeps it.
struct Snapshot {
  std::vector<Brand> brands = {};
  std::vector<insight::MoneyAssumptions> money = {};
  std::vector<insight::Kpi> kpis = {};
  std::chrono::milliseconds ror_half_life = std::chrono::days(90);
  std::vector<daemon::ServiceConfig> service = {};
  std::vector<daemon::OwnLegal> legal = {};
  std::vector<std::string> own_issues = {};  ///< the company's own issue types, in their order
  std::shared_ptr<const daemon::Pipeline> pipeline = {};
};

class Snapshots {
 public:
  std::shared_ptr<const Snapshot> now() const { return current_.load(); }
  void replace(Snapshot next) { current_.store(std::make_shared<const Snapshot>(std::move(next))); }

 private:
  std::atomic<std::shared_ptr<const Snapshot>> current_ = std::make_shared<const Snapshot>();
};

}  // namespace earshot::api
