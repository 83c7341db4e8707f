#include "insight/kept_contact.hpp"

#include <cmath>

namespace earshot::insight {
namespace {

std::int16_t per_mille(double value) { return static_cast<std::int16_t>(std::lround(value * 1000)); }

}  // namespace

KeptContact::KeptContact(const store::ContactRow& row)
    : id(row.id),
      post(row.post),
      parent(row.parent),
      thread(row.thread),
      local(row.local),
      author_key(row.author_key),
      fingerprint(row.fingerprint),
      issues(row.verdict.issues),
      reach(row.reach),
      created_ms(to_ms(row.created_at)),
      source(static_cast<std::uint32_t>(row.source.value)),
      text_bytes(static_cast<std::uint32_t>(row.text_bytes)),
      intents(row.verdict.intents),
      score(per_mille(row.verdict.score)),
      urgency(per_mille(row.verdict.urgency)),
      severity(per_mille(row.verdict.severity)),
      match(row.verdict.match),
      polarity(row.verdict.polarity),
      top_issue(row.verdict.top_issue.value_or(no_issue)),
      article(row.article),
      question(row.verdict.question),
      complaint(row.verdict.complaint) {}

store::ContactRow KeptContact::row(BrandId brand) const {
  store::ContactRow out{.id = id,
                        .source = SourceId{source},
                        .post = post,
                        .parent = parent,
                        .thread = thread,
                        .local = local,
                        .author_key = author_key,
                        .fingerprint = fingerprint,
                        .text_bytes = text_bytes,
                        .reach = reach,
                        .created_at = from_ms(created_ms),
                        .article = article,
                        .verdict = {.brand = brand,
                                    .match = match,
                                    .polarity = polarity,
                                    .score = static_cast<double>(score) / 1000,
                                    .issues = issues,
                                    .intents = intents,
                                    .question = question,
                                    .complaint = complaint,
                                    .urgency = static_cast<double>(urgency) / 1000,
                                    .severity = static_cast<double>(severity) / 1000}};
  if (top_issue != no_issue) out.verdict.top_issue = top_issue;
  return out;
}

}  // namespace earshot::insight
