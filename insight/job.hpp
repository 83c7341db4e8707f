#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/people/business_hours.hpp"
#include "core/base/result.hpp"
#include "store/store.hpp"

/// Jobs read history, call the pure functions of analysis/, and return findings as rows; the caller writes
/// them. They run on a worker thread with a reader of their own.
namespace earshot::insight {

/// When a brand's people are there, and how soon they mean to answer.
struct ServiceTerms {
  analysis::BusinessHours hours = {};
  /// Time to the first reply, in business hours, by how urgent a post is; nothing: no target.
  std::optional<Milliseconds> answer_high = {}, answer_medium = {}, answer_low = {};
};

struct Memory;  ///< of memory.hpp

struct JobInput {
  store::Reader& reader;
  BrandId brand;
  std::string brand_name;
  Timestamp now;
  std::vector<std::string> names =
      {};  ///< further names of the brand: aliases, products; they say nothing of a topic
  std::vector<std::string> competitors = {};  ///< their names, aliases and products
  ServiceTerms terms = {};
  Memory* memory = nullptr;  ///< of this brand; none: everything is read anew
};

/// Expected value and spread per hour of week, source (and all sources together) and metric: volume, authors,
/// net_sentiment, negative_author_share. Hours inside a gap are left out.
Result<std::vector<store::BaselineRow>> baseline_job(const JobInput& input);

/// The same per issue type, of all sources together: volume and authors. Issue types with fewer than eight
/// mentions in the span have none.
Result<std::vector<store::BaselineRow>> issue_baseline_job(const JobInput& input);

/// Incidents: hours in which more distinct authors than usual speak negatively of one issue, grouped while
/// they last.
Result<std::vector<store::IncidentRow>> incident_job(const JobInput& input);

/// People who say that they were misled: per claim, and where none fits by their own words.
Result<std::vector<store::MisledRow>> misled_job(const JobInput& input);

struct Dialogue;  ///< of dialogue.hpp; read once for all jobs that ask what was answered

/// Content ideas: clusters of questions across wordings, best first.
Result<std::vector<store::IdeaRow>> idea_job(const JobInput& input, const Dialogue& dialogue);

/// Seconds to the brand's first reply by the hour of week in which somebody asked, as far as there were
/// replies.
std::vector<store::BaselineRow> response_baseline(const Dialogue& dialogue, Timestamp now);

struct People;  ///< of people.hpp

/// Who waits for an answer, how soon answers came by day, and how unhappy customers' stories went on.
/// `incidents` are those of incident_job: what hit many converts nobody.
Result<store::ServiceFindings> service_job(const JobInput& input, const Dialogue& dialogue,
                                           const People& people,
                                           const std::vector<store::IncidentRow>& incidents);

/// Who people are and where they stand, who takes the brand's part, what was promised and kept, praise that
/// waits for thanks, and how the brand's own replies read. Fails when their earlier stances cannot be read.
Result<store::PeopleFindings> people_job(const JobInput& input, const Dialogue& dialogue,
                                         const People& people);

}  // namespace earshot::insight
