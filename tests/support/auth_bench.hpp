#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "net/auth/auth_client.hpp"
#include "net/curl_client.hpp"
#include "tests/support/oauth_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace earshot::test {

/// The daemon's clients on one io thread, with secrets and tokens in a directory of their own.
struct AuthBench {
  TempDir folder;
  boost::asio::io_context io{1};
  SystemClock clock;
  std::unique_ptr<net::CurlClient> http;
  std::unique_ptr<net::auth::AuthClient> auth;

  AuthBench() {
    net::AddressGuard guard;
    static_cast<void>(guard.allow({"127.0.0.1"}));
    http = std::make_unique<net::CurlClient>(io.get_executor(), clock, net::ClientOptions{}, guard);
  }
  ~AuthBench() {
    auth.reset();
    http.reset();
  }

  net::auth::AuthServices services() { return services(*http); }
  net::auth::AuthServices services(net::HttpClient& below) {
    return {.http = below,
            .clock = clock,
            .places = {.folder = folder.path().string()},
            .tokens_folder = folder.file("tokens"),
            .home = io.get_executor(),
            .blocking = io.get_executor(),
            .seed = 7};
  }
  /// As after a restart: nothing is remembered but what is in files.
  void use(std::vector<net::auth::CredentialSpec> specs) {
    auth = std::make_unique<net::auth::AuthClient>(std::move(specs), services());
  }
  void add_secret(const std::string& name, const std::string& text) const {
    const auto path = folder.file(name);
    std::ofstream(path) << text << "\n";
    std::filesystem::permissions(path,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  std::string read(const std::string& name) const {
    std::ifstream in(folder.file(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }

  async::Awaitable<void> into(net::HttpClient& client, net::HttpRequest request, Result<net::HttpReply>& out,
                              int& left) {
    auto reply = co_await client.send(std::move(request));
    out = std::move(reply);
    if (--left == 0) io.stop();
  }
  std::vector<Result<net::HttpReply>> send(net::HttpRequest request, std::size_t times = 1) {
    return send(*auth, std::move(request), times);
  }
  std::vector<Result<net::HttpReply>> send(net::HttpClient& client, net::HttpRequest request,
                                           std::size_t times) {
    std::vector<Result<net::HttpReply>> replies(times);
    int left = static_cast<int>(times);
    for (auto& reply : replies)
      boost::asio::co_spawn(io, into(client, request, reply, left), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
    io.restart();
    io.run_for(std::chrono::seconds(30));
    return replies;
  }
  Result<net::HttpReply> get(const std::string& url, const std::string& credential) {
    auto replies = send(net::HttpRequest{.url = url, .credential = credential});
    return std::move(replies.front());
  }
};

}  // namespace earshot::test
