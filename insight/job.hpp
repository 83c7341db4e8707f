#pragma once
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "store/store.hpp"

/// Jobs read history, call the pure functions of analysis/, and return findings as rows; the caller writes
/// them. They run on a worker thread with a reader of their own.
namespace earshot::insight {

struct JobInput {
  store::Reader& reader;
  BrandId brand;
  std::string brand_name;
  Timestamp now;
  std::vector<std::string> names =
      {};  ///< further names of the brand: aliases, products; they say nothing of a topic
};

/// Expected value and spread per hour of week, source (and all sources together) and metric: volume, authors,
/// net_sentiment, negative_author_share. Hours inside a gap are left out.
Result<std::vector<store::BaselineRow>> baseline_job(const JobInput& input);

/// Incidents: hours in which more distinct authors than usual speak negatively of one issue, grouped while
/// they last.
Result<std::vector<store::IncidentRow>> incident_job(const JobInput& input);

/// People who say that they were misled: per claim, and where none fits by their own words.
Result<std::vector<store::MisledRow>> misled_job(const JobInput& input);

struct Dialogue;  ///< of dialogue.hpp; read once for all jobs that ask what was answered

/// Content ideas: clusters of questions across wordings, best first.
Result<std::vector<store::IdeaRow>> idea_job(const JobInput& input, const Dialogue& dialogue);

/// Who waits for an answer, how soon answers came by day, and how unhappy customers' stories went on.
store::ServiceFindings service_job(const Dialogue& dialogue, Timestamp now);

}  // namespace earshot::insight
