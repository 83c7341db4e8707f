#pragma once
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// Counters, gauges and histograms in the text format of Prometheus (0.0.4). Any thread; meant for hundreds
/// of events a second, not for the inner loops.
class Metrics {
 public:
  /// Labels come ready, as `label` writes them: `source="news",state="ok"`.
  void count(std::string_view name, std::string_view labels, double by = 1);
  void gauge(std::string_view name, std::string_view labels, double value);
  /// Into buckets from 1 ms to 10 s.
  void observe_seconds(std::string_view name, std::string_view labels, double seconds);
  /// The line of help of a metric; without one it has its name only.
  void describe(std::string_view name, std::string_view help);
  std::string text() const;

 private:
  enum class Kind { counter, gauge, histogram };
  struct Series {
    double value = 0;  ///< of a histogram: the sum
    std::vector<std::uint64_t> buckets = {};
    std::uint64_t observations = 0;
  };
  struct Family {
    Kind kind = Kind::counter;
    std::map<std::string, Series, std::less<>> series = {};
  };
  Family& family(std::string_view name, Kind kind);
  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
  std::map<std::string, std::string, std::less<>> help_;
};

/// `name="value"`, escaped as the format wants it.
std::string metric_label(std::string_view name, std::string_view value);

}  // namespace earshot
