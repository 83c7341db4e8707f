#include "delivery/advisory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/model/names.hpp"

namespace earshot::delivery {
namespace {

constexpr std::size_t post_characters_max = 280, words_max = 3;

/// What people have trouble with, as a brand would say it to them.
std::string_view trouble_with(std::string_view issue) {
  switch (issue_type_from(issue).value_or(IssueType::other)) {
    case IssueType::outage: return "our service";
    case IssueType::bug: return "an error in our product";
    case IssueType::performance: return "the speed of our service";
    case IssueType::usability: return "finding their way in our product";
    case IssueType::product_quality: return "the quality of our product";
    case IssueType::damaged_item: return "items that arrive damaged";
    case IssueType::lost_item: return "items that do not arrive";
    case IssueType::delivery: return "deliveries";
    case IssueType::delay: return "delays";
    case IssueType::cancellation: return "cancellations";
    case IssueType::booking_order: return "orders and bookings";
    case IssueType::billing: return "their bills";
    case IssueType::refund: return "their refunds";
    case IssueType::price: return "our prices";
    case IssueType::account: return "their accounts";
    case IssueType::security: return "the security of their accounts";
    case IssueType::privacy: return "the privacy of their data";
    case IssueType::customer_service:
    case IssueType::staff_behaviour: return "reaching us";
    case IssueType::availability: return "getting our product";
    case IssueType::expectation_gap: return "what we had led them to expect";
    case IssueType::safety: return "the safety of our product";
    default: return "[what it is about]";
  }
}

/// "18:10"
std::string time_of(Timestamp at) {
  const std::chrono::hh_mm_ss time(
      std::chrono::floor<std::chrono::minutes>(at - std::chrono::floor<std::chrono::days>(at)));
  return fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
}

/// "11 November"
std::string day_of(Timestamp at) {
  static constexpr const char* months[] = {"January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December"};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{} {}", static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1]);
}

/// "from 18:10 to 23:46 UTC on 11 November", with both days where they differ.
std::string stretch(Timestamp from, Timestamp to) {
  if (day_of(from) == day_of(to))
    return fmt::format("from {} to {} UTC on {}", time_of(from), time_of(to), day_of(from));
  return fmt::format("from {} UTC on {} to {} UTC on {}", time_of(from), day_of(from), time_of(to),
                     day_of(to));
}

/// Words of their own, as long as the post has room for them.
std::string post_of(const store::IncidentRow& incident, const IncidentDetails& details) {
  const auto what = trouble_with(details.issues.empty() ? "" : details.issues.front());
  const bool over = incident.state == "closed";
  const auto post = [&](const std::string& words) {
    if (over)
      return fmt::format(
          "Some of you had trouble with {}{}, {}. As far as we can see it is over. If it is not for you, "
          "tell us: [link]. Sorry, and thank you for telling us.",
          what, words, stretch(incident.started_at, incident.last_at));
    return fmt::format(
        "We know that some of you have trouble with {}{}, since about {} UTC on {}. We are looking into it "
        "and will say more by [time]: [link]. Sorry, and thank you for telling us.",
        what, words, time_of(incident.started_at), day_of(incident.started_at));
  };
  for (std::size_t count = std::min(words_max, details.words.size()); count > 0; --count) {
    std::string words = " (";
    for (std::size_t i = 0; i < count; ++i) words += (i == 0 ? "" : ", ") + printable(details.words[i].first);
    auto text = post(words + ")");
    if (utf8::length(text) <= post_characters_max) return text;
  }
  return post("");
}

}  // namespace

Advisory advisory_of(const store::IncidentRow& incident) {
  const auto details = incident_details(incident.details);
  Advisory out{.post = post_of(incident, details)};
  for (const auto& [phrase, authors] : details.reasons)
    out.to_check.push_back(fmt::format(
        "{} “{}”: is it so?", authors == 1 ? "1 person writes" : fmt::format("{} people write", authors),
        printable(phrase)));
  if (incident.state == "closed")
    out.to_check.emplace_back("[link]: where they can tell you");
  else
    out.to_check.emplace_back("[time]: when you will know more; [link]: where you will say it");
  out.threads = details.exemplars;
  std::ranges::stable_sort(out.threads, {}, &Evidence::at);
  return out;
}

}  // namespace earshot::delivery
