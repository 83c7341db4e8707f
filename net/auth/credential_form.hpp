#pragma once
#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "net/http_types.hpp"

namespace earshot::net::auth {

/// Puts a secret where the request's `credential_form` says. `invalid` when the URL has no place for it.
Status apply_credential(HttpRequest& request, const Secret& secret);

}  // namespace earshot::net::auth
