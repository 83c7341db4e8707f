#pragma once
#include "daemon/api/http.hpp"
#include "insight/money.hpp"
#include "store/store.hpp"

namespace earshot::api {

/// One page of HTML without a script: how a brand does, what broke, who waits, what to write, what it earned,
/// how the sources do. Post text is text; links lead to the web only.
Response plain_page(store::Reader& reader, const Request& request, Timestamp now,
                    const std::vector<insight::MoneyAssumptions>& money);

}  // namespace earshot::api
