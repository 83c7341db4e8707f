#pragma once
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace earshot::net {

/// Where secrets are looked for besides $CREDENTIALS_DIRECTORY and the environment.
struct CredentialPlaces {
  std::string folder = {};  ///< empty: none
};

struct FoundSecret {
  Secret secret;
  std::string where;  ///< for people: the file or variable it came from
};

/// Letters, digits, '-', '_' and '.', at most 64 of them.
bool is_credential_name(std::string_view name);
/// EARSHOT_CREDENTIAL_<NAME>.
std::string credential_variable(std::string_view name);

/// Reads a secret by its name: $CREDENTIALS_DIRECTORY/<name> (the service manager's LoadCredential), else
/// `folder`/<name>, else the environment variable EARSHOT_CREDENTIAL_<NAME> (for containers). Never from the
/// configuration. Read anew every time, so a replaced secret needs no restart.
///
/// A file in the folder must be a regular one, belong to root or to us, and be open to nobody else; only a
/// file of root's may be readable by our group. One that is not is refused instead of passed over. Fails with
/// `unauthorized`, naming every place and never a content.
Result<FoundSecret> find_credential(const CredentialPlaces& places, const std::string& name);
Result<Secret> load_credential(const CredentialPlaces& places, const std::string& name);

}  // namespace earshot::net
