#pragma once
#include <memory>
#include <vector>

#include "daemon/cli/options.hpp"
#include "daemon/pipeline.hpp"
#include "store/store.hpp"

namespace earshot::cli {

/// What judges stored mentions anew, to show why. With the configuration at hand the brands' own queries are
/// used, so that the words which matched can be shown.
Result<std::shared_ptr<const daemon::Pipeline>> explaining_pipeline(
    const Options& options, const std::vector<store::NamedBrand>& stored);

}  // namespace earshot::cli
