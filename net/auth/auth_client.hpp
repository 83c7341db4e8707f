#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/auth/credential_spec.hpp"
#include "net/auth/token_keeper.hpp"
#include "net/http_client.hpp"
#include "net/secret_source.hpp"

namespace earshot::net::auth {

/// An HttpClient and LiveClient that puts what a request's `credential` stands for in its place: a token, a
/// password, a proof. Names without a specification are bearer tokens found by that name. A token that the
/// server refuses is renewed once and the request sent once more; tokens that come back in a reply are
/// blackened, so that what is logged or stored of it cannot hold them (a live connection's own messages come
/// as they are). Secrets go out by https only, except to this machine.
class AuthClient final : public HttpClient, public LiveClient, public SecretSource {
 public:
  AuthClient(std::vector<CredentialSpec> specs, AuthServices services);

  async::Awaitable<Result<HttpReply>> send(HttpRequest request) override;
  void hold(const std::string& url, std::chrono::milliseconds wait) override {
    services_.http.hold(url, wait);
  }
  async::Awaitable<Result<LiveReply>> open(LiveRequest request) override;
  async::Awaitable<Result<Secret>> secret(std::string name) override;
  /// Ends every wait for a token; the client below ends its transfers itself.
  void stop();

 private:
  /// Why the credential must not go there, or nothing.
  std::optional<Error> refusal_of(const HttpRequest& request) const;
  CredentialSpec spec_of(const std::string& name) const;
  Result<std::vector<Secret>> apply_fixed(HttpRequest& request, const CredentialSpec& spec) const;
  async::Awaitable<Result<HttpReply>> send_fixed(HttpRequest request, CredentialSpec spec);
  async::Awaitable<Result<HttpReply>> send_kept(HttpRequest request, TokenKeeper& keeper);
  async::Awaitable<Result<LiveReply>> open_kept(LiveRequest request, TokenKeeper& keeper);

  AuthServices services_;
  std::map<std::string, CredentialSpec> specs_;
  std::map<std::string, std::unique_ptr<TokenKeeper>> keepers_;
};

/// Overwrites every occurrence of `secret` in the reply's body and headers.
void blacken(HttpReply& reply, const Secret& secret);

}  // namespace earshot::net::auth
