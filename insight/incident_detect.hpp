#pragma once
#include <cstdint>
#include <vector>

#include "analysis/series/anomaly.hpp"
#include "analysis/series/baseline.hpp"
#include "core/model/ids.hpp"

/// Finds incidents in a brand's troubles. Pure: no store, no clock; each decision sees only what came before
/// it.
namespace earshot::insight {

/// One mention that reports trouble, in time order.
struct Trouble {
  MentionId id = {};
  std::int64_t at_ms = 0;
  std::uint64_t author = 0;
  std::uint64_t issues = 0;  ///< never 0: "other" where none is known
  SourceId source = {};
  bool echo = false;  ///< a copy of an earlier one: raises severity, not the count
};

struct Arithmetic {
  std::int64_t at_ms = 0;
  analysis::Deviation deviation = {};
  int weeks = 0, samples = 0;  ///< of history behind the expectation
  bool warm_up = false;
};

struct FoundIncident {
  std::uint8_t issue = 0;       ///< the one it is named after
  std::uint64_t issues = 0;     ///< every issue type that takes part
  std::int64_t started_ms = 0;  ///< first affected author
  std::int64_t last_ms = 0;     ///< last trouble while it was elevated
  Arithmetic fired = {};        ///< when the rule was first met
  Arithmetic peak = {};         ///< the highest against its threshold, of all issues that take part
  std::int64_t authors = 0, mentions = 0, echoes = 0;
  std::vector<std::size_t> members = {};  ///< indices of the troubles, echoes included, in time order
};

struct DetectInput {
  const std::vector<Trouble>& troubles;
  std::int64_t first_hour = 0, end_hour = 0;  ///< heard hours, `end_hour` exclusive
  std::vector<bool> left_out = {};            ///< per hour: a gap
  analysis::UnusualRule rule = {};
};

/// In time order of detection.
std::vector<FoundIncident> detect_incidents(const DetectInput& input);

/// Bytes of a text from which on the same words are a copy.
inline constexpr std::int64_t echo_bytes = 40;

/// Marks copies: the same fingerprint within the seven days before, in a text long enough (40 bytes) that two
/// people do not write it by chance. "fernwave down" written twice is two people, not an echo.
void mark_echoes(std::vector<Trouble>& troubles, const std::vector<std::uint64_t>& fingerprints,
                 const std::vector<std::int64_t>& text_bytes);

/// Quiet that ends an incident, and after which it is shown as closed.
inline constexpr std::int64_t quiet_ms = 6 * 3'600'000;

}  // namespace earshot::insight
