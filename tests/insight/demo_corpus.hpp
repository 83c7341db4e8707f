#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "store/store.hpp"

namespace earshot::test {

struct DemoQuestion {
  std::string id;                       ///< "invoice_csv"
  std::vector<std::string> asked = {};  ///< native ids
};

/// The demo corpus in a store, with what is true of it.
struct DemoCorpus {
  std::unique_ptr<store::Store> store;
  BrandId brand;
  Timestamp first_monday, outage_start, outage_end, promotion_from, promotion_to;
  std::vector<std::string> affected = {};  ///< native ids of the outage's reports
  std::vector<DemoQuestion> questions = {};
};

enum class Verdicts { truth, analyser };

/// Generates the corpus with Python and loads what was posted before the end of week `weeks`.
DemoCorpus load_demo(const std::string& directory, Verdicts verdicts, int weeks = 8);

}  // namespace earshot::test
