#include "net/auth/credential_spec.hpp"

#include "core/base/url.hpp"

namespace earshot::net::auth {
namespace {

constexpr std::pair<CredentialKind, std::string_view> names[] = {
    {CredentialKind::bearer, "bearer"},
    {CredentialKind::basic, "basic"},
    {CredentialKind::header, "header"},
    {CredentialKind::meta_token, "meta_token"},
    {CredentialKind::oauth2_client, "oauth2_client"},
    {CredentialKind::oauth2_refresh, "oauth2_refresh"},
    {CredentialKind::jwt, "jwt"},
    {CredentialKind::jwt_bearer, "jwt_bearer"},
    {CredentialKind::github_app, "github_app"},
    {CredentialKind::atproto_session, "atproto_session"},
};

}  // namespace

std::string_view to_string(CredentialKind kind) {
  for (const auto& [known, name] : names)
    if (known == kind) return name;
  return "unknown";
}

std::optional<CredentialKind> parse_credential_kind(std::string_view name) {
  for (const auto& [kind, known] : names)
    if (known == name) return kind;
  return std::nullopt;
}

std::vector<std::string> credential_kinds() {
  std::vector<std::string> out;
  for (const auto& entry : names) out.emplace_back(entry.second);
  return out;
}

bool rotates(CredentialKind kind) {
  return kind == CredentialKind::oauth2_refresh || kind == CredentialKind::atproto_session;
}

bool keeps_secrets(std::string_view text) {
  const auto url = parse_url(text);
  if (!url || !url->userinfo.empty()) return false;
  if (url->scheme == "https") return true;
  return url->scheme == "http" &&
         (url->host == "127.0.0.1" || url->host == "localhost" || url->host == "[::1]");
}

}  // namespace earshot::net::auth
