#include "daemon/content_pages.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/content/sentences.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "delivery/evidence.hpp"
#include "delivery/markup.hpp"
#include "insight/idea_effect.hpp"
#include "store/content.hpp"

namespace earshot::daemon {
namespace {

constexpr std::size_t answer_bytes_max = 1200;
constexpr std::size_t entries_max = 50;

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

/// The post as this brand sees it; nothing when it is gone or its author took it back.
Result<std::optional<store::MentionRow>> mention_of(store::Reader& reader, MentionId id, BrandId brand) {
  auto rows = reader.mention(id);
  if (!rows && rows.error().kind == ErrorKind::invalid) return std::optional<store::MentionRow>();
  if (!rows) return unexpected(rows.error());
  for (auto& row : *rows)
    if (row.verdict.brand == brand && !row.deleted && !row.text.empty())
      return std::optional<store::MentionRow>(std::move(row));
  return std::optional<store::MentionRow>();
}

std::string by(const store::MentionRow& post) {
  return post.author_handle.empty() ? "" : ": @" + post.author_handle;
}

delivery::FeedEntry term_entry(const std::string& brand, const store::TermMoveRow& row) {
  const auto end = row.week_at + std::chrono::days(7);
  const auto week = std::chrono::floor<std::chrono::days>(end).time_since_epoch().count() / 7;
  delivery::FeedEntry entry{
      .id = "tag:earshot,2026:riser/" + delivery::slug(brand) + "/term/" + percent_encode(row.term) + "/" +
            std::to_string(week),
      .title = (row.direction == "rising" ? "Rising: “" : "Falling: “") + row.term + "”",
      .summary = std::to_string(row.authors) + " of " + std::to_string(row.people) +
                 " people wrote it in seven days, " + std::to_string(row.authors_before) + " of " +
                 std::to_string(row.people_before) + " in the " + std::to_string(row.weeks_before) +
                 " weeks before, each week counted by itself: " + decimal(row.ratio) +
                 " times as often (99.9 % interval " + decimal(row.low) + " to " + decimal(row.high) + ").",
      .url = "",
      .published = end,
      .updated = end,
      .tags = {"riser", row.kind, row.direction}};
  return entry;
}

std::string quoted(const store::MentionRow& post) {
  return "“" + analysis::tidy(post.text, answer_bytes_max) + "” (" + post.source + ")";
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

namespace {

/// The best ideas that nobody rejected.
Result<std::vector<store::IdeaRow>> wanted_ideas(store::Reader& reader, BrandId brand) {
  auto rows = reader.ideas(brand, entries_max, store::Members::no);
  if (rows) std::erase_if(*rows, [](const auto& row) { return row.state == "rejected"; });
  return rows;
}

Result<delivery::Feed> idea_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now) {
  const auto rows = wanted_ideas(reader, brand.id);
  if (!rows) return unexpected(rows.error());
  auto out = delivery::idea_feed(brand.name, *rows, now);
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto& row = (*rows)[i];
    auto& entry = out.entries[i];
    if (row.decided_at) entry.updated = std::max(entry.updated, *row.decided_at);
    if (!row.owner.empty()) entry.summary += "\n\nOwner: " + row.owner;
    if (!row.url.empty())
      entry.summary += "\n\nPublished: " + row.url;
    else if (row.page)
      entry.summary += "\n\nA page that fits: " + row.page->title + " " + row.page->url;
    if (const auto effect = insight::effect_of(row)) {
      entry.summary += "\n\n" + effect->sentence;
      if (effect->verdict != "too early")
        entry.updated =
            std::max(entry.updated, std::min(now, effect->published_at + insight::effect_days_min));
    }
    auto answer = answer_of(reader, row);
    if (!answer) return unexpected(answer.error());
    if (*answer) entry.summary += "\n\nBest answer so far: “" + (*answer)->text + "” " + (*answer)->url;
  }
  return out;
}

Result<delivery::Feed> riser_feed(store::Reader& reader, const store::NamedBrand& named, Timestamp now) {
  const auto& brand = named.name;
  const auto ideas = wanted_ideas(reader, named.id);
  if (!ideas) return unexpected(ideas.error());
  const auto terms = reader.content().term_moves(named.id);
  if (!terms) return unexpected(terms.error());
  const std::string tag = "tag:earshot,2026:";
  delivery::Feed out{.id = tag + "risers/" + delivery::slug(brand),
                     .title = brand + ": questions and terms that rise and fall",
                     .updated = now};
  for (const auto& row : *ideas) {
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
  for (const auto& row : *terms) out.entries.push_back(term_entry(brand, row));
  return out;
}

Result<delivery::Feed> praise_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now) {
  const std::string tag = "tag:earshot,2026:";
  delivery::Feed out{.id = tag + "praise/" + delivery::slug(brand.name),
                     .title = brand.name + ": praise that waits for thanks",
                     .updated = now};
  const auto rows = reader.people().praise(brand.id, entries_max, now);
  if (!rows) return unexpected(rows.error());
  for (const auto& row : *rows) {
    const auto mention = mention_of(reader, row.id, brand.id);
    if (!mention) return unexpected(mention.error());
    if (!*mention) continue;
    const auto& post = **mention;
    out.entries.push_back(
        {.id = tag + "praise/" + delivery::slug(brand.name) + "/" + std::to_string(post.id.value),
         .title = "Praise" + by(post),
         .summary = quoted(post),
         .url = post.url,
         .published = post.created_at,
         .updated = post.created_at,
         .tags = {"praise", post.source}});
  }
  return out;
}

Result<delivery::Feed> story_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now) {
  const std::string tag = "tag:earshot,2026:";
  delivery::Feed out{.id = tag + "stories/" + delivery::slug(brand.name),
                     .title = brand.name + ": unhappy customers who were won back",
                     .updated = now};
  const auto stories =
      reader.content().stories(brand.id, now - std::chrono::days(90), now, "given", entries_max);
  if (!stories) return unexpected(stories.error());
  for (const auto& story : *stories) {
    const auto& row = story.journey;
    std::vector<store::MentionRow> posts;
    for (const auto& id : {std::optional(row.rant), row.reply, row.last}) {
      if (!id) break;
      auto post = mention_of(reader, *id, brand.id);
      if (!post) return unexpected(post.error());
      if (!*post) break;
      posts.push_back(std::move(**post));
    }
    // Without its evidence a story is not told.
    if (posts.size() < 3) continue;
    const auto& end = posts.back();
    // The consent is what makes it a story to be told.
    const auto told_at =
        story.history.empty() ? end.created_at : std::max(end.created_at, story.history.front().at);
    out.entries.push_back(
        {.id = tag + "story/" + delivery::slug(brand.name) + "/" + std::to_string(row.rant.value),
         .title = "Won back" + by(posts.front()),
         .summary = "Before: " + quoted(posts[0]) + "\n\nThe answer: " + quoted(posts[1]) +
                    "\n\nNow: " + quoted(end),
         .url = end.url,
         .published = told_at,
         .updated = told_at,
         .tags = {"story", row.outcome}});
  }
  return out;
}

Result<delivery::Feed> incident_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now) {
  const auto rows = reader.incidents(brand.id, now - std::chrono::days(90), now + std::chrono::hours(1),
                                     store::Members::no);
  if (!rows) return unexpected(rows.error());
  return delivery::incident_feed(brand.name, *rows, now);
}

Result<delivery::Feed> gap_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now) {
  const auto rows = reader.misled(brand.id);
  if (!rows) return unexpected(rows.error());
  return delivery::gap_feed(brand.name, *rows, now);
}

}  // namespace

Result<delivery::Feed> feed_of(store::Reader& reader, const store::NamedBrand& brand, std::string_view kind,
                               Timestamp now) {
  using Make = Result<delivery::Feed> (*)(store::Reader&, const store::NamedBrand&, Timestamp);
  constexpr std::array<Make, feed_kinds.size()> makers{idea_feed,  incident_feed, gap_feed,
                                                       riser_feed, praise_feed,   story_feed};
  const auto at = std::ranges::find(feed_kinds, kind);
  if (at == feed_kinds.end())
    return unexpected(ErrorKind::invalid, "there is no feed '" + printable(kind) + "'");
  auto feed = makers[static_cast<std::size_t>(at - feed_kinds.begin())](reader, brand, now);
  if (!feed) return feed;
  feed->updated = std::chrono::floor<std::chrono::days>(now);
  if (!feed->entries.empty())
    feed->updated = std::ranges::max(feed->entries, {}, &delivery::FeedEntry::updated).updated;
  return feed;
}

}  // namespace earshot::daemon
