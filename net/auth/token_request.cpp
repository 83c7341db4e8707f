#include "net/auth/token_request.hpp"

#include "core/base/json_writer.hpp"
#include "core/base/url.hpp"
#include "net/auth/digest.hpp"

namespace earshot::net::auth {
namespace {

HttpRequest request_to(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.method = "POST";
  request.carries_secret = true;
  request.headers.add("Accept", "application/json");
  return request;
}

std::string joined(const std::vector<std::string>& scopes) {
  std::string out;
  for (const auto& scope : scopes) out += (out.empty() ? "" : " ") + scope;
  return out;
}

/// A form, with the client's own credentials where the endpoint wants them (RFC 6749 §2.3.1).
HttpRequest form(const CredentialSpec& spec, const Secret& client_secret, QueryPairs pairs) {
  auto request = request_to(spec.token_url);
  if (spec.client_auth == ClientAuth::basic) {
    const auto pair = percent_encode(spec.client_id) + ":" + percent_encode(client_secret.reveal());
    request.headers.add("Authorization", "Basic " + base64(pair));
  } else {
    if (!spec.client_id.empty()) pairs.emplace_back("client_id", spec.client_id);
    if (spec.client_auth == ClientAuth::post) pairs.emplace_back("client_secret", client_secret.reveal());
  }
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.body = encode_query(pairs);
  return request;
}

void add_scope(const CredentialSpec& spec, QueryPairs& pairs) {
  if (!spec.scopes.empty()) pairs.emplace_back("scope", joined(spec.scopes));
}

std::string under(std::string base, std::string_view path) {
  while (base.ends_with('/')) base.pop_back();
  return base + std::string(path);
}

}  // namespace

HttpRequest client_credentials_request(const CredentialSpec& spec, const Secret& client_secret) {
  QueryPairs pairs = {{"grant_type", "client_credentials"}};
  add_scope(spec, pairs);
  if (!spec.audience.empty()) pairs.emplace_back("audience", spec.audience);
  return form(spec, client_secret, std::move(pairs));
}

HttpRequest refresh_request(const CredentialSpec& spec, const Secret& client_secret,
                            const Secret& refresh_token) {
  // No scope: the grant keeps the one it was given with.
  return form(spec, client_secret,
              {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token.reveal()}});
}

HttpRequest authorization_code_request(const CredentialSpec& spec, const Secret& client_secret,
                                       const std::string& code, const std::string& verifier,
                                       const std::string& redirect_uri) {
  return form(spec, client_secret,
              {{"grant_type", "authorization_code"},
               {"code", code},
               {"redirect_uri", redirect_uri},
               {"code_verifier", verifier}});
}

HttpRequest assertion_request(const CredentialSpec& spec, const Secret& assertion) {
  auto request = request_to(spec.token_url);
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.body = encode_query(
      {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion.reveal()}});
  return request;
}

HttpRequest installation_request(const CredentialSpec& spec, const Secret& assertion) {
  auto request =
      request_to(under(spec.token_url, "/app/installations/" + spec.installation + "/access_tokens"));
  request.headers.add("Authorization", "Bearer " + assertion.reveal());
  request.headers.add("X-GitHub-Api-Version", "2022-11-28");
  return request;
}

HttpRequest create_session_request(const CredentialSpec& spec, const Secret& password) {
  auto request = request_to(under(spec.token_url, "/xrpc/com.atproto.server.createSession"));
  request.headers.add("Content-Type", "application/json");
  JsonWriter body;
  body.begin_object().field("identifier", spec.user).field("password", password.reveal()).end_object();
  request.body = body.str();
  return request;
}

HttpRequest refresh_session_request(const CredentialSpec& spec, const Secret& refresh_token) {
  auto request = request_to(under(spec.token_url, "/xrpc/com.atproto.server.refreshSession"));
  request.headers.add("Authorization", "Bearer " + refresh_token.reveal());
  return request;
}

std::string authorize_page(const CredentialSpec& spec, const std::string& redirect_uri,
                           const std::string& state, const std::string& challenge) {
  QueryPairs pairs = {{"response_type", "code"},      {"client_id", spec.client_id},
                      {"redirect_uri", redirect_uri}, {"state", state},
                      {"code_challenge", challenge},  {"code_challenge_method", "S256"}};
  add_scope(spec, pairs);
  for (const auto& pair : spec.authorize_parameters) pairs.push_back(pair);
  return with_query(spec.authorize_url, pairs);
}

}  // namespace earshot::net::auth
