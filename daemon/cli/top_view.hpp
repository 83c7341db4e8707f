#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/line.hpp"
#include "insight/summary.hpp"
#include "store/store.hpp"

namespace earshot::cli {

struct TopSource {
  store::SourceStatus status = {};
  std::int64_t day_mentions = 0;          ///< counted in the last 24 hours, of every brand
  std::optional<double> per_minute = {};  ///< received, over the last minute or less; nothing at first
};

struct TopBrand {
  std::string name = {};
  insight::AgainstUsual net_sentiment = {}, volume = {};  ///< of the last seven days
  store::WaitingCount waiting = {};
  std::int64_t incidents_open = 0;
};

/// How everything is at one moment.
struct TopState {
  Timestamp at = {};
  std::vector<TopSource> sources = {};
  std::vector<TopBrand> brands = {};
  std::int64_t index_waiting = 0;     ///< transactions that the full-text index has not taken in
  std::int64_t delivery_waiting = 0;  ///< messages that wait to be sent
  std::int64_t delivery_dead = 0;
};

/// Looks at the database again and again. What costs more than a moment is looked at twice a minute.
class TopWatch {
 public:
  explicit TopWatch(store::Reader& reader) : reader_(reader) {}
  Result<TopState> look(Timestamp now);

 private:
  Status look_closely(Timestamp now);
  std::optional<double> rate_of(const store::SourceStatus& source, Timestamp now);

  struct Sample {
    Timestamp at = {};
    std::int64_t received = 0;
  };
  store::Reader& reader_;
  std::optional<Timestamp> looked_closely_at_;
  std::vector<TopBrand> brands_;
  std::map<std::int64_t, std::int64_t> day_mentions_;
  std::int64_t index_waiting_ = 0, delivery_waiting_ = 0, delivery_dead_ = 0;
  std::map<std::int64_t, std::deque<Sample>> samples_;
};

/// As a screen of that width; on a narrow one the less important columns go.
std::vector<Line> top_lines(const TopState& state, int width);
std::string top_json(const TopState& state);

}  // namespace earshot::cli
