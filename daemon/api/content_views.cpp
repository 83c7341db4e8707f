#include "daemon/api/content_views.hpp"

#include <algorithm>

#include "core/base/time_format.hpp"
#include "daemon/api/json_text.hpp"
#include "daemon/api/json_views.hpp"
#include "insight/idea_effect.hpp"

namespace earshot::api {
namespace {

constexpr std::size_t ideas_looked_at_max = 1000;

/// The post as the brand sees it, or null when it has gone.
void write_post(JsonWriter& out, store::Reader& reader, const char* key, const std::optional<MentionId>& id,
                const store::NamedBrand& brand) {
  out.key(key);
  if (id)
    if (const auto rows = reader.mention(*id); rows)
      for (const auto& row : *rows)
        if (row.verdict.brand == brand.id) return write_json(out, row, brand.name);
  out.null();
}

void write_ids(JsonWriter& out, const std::vector<MentionId>& ids) {
  out.key("mention_ids").begin_array();
  for (const auto id : ids) out.value(id_text(id));
  out.end_array();
}

void write_story(JsonWriter& out, store::Reader& reader, const store::StoryRow& story,
                 const store::NamedBrand& brand) {
  out.begin_object().field("id", id_text(story.journey.rant)).field("brand", brand.name);
  write_fields(out, story.journey);
  out.field("consent", story.consent).key("history").begin_array();
  for (const auto& said : story.history)
    out.begin_object()
        .field("at", format_rfc3339(said.at))
        .field("consent", said.consent)
        .field("note", said.note)
        .field("by", said.by)
        .end_object();
  out.end_array();
  write_post(out, reader, "rant", story.journey.rant, brand);
  write_post(out, reader, "reply", story.journey.reply, brand);
  write_post(out, reader, "last", story.journey.last, brand);
  out.end_object();
}

}  // namespace

Result<std::string> stories_json(store::Reader& reader, const store::NamedBrand& brand,
                                 std::string_view consent, const daemon::Window& window, std::size_t limit) {
  if (!consent.empty() && std::ranges::find(store::consents, consent) == store::consents.end())
    return unexpected(ErrorKind::invalid, "consent is unknown, asked, given or refused");
  const auto stories = reader.content().stories(brand.id, window.since, window.until, consent, limit);
  if (!stories) return unexpected(stories.error());
  JsonWriter out;
  out.begin_object().key("stories").begin_array();
  for (const auto& story : *stories) write_story(out, reader, story, brand);
  return out.end_array().end_object().str();
}

Result<std::string> story_json(store::Reader& reader, const store::NamedBrand& brand, MentionId rant) {
  const auto story = reader.content().story(brand.id, rant);
  if (!story) return unexpected(story.error());
  JsonWriter out;
  write_story(out, reader, *story, brand);
  return out.str();
}

Result<std::vector<store::IdeaRow>> without_page(store::Reader& reader, BrandId brand, std::size_t limit) {
  auto ideas = reader.ideas(brand, ideas_looked_at_max);
  if (!ideas) return ideas;
  // What was published for a question is its page, whatever words stand on it.
  std::erase_if(*ideas,
                [](const auto& row) { return row.page || !row.url.empty() || row.state == "rejected"; });
  std::ranges::stable_sort(*ideas, [](const auto& a, const auto& b) { return a.askers > b.askers; });
  if (ideas->size() > limit) ideas->resize(limit);
  return ideas;
}

Result<std::string> links_json(store::Reader& reader, const store::NamedBrand& brand, std::size_t limit) {
  const auto pages = reader.content().pages(brand.id);
  if (!pages) return unexpected(pages.error());
  const auto missing = without_page(reader, brand.id, limit);
  if (!missing) return unexpected(missing.error());
  JsonWriter out;
  out.begin_object().key("pages").begin_array();
  for (std::size_t i = 0; i < pages->size() && i < limit; ++i) {
    const auto& page = (*pages)[i];
    out.begin_object().field("url", page.url).field("title", page.title);
    out.field("origin", page.configured ? "config" : "reply").field("replies", page.replies);
    out.field("reply_mention", optional_id(page.reply)).field("questions", page.questions);
    out.field("askers", page.askers).end_object();
  }
  out.end_array().key("missing").begin_array();
  for (const auto& idea : *missing) write_json(out, idea, brand.name);
  return out.end_array().end_object().str();
}

std::string glossary_json(const insight::Glossary& glossary, const store::NamedBrand& brand,
                          const daemon::Window& window) {
  JsonWriter out;
  out.begin_object().field("brand", brand.name).field("since", format_rfc3339(window.since));
  out.field("until", format_rfc3339(window.until)).field("people", glossary.people);
  out.field("own_posts", glossary.own_posts).field("mentions", glossary.mentions);
  out.field("echoes", glossary.echoes).key("terms").begin_array();
  for (const auto& term : glossary.terms) {
    out.begin_object().field("term", term.term).field("kind", term.kind).field("authors", term.authors);
    out.key("share").rounded(term.share, 4).field("own_posts", term.own_posts);
    out.key("weight").rounded(term.weight, 2);
    write_ids(out, term.mentions);
    out.end_object();
  }
  return out.end_array().end_object().str();
}

Result<std::vector<store::IdeaRow>> moving_ideas(store::Reader& reader, BrandId brand) {
  auto ideas = reader.ideas(brand, ideas_looked_at_max);
  if (!ideas) return ideas;
  std::erase_if(*ideas, [](const auto& row) {
    return row.state == "rejected" || insight::move_of(row).direction.empty();
  });
  return ideas;
}

Result<std::string> movers_json(store::Reader& reader, const store::NamedBrand& brand, std::size_t limit) {
  const auto terms = reader.content().term_moves(brand.id);
  if (!terms) return unexpected(terms.error());
  const auto ideas = moving_ideas(reader, brand.id);
  if (!ideas) return unexpected(ideas.error());
  JsonWriter out;
  out.begin_object().key("terms").begin_array();
  for (std::size_t i = 0; i < terms->size() && i < limit; ++i) {
    const auto& row = (*terms)[i];
    out.begin_object().field("term", row.term).field("kind", row.kind).field("direction", row.direction);
    out.field("week", format_rfc3339(row.week_at).substr(0, 10)).field("authors", row.authors);
    out.field("people", row.people).field("authors_before", row.authors_before);
    out.field("people_before", row.people_before).field("weeks_before", row.weeks_before);
    write_interval(out, "ratio", analysis::Interval{.value = row.ratio, .low = row.low, .high = row.high});
    write_ids(out, row.mentions);
    out.end_object();
  }
  out.end_array().key("ideas").begin_array();
  for (const auto& idea : *ideas) write_json(out, idea, brand.name);
  return out.end_array().end_object().str();
}

std::string ror_json(const insight::Ror& ror, const store::NamedBrand& brand) {
  JsonWriter out;
  out.begin_object().field("brand", brand.name).field("since", format_rfc3339(ror.since));
  out.field("until", format_rfc3339(ror.until)).key("half_life_days");
  out.rounded(std::chrono::duration<double, std::ratio<86'400>>(ror.half_life).count(), 2);
  out.field("authors", ror.authors).key("points").rounded(ror.points, 2);
  out.key("per_thousand").rounded(ror.per_thousand(), 2).key("components").begin_array();
  for (const auto& one : ror.components) {
    out.begin_object().field("kind", one.kind).field("weight", one.weight).field("events", one.events);
    out.field("people", one.people).key("points").rounded(one.points, 2);
    write_ids(out, one.mentions);
    out.end_object();
  }
  out.end_array().key("people").begin_array();
  for (const auto& person : ror.people) {
    out.begin_object().field("author", person.author_handle).key("points").rounded(person.points, 2);
    for (std::size_t i = 0; i < insight::bond_weights.size(); ++i)
      out.field(insight::bond_weights[i].kind, person.events[i]);
    out.field("newest_mention", id_text(person.newest)).end_object();
  }
  return out.end_array().end_object().str();
}

}  // namespace earshot::api
