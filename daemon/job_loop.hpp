#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "insight/job.hpp"
#include "insight/link_job.hpp"
#include "store/store.hpp"

namespace earshot::daemon {

/// A brand as the jobs need it.
struct JobBrand {
  BrandId id;
  std::string name;
  std::vector<std::string> names;             ///< aliases and products
  std::vector<std::string> competitors = {};  ///< their names, aliases and products
  insight::ServiceTerms terms = {};
  std::vector<insight::KnownPage> links = {};
};

/// How long a job took.
struct JobTime {
  std::string job;
  std::chrono::milliseconds took{0};
};

/// What the jobs found of one brand, ready to be written.
struct Findings {
  BrandId brand;
  std::string brand_name;
  std::vector<store::BaselineRow> baseline;
  std::vector<store::IncidentRow> incidents;
  std::vector<store::IdeaRow> ideas;
  store::ServiceFindings service;
  store::PeopleFindings people;
  std::vector<store::MisledRow> misled;
  store::PageFindings pages = {};
  std::vector<store::TermMoveRow> term_moves = {};
  std::vector<JobTime> times = {};
};
/// Runs the insight jobs of one brand on the calling thread and returns what they found, ready to be written.
/// `memory` is that brand's, of the rounds before; none: everything is read anew.
Result<Findings> find_all(store::Reader& reader, const JobBrand& brand, Timestamp now,
                          insight::Memory* memory = nullptr);

/// Writes findings to the store (store thread).
Status save(store::Store& store, const Findings& findings, Timestamp now);

/// Rewrites the feed files of one brand from what is stored. On any thread with a reader of its own.
Status publish(store::Reader& reader, const JobBrand& brand, const std::string& directory, Timestamp now);

}  // namespace earshot::daemon
