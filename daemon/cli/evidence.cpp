#include "daemon/cli/evidence.hpp"

#include "daemon/config.hpp"

namespace earshot::cli {

Result<std::shared_ptr<const daemon::Pipeline>> explaining_pipeline(
    const Options& options, const std::vector<store::NamedBrand>& stored) {
  auto config = daemon::load_config(options.config_path);
  std::vector<Brand> brands;
  if (config) brands = config->brands;
  for (auto& brand : brands)
    for (const auto& known : stored)
      if (known.name == brand.name) brand.id = known.id;
  auto pipeline = daemon::Pipeline::create(brands, config ? config->analysis : analysis::AnalyserOptions{});
  if (!pipeline) return unexpected(pipeline.error());
  return std::shared_ptr<const daemon::Pipeline>(std::move(*pipeline));
}

}  // namespace earshot::cli
