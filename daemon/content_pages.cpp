#include "daemon/content_pages.hpp"

#include <cmath>

#include "analysis/content/sentences.hpp"
#include "core/base/json_writer.hpp"
#include "delivery/evidence.hpp"
#include "delivery/markup.hpp"
#include "insight/idea_effect.hpp"

namespace earshot::daemon {
namespace {

constexpr std::size_t answer_bytes_max = 1200;

std::string decimal(double value) {
  if (std::isinf(value)) return "∞";
  JsonWriter out;
  out.rounded(value, 1);
  return out.str();
}

/// The post that answers, while its author has not deleted it.
Result<std::optional<delivery::FaqAnswer>> answer_of(store::Reader& reader, const store::IdeaRow& idea) {
  std::optional<delivery::FaqAnswer> out;
  if (!idea.answer) return out;
  const auto rows = reader.mention(idea.answer->mention);
  // It may have been let go since: then there is no answer any more.
  if (!rows && rows.error().kind == ErrorKind::invalid) return out;
  if (!rows) return unexpected(rows.error());
  for (const auto& row : *rows) {
    if (row.verdict.brand != idea.brand || row.deleted || row.text.empty()) continue;
    out = delivery::FaqAnswer{.text = analysis::tidy(row.text, answer_bytes_max),
                              .url = row.url,
                              .own = idea.answer->own,
                              .at = row.created_at};
  }
  return out;
}

}  // namespace

Result<std::vector<delivery::FaqEntry>> faq_of(store::Reader& reader, const store::NamedBrand& brand,
                                               std::size_t limit) {
  auto ideas = reader.ideas(brand.id, 1000);
  if (!ideas) return unexpected(ideas.error());
  std::vector<delivery::FaqEntry> out;
  for (const auto& idea : *ideas) {
    if (out.size() == limit) break;
    if (idea.state == "rejected") continue;
    auto answer = answer_of(reader, idea);
    if (!answer) return unexpected(answer.error());
    out.push_back({.question = idea.title,
                   .askers = idea.askers,
                   .page = idea.state == "published" ? idea.url : "",
                   .answer = std::move(*answer)});
  }
  return out;
}

delivery::Feed riser_feed(const std::string& brand, const std::vector<store::IdeaRow>& ideas, Timestamp now) {
  const std::string tag = "tag:earshot,2026:";
  delivery::Feed out{.id = tag + "risers/" + delivery::slug(brand),
                     .title = brand + ": questions that rise and fall",
                     .updated = now};
  for (const auto& row : ideas) {
    const auto move = insight::move_of(row);
    if (move.direction.empty()) continue;
    const auto end = row.asked_days.back().first;
    const auto week = std::chrono::floor<std::chrono::days>(end).time_since_epoch().count() / 7;
    delivery::FeedEntry entry{
        .id = tag + "riser/" + delivery::slug(brand) + "/" + delivery::slug(row.key) + "/" +
              std::to_string(week),
        .title = (move.direction == "rising" ? "Rising: " : "Falling: ") + row.title,
        .summary = "Asked " + std::to_string(move.week) + " times in the last seven days, " +
                   decimal(static_cast<double>(move.before) / move.weeks_before) + " times a week in the " +
                   decimal(move.weeks_before) + " weeks before: " + decimal(move.ratio.value) +
                   " times as often (99 % interval " + decimal(move.ratio.low) + " to " +
                   decimal(move.ratio.high) + ").",
        .url = "",
        .published = end,
        .updated = end,
        .tags = {"riser", move.direction}};
    const auto evidence = delivery::evidence_of(row.details, "quotes");
    if (!evidence.empty()) entry.url = evidence.front().url;
    for (const auto& quote : evidence) entry.summary += "\n\n“" + quote.text + "” (" + quote.source + ")";
    out.entries.push_back(std::move(entry));
  }
  return out;
}

}  // namespace earshot::daemon
