#include "daemon/job_loop.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/content_pages.hpp"
#include "delivery/feeds.hpp"
#include "insight/dialogue.hpp"
#include "insight/job.hpp"
#include "insight/people.hpp"

namespace earshot::daemon {

Result<Findings> find_all(store::Reader& reader, const JobBrand& brand, Timestamp now) {
  const insight::JobInput input{.reader = reader,
                                .brand = brand.id,
                                .brand_name = brand.name,
                                .now = now,
                                .names = brand.names,
                                .competitors = brand.competitors,
                                .terms = brand.terms};
  Findings findings{.brand = brand.id,
                    .brand_name = brand.name,
                    .baseline = {},
                    .incidents = {},
                    .ideas = {},
                    .service = {},
                    .people = {},
                    .misled = {}};
  auto baseline = insight::baseline_job(input);
  if (!baseline) return unexpected(baseline.error());
  findings.baseline = std::move(*baseline);
  auto by_issue = insight::issue_baseline_job(input);
  if (!by_issue) return unexpected(by_issue.error());
  std::ranges::move(*by_issue, std::back_inserter(findings.baseline));
  auto incidents = insight::incident_job(input);
  if (!incidents) return unexpected(incidents.error());
  findings.incidents = std::move(*incidents);
  auto dialogue = insight::read_dialogue(input);
  if (!dialogue) return unexpected(dialogue.error());
  std::ranges::move(insight::response_baseline(*dialogue, now), std::back_inserter(findings.baseline));
  auto ideas = insight::idea_job(input, *dialogue);
  if (!ideas) return unexpected(ideas.error());
  findings.ideas = std::move(*ideas);
  const auto people = insight::find_people(*dialogue, brand.terms.hours.zone, now);
  auto service = insight::service_job(input, *dialogue, people, findings.incidents);
  if (!service) return unexpected(service.error());
  findings.service = std::move(*service);
  auto found = insight::people_job(input, *dialogue, people);
  if (!found) return unexpected(found.error());
  findings.people = std::move(*found);
  auto misled = insight::misled_job(input);
  if (!misled) return unexpected(misled.error());
  findings.misled = std::move(*misled);
  return findings;
}

Status save(store::Store& store, const Findings& findings, Timestamp now) {
  auto status = store.write_baseline(findings.brand, findings.baseline, now);
  if (status) status = store.write_incidents(findings.brand, findings.incidents, now);
  if (status) status = store.write_ideas(findings.brand, findings.ideas, now);
  if (status) status = store.write_service(findings.brand, findings.service);
  if (status) status = store.write_people(findings.brand, findings.people);
  if (status) status = store.write_misled(findings.brand, findings.misled, now);
  return status;
}

Status publish(store::Reader& reader, const JobBrand& brand, const std::string& directory, Timestamp now) {
  auto ideas = reader.ideas(brand.id, 50);
  if (!ideas) return unexpected(ideas.error());
  std::erase_if(*ideas, [](const auto& row) { return row.state == "rejected"; });
  auto incidents = reader.incidents(brand.id, now - std::chrono::hours(24 * 90), now + std::chrono::hours(1));
  if (!incidents) return unexpected(incidents.error());
  auto misled = reader.misled(brand.id);
  if (!misled) return unexpected(misled.error());
  auto status = delivery::write_feeds(directory, brand.name, *ideas, *incidents, now);
  if (status)
    status =
        delivery::write_feed(directory, brand.name, "gaps", delivery::gap_feed(brand.name, *misled, now));
  if (!status) return status;
  return delivery::write_feed(directory, brand.name, "risers", riser_feed(brand.name, *ideas, now));
}

}  // namespace earshot::daemon
