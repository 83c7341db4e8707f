#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "delivery/faq.hpp"
#include "delivery/feeds.hpp"
#include "store/content.hpp"
#include "store/store.hpp"

/// What the content team takes away: answers as an FAQ, and findings as feeds.
namespace earshot::daemon {

/// The brand's best ideas, at most `limit`, with their best public answers; rejected ones left out.
Result<std::vector<delivery::FaqEntry>> faq_of(store::Reader& reader, const store::NamedBrand& brand,
                                               std::size_t limit);

inline constexpr std::array feed_kinds{"ideas", "incidents", "gaps", "risers", "praise", "stories"};

/// What a feed of that kind tells of a brand, at most fifty of each but incidents; it was renewed when its
/// newest entry was, an empty one with the day, so that it reads the same while nothing changed. `invalid`:
/// there is no such kind.
/// - ideas: what nobody rejected, with what became of it: the page that answers it, who looks after it, its
///   best public answer, and whether what was published made the question rarer. An entry is renewed when
///   somebody asks again or decides, and when there is a verdict on its effect.
/// - incidents of the last 90 days; gaps: who feels misled, by claim.
/// - risers: ideas whose question is rising or falling (insight/idea_effect.hpp), and terms that more or
/// fewer
///   people write (insight/wording.hpp). An entry's id names the week, so that a reader shows it once a week.
/// - praise that waits for thanks, most points first.
/// - stories of unhappy customers who were won back in the last 90 days and gave their consent to its being
///   told, since a feed leaves the house; their three posts are still there.
Result<delivery::Feed> feed_of(store::Reader& reader, const store::NamedBrand& brand, std::string_view kind,
                               Timestamp now);

}  // namespace earshot::daemon
