#pragma once
#include <string>

#include "daemon/window.hpp"
#include "insight/job.hpp"

namespace earshot::api::plain {

/// What moved net sentiment, how it stands beside others, who feels misled, promises, answers, and how far
/// verdicts can be trusted, as sections of the plain page.
Status findings(std::string& out, const insight::JobInput& input, const store::NamedBrand& brand,
                const daemon::Window& window);

}  // namespace earshot::api::plain
