#pragma once
#include <vector>

#include "delivery/faq.hpp"
#include "delivery/feeds.hpp"
#include "store/content.hpp"
#include "store/store.hpp"

/// What the content team takes away: answers as an FAQ, and questions that grow or fall as a feed.
namespace earshot::daemon {

/// The brand's best ideas, at most `limit`, with their best public answers; rejected ones left out.
Result<std::vector<delivery::FaqEntry>> faq_of(store::Reader& reader, const store::NamedBrand& brand,
                                               std::size_t limit);

/// The fifty best ideas that nobody rejected, with what became of them: the page that answers it, who looks
/// after it, its best public answer, and whether what was published made the question rarer. An entry is
/// renewed when somebody asks again or decides, and when there is a verdict on its effect.
Result<delivery::Feed> idea_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now);

/// Ideas whose question is rising or falling (insight/idea_effect.hpp), and terms that more or fewer people
/// write (insight/wording.hpp). An entry's id names the week, so that a reader shows a riser once a week.
delivery::Feed riser_feed(const std::string& brand, const std::vector<store::IdeaRow>& ideas,
                          const std::vector<store::TermMoveRow>& terms, Timestamp now);

/// Praise that waits for thanks, most points first; at most 50.
Result<delivery::Feed> praise_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now);

/// Unhappy customers who were won back and gave their consent to its being told, since a feed leaves the
/// house: stories of the last 90 days whose three posts are still there, newest first; at most 50.
Result<delivery::Feed> story_feed(store::Reader& reader, const store::NamedBrand& brand, Timestamp now);

}  // namespace earshot::daemon
