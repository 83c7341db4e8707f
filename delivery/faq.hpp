#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

/// Questions with their best public answers, as pages that others can take over. Pure.
namespace earshot::delivery {

struct FaqAnswer {
  std::string text = {}, url = {};
  bool own = false;  ///< the brand's own reply; else a peer's, for which an asker gave thanks
  Timestamp at = {};
};

struct FaqEntry {
  std::string question = {};
  std::int64_t askers = 0;
  std::string page = {};  ///< where the brand published its answer; empty: nowhere
  std::optional<FaqAnswer> answer = {};
};

/// After this an answer may no longer be true.
inline constexpr std::chrono::hours stale_after{24 * 90};

/// What people wrote formats nothing. A question without an answer says so; none is made up.
std::string faq_markdown(const std::string& brand, const std::vector<FaqEntry>& entries, Timestamp now);
/// schema.org FAQPage as JSON-LD that may stand inside a <script> of a page: no `<`, `>` or `&` is in it.
/// Questions without an answer are there with an answerCount of 0.
std::string faq_json_ld(const std::string& brand, const std::vector<FaqEntry>& entries);

}  // namespace earshot::delivery
