#include "daemon/job_loop.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/content_pages.hpp"
#include "delivery/feeds.hpp"
#include "insight/dialogue.hpp"
#include "insight/job.hpp"
#include "insight/people.hpp"
#include "insight/wording.hpp"

namespace earshot::daemon {
namespace {

/// Notes how long each job took, from the end of the one before.
class Stopwatch {
 public:
  explicit Stopwatch(std::vector<JobTime>& times) : times_(times) {}
  void lap(const char* job) {
    const auto now = std::chrono::steady_clock::now();
    times_.push_back(
        {.job = job, .took = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_)});
    began_ = now;
  }

 private:
  std::vector<JobTime>& times_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

Result<Findings> find_all(store::Reader& reader, const JobBrand& brand, Timestamp now,
                          insight::Memory* memory) {
  const insight::JobInput input{.reader = reader,
                                .brand = brand.id,
                                .brand_name = brand.name,
                                .now = now,
                                .names = brand.names,
                                .competitors = brand.competitors,
                                .terms = brand.terms,
                                .memory = memory};
  Findings findings{.brand = brand.id,
                    .brand_name = brand.name,
                    .baseline = {},
                    .incidents = {},
                    .ideas = {},
                    .service = {},
                    .people = {},
                    .misled = {}};
  Stopwatch watch(findings.times);
  auto baseline = insight::baseline_job(input);
  if (!baseline) return unexpected(baseline.error());
  findings.baseline = std::move(*baseline);
  auto by_issue = insight::issue_baseline_job(input);
  if (!by_issue) return unexpected(by_issue.error());
  std::ranges::move(*by_issue, std::back_inserter(findings.baseline));
  watch.lap("baseline");
  auto incidents = insight::incident_job(input);
  if (!incidents) return unexpected(incidents.error());
  findings.incidents = std::move(*incidents);
  watch.lap("incidents");
  auto dialogue = insight::read_dialogue(input);
  if (!dialogue) return unexpected(dialogue.error());
  std::ranges::move(insight::response_baseline(*dialogue, now), std::back_inserter(findings.baseline));
  watch.lap("dialogue");
  auto ideas = insight::idea_job(input, *dialogue);
  if (!ideas) return unexpected(ideas.error());
  findings.ideas = std::move(*ideas);
  watch.lap("ideas");
  auto pages = insight::link_job(input, *dialogue, findings.ideas, brand.links);
  if (!pages) return unexpected(pages.error());
  findings.pages = std::move(*pages);
  watch.lap("links");
  const auto people = insight::find_people(*dialogue, brand.terms.hours.zone, now);
  auto service = insight::service_job(input, *dialogue, people, findings.incidents);
  if (!service) return unexpected(service.error());
  findings.service = std::move(*service);
  watch.lap("service");
  auto found = insight::people_job(input, *dialogue, people);
  if (!found) return unexpected(found.error());
  findings.people = std::move(*found);
  watch.lap("people");
  auto misled = insight::misled_job(input);
  if (!misled) return unexpected(misled.error());
  findings.misled = std::move(*misled);
  watch.lap("misled");
  auto moves = insight::term_job(input);
  if (!moves) return unexpected(moves.error());
  findings.term_moves = std::move(*moves);
  watch.lap("terms");
  return findings;
}

Status save(store::Store& store, const Findings& findings, Timestamp now) {
  auto status = store.write_baseline(findings.brand, findings.baseline, now);
  if (status) status = store.write_incidents(findings.brand, findings.incidents, now);
  if (status) status = store.write_ideas(findings.brand, findings.ideas, now);
  if (status) status = store.content().write_pages(findings.brand, findings.pages);
  if (status) status = store.write_service(findings.brand, findings.service);
  if (status) status = store.write_people(findings.brand, findings.people);
  if (status) status = store.write_misled(findings.brand, findings.misled, now);
  if (status) status = store.content().write_term_moves(findings.brand, findings.term_moves);
  return status;
}

Status publish(store::Reader& reader, const JobBrand& brand, const std::string& directory, Timestamp now) {
  const store::NamedBrand named{.id = brand.id, .name = brand.name};
  for (const char* kind : feed_kinds) {
    const auto feed = feed_of(reader, named, kind, now);
    if (!feed) return unexpected(feed.error());
    if (auto status = delivery::write_feed(directory, brand.name, kind, *feed); !status) return status;
  }
  return Done{};
}

}  // namespace earshot::daemon
