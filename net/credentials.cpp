#include "net/credentials.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::net {
namespace {

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out.push_back(at + i <= bytes.size() ? digits[group >> (18 - 6 * i) & 63] : '=');
  }
  return out;
}

}  // namespace

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

Status apply_credential(HttpRequest& request, const Secret& secret) {
  const auto& form = request.credential_form;
  if (secret.reveal().find_first_of("\r\n") != std::string::npos)
    return unexpected(ErrorKind::invalid, "the credential '" + request.credential + "' holds a line break");
  if (form.kind == CredentialForm::Kind::url) {
    const auto at = request.url.find(credential_mark);
    if (at == std::string::npos)
      return unexpected(ErrorKind::invalid, "the address has no place for the credential");
    auto encoded = percent_encode(secret.reveal());
    // Servers that compare the path as it came want the colon of "id:token" plain, and it may be.
    for (auto colon = encoded.find("%3A"); colon != std::string::npos; colon = encoded.find("%3A", colon))
      encoded.replace(colon, 3, ":");
    request.url.replace(at, credential_mark.size(), encoded);
    return Done{};
  }
  const auto value = form.before + secret.reveal() + form.after;
  if (form.kind == CredentialForm::Kind::basic)
    request.headers.add("Authorization", "Basic " + base64(value));
  else
    request.headers.add(form.header, value);
  return Done{};
}

}  // namespace earshot::net
