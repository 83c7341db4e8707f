#pragma once
#include <string>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "net/http_types.hpp"

namespace earshot::net {

/// Reads a secret by its name: $CREDENTIALS_DIRECTORY/<name> (the service manager's LoadCredential), else the
/// environment variable EARSHOT_CREDENTIAL_<NAME> (for containers). Never from the configuration. Read anew
/// for every request, so a rotated secret needs no restart. Fails with `unauthorized`, naming both places.
Result<Secret> load_credential(const std::string& name);

/// Puts the secret where the request's `credential_form` says. `invalid` when the secret could not stand in a
/// header (line breaks) or the URL has no place for it.
Status apply_credential(HttpRequest& request, const Secret& secret);

}  // namespace earshot::net
