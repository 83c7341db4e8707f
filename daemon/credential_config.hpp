#pragma once
#include <string>
#include <vector>

#include "connectors/settings.hpp"
#include "net/auth/credential_spec.hpp"

namespace earshot::daemon {

/// One [[credential]] table. Each kind takes its own keys; what is missing, unknown, unsafe (a token endpoint
/// without https) or of the wrong type becomes a line in `mistakes`. `where` is the table's place. Values are
/// never repeated in a mistake, in case somebody wrote a secret there.
net::auth::CredentialSpec read_credential(const connectors::Settings& settings, const std::string& where,
                                          std::vector<std::string>& mistakes);

}  // namespace earshot::daemon
