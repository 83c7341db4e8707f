#pragma once
#include <string>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace earshot::net {

/// Reads a secret by its name: $CREDENTIALS_DIRECTORY/<name> (the service manager's LoadCredential), else the
/// environment variable EARSHOT_CREDENTIAL_<NAME> (for containers). Never from the configuration. Read anew
/// for every request, so a rotated secret needs no restart. Fails with `unauthorized`, naming both places.
Result<Secret> load_credential(const std::string& name);

}  // namespace earshot::net
