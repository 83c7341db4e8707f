#pragma once
#include <string>
#include <string_view>

#include "daemon/window.hpp"
#include "store/store.hpp"

/// People, promises, praise and conduct as JSON, for the API and for `--json` alike.
namespace earshot::api {

/// What a list of people is made of.
enum class PeopleKind { stance, role, event, unknown };
PeopleKind people_kind(std::string_view kind);
inline constexpr const char* people_kinds =
    "ranter, raver, advocate, defender, customer, staff, press, bot, affiliate, community, referral, "
    "purchase_intent, churn_threat, switched_from, switched_to or peer_answer";

/// {"kind","people":[…],"events":[…]}: people of a stance or role, most reach first, or events, newest first.
/// `invalid` for an unknown kind.
Result<std::string> people_json(store::Reader& reader, const store::NamedBrand& brand, std::string_view kind,
                                const daemon::Window& window, std::size_t limit);
/// {"months":[{"month","from","to","people","steps"}]}
Result<std::string> matrix_json(store::Reader& reader, const store::NamedBrand& brand,
                                const daemon::Window& window);
/// {"promises":[…],"counts":{…}}; the counts are of the newest 10,000 of every state.
Result<std::string> promises_json(store::Reader& reader, const store::NamedBrand& brand,
                                  std::string_view state, const daemon::Window& window, std::size_t limit);
/// {"praise":[…]}
Result<std::string> praise_json(store::Reader& reader, const store::NamedBrand& brand, std::size_t limit,
                                Timestamp now);
/// {"replies","canned","followups","unanswered","cases":[…]}
Result<std::string> conduct_json(store::Reader& reader, const store::NamedBrand& brand,
                                 const daemon::Window& window, std::size_t limit);

/// How many promises of each state there are: open, kept, late, missed.
struct PromiseCounts {
  std::int64_t open = 0, kept = 0, late = 0, missed = 0;
};
Result<PromiseCounts> count_promises(store::Reader& reader, BrandId brand, const daemon::Window& window);

}  // namespace earshot::api
