#pragma once
#include "analysis/text/reading.hpp"

namespace earshot::analysis {

/// Whether a sentence opens the way English questions do, mark or not: "how do i …", "anyone know …",
/// "so is there …".
bool opens_question(const Reading& reading);

}  // namespace earshot::analysis
