#pragma once
#include <string>

#include "daemon/window.hpp"
#include "insight/job.hpp"
#include "store/store.hpp"

/// How far verdicts can be trusted, and how soon people were answered, as JSON.
namespace earshot::api {

/// {"brand","lexicon_version","labels","agreement","polarities":[…],"issues":{…}|null}: how often the rules
/// were right by people's labels, of the newest lexicon that was judged. Issue types are counted over the
/// newest 10,000 labels; `other` is the lack of one and takes no part.
Result<std::string> accuracy_json(store::Reader& reader, const store::NamedBrand& brand);

/// {"brand","since","until","targets":{…}|null,"total":{…},"sources":[…]}: answers in a period, per source.
/// Targets are those of `terms`, in open seconds; null where there is none.
Result<std::string> responses_json(store::Reader& reader, const store::NamedBrand& brand,
                                   const daemon::Window& window, const insight::ServiceTerms& terms);

}  // namespace earshot::api
