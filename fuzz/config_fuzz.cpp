// Any bytes: a configuration fails as `invalid` with one placed line per mistake, or is one the daemon can
// run on.
#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "daemon/config.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const auto config = daemon::parse_config(fuzz_text(data, size), "fuzz.toml");
  if (!config) {
    EARSHOT_ASSERT(config.error().kind == ErrorKind::invalid);
    EARSHOT_ASSERT(config.error().message.starts_with("fuzz.toml:"));
    return 0;
  }
  EARSHOT_ASSERT(config->workers >= 1 && config->insight_interval.count() > 0);
  for (const auto& source : config->sources) {
    EARSHOT_ASSERT(!source.name.empty() && !source.connector.empty());
    EARSHOT_ASSERT(source.interval_min.count() > 0 && source.interval_min <= source.interval_max);
    EARSHOT_ASSERT(source.interval_max <= std::chrono::hours(24 * 366) && source.pages_per_poll > 0);
  }
  return 0;
}
