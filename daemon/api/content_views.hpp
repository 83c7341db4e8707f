#pragma once
#include <string>
#include <string_view>

#include "daemon/window.hpp"
#include "insight/ror.hpp"
#include "insight/wording.hpp"
#include "store/content.hpp"
#include "store/store.hpp"

/// What the content team works with as JSON, for the API and for `--json` alike.
namespace earshot::api {

/// {"stories":[story…]}, newest first, each with its posts and what was said of telling it; of every consent,
/// or of one. `invalid` for an unknown consent.
Result<std::string> stories_json(store::Reader& reader, const store::NamedBrand& brand,
                                 std::string_view consent, const daemon::Window& window, std::size_t limit);
/// One story, by the post with which it began; `invalid` when there is none.
Result<std::string> story_json(store::Reader& reader, const store::NamedBrand& brand, MentionId rant);
/// {"pages":[…],"missing":[idea…]}: pages by the askers of the questions that they fit, and questions without
/// a page by their askers; at most `limit` of each.
Result<std::string> links_json(store::Reader& reader, const store::NamedBrand& brand, std::size_t limit);

/// {"brand","since","until","people","own_posts","mentions","echoes","terms":[…]}: how customers put things.
std::string glossary_json(const insight::Glossary& glossary, const store::NamedBrand& brand,
                          const daemon::Window& window);
/// {"terms":[…],"ideas":[idea…]}: what more or fewer people write, and ask, than before.
Result<std::string> movers_json(store::Reader& reader, const store::NamedBrand& brand, std::size_t limit);
/// {"brand","since","until","half_life_days","authors","points","per_thousand","components":[…],"people":[…]}
std::string ror_json(const insight::Ror& ror, const store::NamedBrand& brand);

/// Ideas whose question rises or falls.
Result<std::vector<store::IdeaRow>> moving_ideas(store::Reader& reader, BrandId brand);
/// Questions without a page, most askers first; what was rejected is none.
Result<std::vector<store::IdeaRow>> without_page(store::Reader& reader, BrandId brand, std::size_t limit);

}  // namespace earshot::api
