#pragma once
#include <string>

#include "analysis/text/analyser.hpp"

namespace earshot::daemon {

/// A text that is judged without being stored.
struct TextToScore {
  std::string id = {};
  std::string text = {};
  std::string brand = {};  ///< whom the verdict is about; it need not be configured. Empty: the whole text
  std::string lang = {};
};

Verdict score_text(const analysis::Analyser& analyser, const TextToScore& text,
                   analysis::WithEvidence evidence, analysis::Scratch& scratch);

}  // namespace earshot::daemon
