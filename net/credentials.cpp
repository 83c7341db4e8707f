#include "net/credentials.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base/text.hpp"

namespace earshot::net {

Result<Secret> load_credential(const std::string& name) {
  if (name.empty() ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") !=
          std::string::npos ||
      name.find("..") != std::string::npos)
    return unexpected(ErrorKind::invalid,
                      "'" + name + "' is no name of a credential: use letters, digits, '-', '_' and '.'");
  if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY")) {
    std::ifstream in(std::string(directory) + "/" + name, std::ios::binary);
    if (in) {
      std::string text(std::istreambuf_iterator<char>(in), {});
      Secret secret{std::string(trim(text))};
      Secret wiped(std::move(text));
      if (!secret.empty()) return secret;
    }
  }
  std::string variable = "EARSHOT_CREDENTIAL_";
  for (const char c : name)
    variable.push_back(c == '-' || c == '.'   ? '_'
                       : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A')
                                              : c);
  if (const char* text = std::getenv(variable.c_str())) return Secret(text);
  return unexpected(ErrorKind::unauthorized, "there is no credential '" + name + "': add LoadCredential=" +
                                                 name + " to the unit, or set " + variable);
}

}  // namespace earshot::net
