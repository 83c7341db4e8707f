#include "net/auth/credential_form.hpp"

#include "core/base/url.hpp"
#include "net/auth/digest.hpp"

namespace earshot::net::auth {

Status apply_credential(HttpRequest& request, const Secret& secret) {
  const auto& form = request.credential_form;
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
  const Secret value(form.before + secret.reveal() + form.after);
  if (form.kind == CredentialForm::Kind::basic)
    request.headers.add("Authorization", "Basic " + base64(value.reveal()));
  else
    request.headers.add(form.header, value.reveal());
  return Done{};
}

}  // namespace earshot::net::auth
