#include "daemon/waiting_notices.hpp"

#include <algorithm>

#include "analysis/content/sentences.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"

namespace earshot::daemon {
namespace {

constexpr std::size_t notices_max = 200;
constexpr auto fresh = std::chrono::hours(24);
constexpr std::size_t quote_bytes = 600;

std::string payload_of(const JobBrand& brand, const store::WaitingRow& row, const store::MentionRow& mention,
                       const std::string& issue) {
  JsonWriter out;
  out.begin_object().field("brand", brand.name).field("issue", issue);
  // As other findings: from 1 to 10.
  out.field("severity", std::clamp(row.priority / 10, 1, 10)).field("authors", 1);
  out.field("mention", std::to_string(mention.id.value)).field("at_risk", row.at_risk);
  out.field("started_at", format_rfc3339(mention.created_at));
  if (row.due_at) out.field("due_at", format_rfc3339(*row.due_at));
  out.key("reasons").raw(row.reasons.empty() ? "{}" : row.reasons);
  out.key("details").begin_object().key("exemplars").begin_array().begin_object();
  out.field("mention", std::to_string(mention.id.value)).field("at", format_rfc3339(mention.created_at));
  out.field("source", mention.source).field("author", mention.author_handle).field("url", mention.url);
  out.field("text", analysis::tidy(mention.text, quote_bytes)).end_object().end_array().end_object();
  return out.end_object().str();
}

}  // namespace

bool wants_waiting(const DeliveryConfig& delivery) {
  return std::ranges::any_of(delivery.routes, [](const delivery::Route& route) {
    return std::ranges::find(route.kinds, "waiting") != route.kinds.end();
  });
}

Result<std::vector<WaitingNotice>> waiting_notices(store::Reader& reader, const JobBrand& brand,
                                                   Timestamp now) {
  const auto rows = reader.waiting(brand.id, notices_max, now);
  if (!rows) return unexpected(rows.error());
  const auto issues = reader.issue_names();
  if (!issues) return unexpected(issues.error());
  std::vector<WaitingNotice> out;
  for (const auto& row : *rows) {
    if (identity::time_of(row.id) < now - fresh) continue;
    const auto verdicts = reader.mention(row.id);
    if (!verdicts) return unexpected(verdicts.error());
    const auto mention = std::ranges::find(*verdicts, brand.id,
                                           [](const store::MentionRow& one) { return one.verdict.brand; });
    if (mention == verdicts->end() || mention->deleted) continue;
    std::string issue;
    for (const auto& [bit, name] : *issues)
      if (mention->verdict.top_issue == bit) issue = name;
    out.push_back({.key = "waiting:" + std::to_string(brand.id.value) + ":" + std::to_string(row.id.value),
                   .payload = payload_of(brand, row, *mention, issue)});
  }
  return out;
}

}  // namespace earshot::daemon
