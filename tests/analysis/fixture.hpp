#pragma once
#include <string_view>

#include "analysis/text/analyser.hpp"

/// One analyser for all tests, built once, and the shortest way to a verdict.
namespace earshot::analysis {

inline const Analyser& shared_analyser() {
  static const auto analyser = [] {
    auto made = Analyser::create({});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(*made);
  }();
  return *analyser;
}

inline Verdict judge(std::string_view text, WithEvidence evidence = WithEvidence::no,
                     std::string_view lang = "en") {
  Scratch scratch;
  return shared_analyser().analyse(text, lang, evidence, scratch);
}

}  // namespace earshot::analysis
