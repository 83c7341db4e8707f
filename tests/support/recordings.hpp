#pragma once
#include <functional>
#include <string>
#include <vector>

#include "connectors/json_fields.hpp"

namespace earshot::test {

/// One recorded exchange beside the checkout.
struct Recording {
  std::string file;
  std::string url;
  int status = 0;
  std::string content_type;
  std::string body;
  std::string source;
  std::string expect;
  connectors::JsonDocument line;  ///< the whole record, for expectations
};

/// Calls `use` for every recording of a set; false when the set is not there.
bool for_each_recording(const std::string& set, const std::function<void(const Recording&)>& use);

/// Counts of something asked and something answered, for printing.
struct Rate {
  std::size_t hits = 0;
  std::size_t asked = 0;
  void add(bool hit) { ++asked, hits += hit ? 1 : 0; }
  double percent() const { return asked == 0 ? 100 : 100.0 * static_cast<double>(hits) / static_cast<double>(asked); }
};
std::string show(const char* name, const Rate& rate);

}  // namespace earshot::test
