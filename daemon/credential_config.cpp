#include "daemon/credential_config.hpp"

#include <algorithm>

#include "core/base/url.hpp"
#include "net/credentials.hpp"

namespace earshot::daemon {
namespace {

using net::auth::ClientAuth;
using net::auth::CredentialKind;
using net::auth::CredentialSpec;
using net::auth::JwtAlgorithm;

/// Room for "-refresh-token" within the limit for names of secrets.
constexpr std::size_t name_max = 48;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// Reads the keys of one table; `read` picks those of its kind.
class CredentialReader {
 public:
  CredentialReader(const connectors::Settings& settings, std::string where,
                   std::vector<std::string>& mistakes)
      : settings_(settings), reader_(settings), where_(std::move(where)), mistakes_(mistakes) {}

  CredentialSpec read() {
    spec_.where = where_;
    spec_.name = required("name");
    if (!spec_.name.empty() && (!net::is_credential_name(spec_.name) || spec_.name.size() > name_max))
      reader_.mistake("name", "must be letters, digits, '-', '_' and '.', at most " +
                                  std::to_string(name_max) + " of them");
    const auto kind = required("kind");
    const auto known = net::auth::parse_credential_kind(kind);
    if (!known) {
      // Without its kind nobody knows which other keys are right.
      if (!kind.empty()) reader_.mistake("kind", "must be one of " + joined(net::auth::credential_kinds()));
      return finish(Keys::unknown);
    }
    spec_.kind = *known;
    spec_.secret = secret_name("secret", spec_.name);
    read_kind();
    return finish(Keys::known);
  }

 private:
  enum class Keys { known, unknown };

  void read_kind() {
    switch (spec_.kind) {
      case CredentialKind::bearer: return;
      case CredentialKind::basic: spec_.user = required("user"); return;
      case CredentialKind::header: return read_header();
      case CredentialKind::meta_token:
        spec_.app_secret = secret_name("app_secret", spec_.name + "-app-secret");
        return;
      case CredentialKind::oauth2_client: return read_client();
      case CredentialKind::oauth2_refresh: return read_refresh();
      case CredentialKind::jwt:
        spec_.audience = reader_.text("audience", "");
        spec_.subject = reader_.text("subject", "");
        spec_.issuer = required("issuer");
        spec_.key_id = reader_.text("key_id", "");
        read_algorithm("ES256");
        return;
      case CredentialKind::jwt_bearer: return read_jwt_bearer();
      case CredentialKind::github_app:
        spec_.issuer = required("app_id");
        spec_.installation = required("installation_id");
        spec_.token_url = url("api_url", "https://api.github.com");
        if (spec_.installation.find_first_not_of("0123456789") != std::string::npos)
          reader_.mistake("installation_id", "must be a number in quotes");
        return;
      case CredentialKind::atproto_session:
        spec_.user = required("identifier");
        spec_.token_url = url("service", "https://bsky.social");
        return;
    }
  }

  void read_header() {
    spec_.header = required("header");
    static constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    if (spec_.header.find_first_not_of(letters) != std::string::npos)
      reader_.mistake("header", "must be the name of a header, such as \"Api-Key\"");
  }

  void read_client() {
    spec_.token_url = url("token_url", "");
    spec_.client_id = required("client_id");
    spec_.scopes = reader_.list("scopes");
    spec_.audience = reader_.text("audience", "");
    read_client_auth();
    if (spec_.client_auth == ClientAuth::none)
      reader_.mistake("client_auth",
                      "must be basic or post: without a secret there are no client credentials");
  }

  void read_refresh() {
    spec_.token_url = url("token_url", "");
    spec_.client_id = required("client_id");
    spec_.scopes = reader_.list("scopes");
    read_client_auth();
    spec_.refresh_secret = secret_name("refresh_token", spec_.name + "-refresh-token");
    if (settings_.find("authorize_url")) spec_.authorize_url = url("authorize_url", "");
    spec_.redirect_port = static_cast<int>(reader_.integer("redirect_port", 0, 0, 65'535));
    for (const auto& pair : reader_.list("authorize_parameters")) {
      const auto equals = pair.find('=');
      if (equals == 0 || equals == std::string::npos)
        reader_.mistake("authorize_parameters", "must be a list of \"name=value\"");
      else
        spec_.authorize_parameters.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }

  void read_jwt_bearer() {
    // A service account's key file says by itself who issues and where tokens are got.
    if (settings_.find("token_url")) spec_.token_url = url("token_url", "");
    spec_.issuer = reader_.text("issuer", "");
    spec_.subject = reader_.text("subject", "");
    spec_.audience = reader_.text("audience", "");
    spec_.key_id = reader_.text("key_id", "");
    spec_.scopes = reader_.list("scopes");
    read_algorithm("RS256");
  }

  void read_client_auth() {
    const auto text = reader_.text("client_auth", "basic");
    if (text == "basic")
      spec_.client_auth = ClientAuth::basic;
    else if (text == "post")
      spec_.client_auth = ClientAuth::post;
    else if (text == "none")
      spec_.client_auth = ClientAuth::none;
    else
      reader_.mistake("client_auth", "must be basic, post or none");
  }

  void read_algorithm(const std::string& usual) {
    const auto text = reader_.text("algorithm", usual);
    if (text != "RS256" && text != "ES256") reader_.mistake("algorithm", "must be RS256 or ES256");
    spec_.algorithm = text == "RS256" ? JwtAlgorithm::rs256 : JwtAlgorithm::es256;
  }

  /// A key without a fallback must be there.
  std::string required(std::string_view key) {
    auto value = reader_.text(key, "");
    if (!settings_.find(key))
      missing(key);
    else if (value.empty() && std::holds_alternative<std::string>(settings_.find(key)->value))
      reader_.mistake(key, "must not be empty");
    return value;
  }

  std::string url(std::string_view key, const std::string& fallback) {
    auto value = fallback.empty() ? required(key) : reader_.text(key, fallback);
    if (value.empty()) return value;
    const auto parsed = parse_url(value);
    if (!parsed || parsed->fragment || !net::auth::keeps_secrets(value))
      reader_.mistake(key,
                      "must be an https URL (http only on this machine, 127.0.0.1), without a user in it");
    return value;
  }

  std::string secret_name(std::string_view key, const std::string& fallback) {
    auto value = reader_.text(key, fallback);
    if (settings_.find(key) && !net::is_credential_name(value))
      reader_.mistake(key, "must be the name of a secret (letters, digits, '-', '_', '.'), never the secret");
    return value;
  }

  void missing(std::string_view key) {
    mistakes_.push_back(where_ + ": credential: `" + std::string(key) + "` is missing");
  }

  CredentialSpec finish(Keys keys) {
    for (auto& mistake : reader_.finish())
      if (keys == Keys::known || mistake.find("unknown key") == std::string::npos)
        mistakes_.push_back(std::move(mistake));
    return std::move(spec_);
  }

  const connectors::Settings& settings_;
  connectors::SettingsReader reader_;
  std::string where_;
  std::vector<std::string>& mistakes_;
  CredentialSpec spec_;
};

}  // namespace

CredentialSpec read_credential(const connectors::Settings& settings, const std::string& where,
                               std::vector<std::string>& mistakes) {
  return CredentialReader(settings, where, mistakes).read();
}

}  // namespace earshot::daemon
