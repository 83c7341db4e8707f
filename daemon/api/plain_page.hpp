#pragma once
#include "daemon/api/http.hpp"
#include "store/store.hpp"

namespace earshot::api {

/// One page of HTML without a script: how a brand does, what broke, who waits, what to write, how the sources
/// do. Post text is text; links lead to the web only.
Response plain_page(store::Reader& reader, const Request& request, Timestamp now);

}  // namespace earshot::api
