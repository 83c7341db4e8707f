#pragma once
#include <map>
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

/// An unhappy customer's story, by native ids; empty: there is no such post.
struct DemoJourney {
  std::string kind;  ///< raver; silent, still_angry, fallen, no_reply, staff
  std::string complaint = {}, brand_reply = {}, happy = {}, angry = {};
};

/// A promise of the help account, by native ids; empty: there is no such post.
struct DemoPromise {
  std::string reply, to = {}, followup = {};
  Timestamp due = {};
  bool kept = false;
};

/// What people begin or cease to write of.
struct DemoMove {
  std::string term = {}, direction = {};  ///< rising, falling
  std::vector<std::string> posts = {};    ///< native ids
};

/// The demo corpus in a store, with what is true of it.
struct DemoCorpus {
  std::unique_ptr<store::Store> store;
  BrandId brand;
  Timestamp first_monday, outage_start, outage_end, promotion_from, promotion_to;
  std::vector<std::string> affected = {};  ///< native ids of the outage's reports
  std::vector<DemoQuestion> questions = {};
  std::vector<std::string> misled = {};    ///< native ids of those the promotion misled
  std::vector<DemoJourney> journeys = {};  ///< those that happened, then those that only look so
  std::vector<DemoPromise> promises = {};
  std::vector<DemoMove> moves = {};
  std::map<std::string, std::string> roles = {};  ///< of authors, by the native ids of their posts
};

enum class Verdicts { truth, analyser };

/// Generates the corpus with Python and loads what was posted before the end of week `weeks`.
DemoCorpus load_demo(const std::string& directory, Verdicts verdicts, int weeks = 8);

}  // namespace earshot::test
