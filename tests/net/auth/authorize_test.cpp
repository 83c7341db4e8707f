#include "net/auth/authorize.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "net/auth/digest.hpp"
#include "net/auth/redirect.hpp"
#include "tests/support/auth_bench.hpp"

using namespace earshot;
using namespace earshot::net;
using namespace earshot::net::auth;
using namespace std::chrono_literals;
using test::AuthBench;
using test::http_reply;
using test::OAuthServer;

namespace {

CredentialSpec grant_of(const OAuthServer& server) {
  CredentialSpec spec{.name = "x", .kind = CredentialKind::oauth2_refresh, .secret = "x"};
  spec.refresh_secret = "x-refresh-token";
  spec.token_url = server.url("/token");
  spec.authorize_url = "https://provider.example/authorize?lang=en";
  spec.client_id = OAuthServer::client_id;
  spec.scopes = {"read", "offline.access"};
  spec.authorize_parameters = {{"prompt", "consent"}};
  return spec;
}

std::string host_of(int port) { return "Host: 127.0.0.1:" + std::to_string(port) + "\r\n"; }

/// A person's browser: visits what the test says, in turn, once the address is shown.
struct Browser {
  AuthBench& bench;
  std::vector<HttpRequest> visits = {};
  std::vector<Result<HttpReply>> seen = {};
};

async::Awaitable<void> browse(Browser& browser) {
  for (const auto& visit : browser.visits) {
    auto request = visit;
    auto reply = co_await browser.bench.http->send(std::move(request));
    browser.seen.push_back(std::move(reply));
  }
}

async::Awaitable<void> authorize_into(const CredentialSpec& spec, const AuthServices& services,
                                      std::chrono::milliseconds limit,
                                      std::function<void(const std::string&)> show, Status& out) {
  auto status = co_await authorize(spec, services, limit, show);
  out = std::move(status);
}

void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

Status run(AuthBench& bench, const CredentialSpec& spec, std::chrono::milliseconds limit, Browser& browser,
           const std::function<std::vector<std::string>(const std::string& shown)>& visits) {
  Status out;
  const auto services = bench.services();
  const auto show = [&](const std::string& url) {
    for (auto& visit : visits(url)) browser.visits.push_back(HttpRequest{.url = std::move(visit)});
    boost::asio::co_spawn(bench.io, browse(browser), rethrow);
  };
  boost::asio::co_spawn(bench.io, authorize_into(spec, services, limit, show, out), rethrow);
  bench.io.restart();
  bench.io.run_for(20s);
  return out;
}

std::string back(const std::string& shown, const QueryPairs& pairs) {
  return with_query(*query_value(shown, "redirect_uri"), pairs);
}

}  // namespace

TEST_CASE("access granted in a browser becomes a stored refresh token", "[net][auth][authorize]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("x", OAuthServer::client_secret);
  Browser browser{bench};
  std::string shown;
  const auto status = run(bench, grant_of(server), 10s, browser, [&](const std::string& url) {
    shown = url;
    const auto code =
        server.issue_code(*query_value(url, "code_challenge"), *query_value(url, "redirect_uri"));
    const auto state = *query_value(url, "state");
    // What is not the answer neither ends the wait nor costs the code.
    return std::vector<std::string>{
        back(url, {{"code", "stolen"}, {"state", "forged"}}), back(url, {{"code", "stolen"}}),
        back(url, {{"error", "access_denied"}, {"state", state + "x"}}),
        resolve_url(back(url, {}), "/favicon.ico"), back(url, {{"state", state}, {"code", code}})};
  });
  INFO(shown);
  REQUIRE(status);
  CHECK(
      shown.starts_with("https://provider.example/authorize?lang=en&response_type=code&client_id=listener&"));
  CHECK(query_value(shown, "code_challenge_method") == "S256");
  CHECK(query_value(shown, "scope") == "read offline.access");
  CHECK(query_value(shown, "prompt") == "consent");
  CHECK(query_value(shown, "redirect_uri")->starts_with("http://127.0.0.1:"));
  REQUIRE(browser.seen.size() == 5);
  const int expected[] = {403, 403, 403, 404, 200};
  for (std::size_t i = 0; i < 5; ++i) CHECK(browser.seen[i]->status == expected[i]);
  CHECK(server.token_requests() == 1);
  // The daemon needs nothing else.
  bench.use({grant_of(server)});
  CHECK(bench.get(server.url("/api"), "x")->status == 200);
  CHECK(bench.get(server.url("/api"), "x")->status == 200);
  CHECK(server.token_requests() == 2);
}

TEST_CASE("a grant waits for a renewal under way, and a folder that cannot be written is said first",
          "[net][auth][authorize]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("x", OAuthServer::client_secret);
  std::optional<TokenFile::Change> held;
  std::thread renewal;
  {
    Browser browser{bench};
    const auto status = run(bench, grant_of(server), 10s, browser, [&](const std::string& url) {
      held = **TokenFile(bench.folder.file("tokens"), "x").try_begin();
      renewal = std::thread([&held] {
        std::this_thread::sleep_for(500ms);
        held.reset();
      });
      const auto code =
          server.issue_code(*query_value(url, "code_challenge"), *query_value(url, "redirect_uri"));
      return std::vector<std::string>{back(url, {{"state", *query_value(url, "state")}, {"code", code}})};
    });
    renewal.join();
    REQUIRE(status);
    CHECK(bench.read("tokens/x.json").find("refresh-") != std::string::npos);
  }
  std::filesystem::remove_all(bench.folder.file("tokens"));
  bench.add_secret("tokens", "a file in its place");
  Browser browser{bench};
  bool shown = false;
  const auto status = run(bench, grant_of(server), 1s, browser, [&](const std::string&) {
    shown = true;
    return std::vector<std::string>();
  });
  CHECK_FALSE(status);
  CHECK_FALSE(shown);
}

TEST_CASE("the server checks that who redeems the code is who asked for it", "[net][auth][authorize]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("x", OAuthServer::client_secret);
  Browser browser{bench};
  const auto status = run(bench, grant_of(server), 10s, browser, [&](const std::string& url) {
    const auto code = server.issue_code(pkce_challenge("somebody else"), *query_value(url, "redirect_uri"));
    return std::vector<std::string>{back(url, {{"state", *query_value(url, "state")}, {"code", code}})};
  });
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::unauthorized);
  CHECK_FALSE(std::filesystem::exists(bench.folder.file("tokens/x.json")));
}

TEST_CASE("access denied, nobody there, no refresh token, the wrong kind", "[net][auth][authorize]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("x", OAuthServer::client_secret);
  {
    Browser browser{bench};
    const auto denied = run(bench, grant_of(server), 10s, browser, [&](const std::string& url) {
      return std::vector<std::string>{
          back(url, {{"state", *query_value(url, "state")}, {"error", "access_denied"}})};
    });
    CHECK(denied.error().kind == ErrorKind::unauthorized);
  }
  {
    Browser browser{bench};
    const auto nobody = run(bench, grant_of(server), 300ms, browser, [&](const std::string& url) {
      return std::vector<std::string>{back(url, {{"state", "forged"}, {"code", "x"}})};
    });
    CHECK(nobody.error().kind == ErrorKind::timed_out);
    CHECK(server.token_requests() == 0);
  }
  {
    Browser browser{bench};
    server.answer_tokens_with({http_reply(200, R"({"access_token":"a"})")});
    const auto short_lived = run(bench, grant_of(server), 10s, browser, [&](const std::string& url) {
      return std::vector<std::string>{back(url, {{"state", *query_value(url, "state")}, {"code", "c"}})};
    });
    CHECK(short_lived.error().message.find("no refresh token") != std::string::npos);
  }
  {
    Browser browser{bench};
    auto spec = grant_of(server);
    spec.authorize_url.clear();
    const auto nothing = [](const std::string&) { return std::vector<std::string>(); };
    CHECK(run(bench, spec, 1s, browser, nothing).error().kind == ErrorKind::invalid);
  }
  CHECK_FALSE(std::filesystem::exists(bench.folder.file("tokens/x.json")));
}

TEST_CASE("what a request to the listener amounts to", "[net][auth][authorize][hostile]") {
  const auto kind = [](const std::string& line, const std::string& headers = host_of(99)) {
    return read_redirect(line + "\r\n" + headers + "\r\n", "s3cret", 99).kind;
  };
  using Kind = Redirect::Kind;
  CHECK(kind("GET /callback?code=c&state=s3cret HTTP/1.1") == Kind::granted);
  CHECK(read_redirect("GET /callback?state=s3cret&code=a%2Fb HTTP/1.1\r\nhost: localhost:99\r\n\r\n",
                      "s3cret", 99)
            .code == "a/b");
  CHECK(kind("GET /callback?error=access_denied&state=s3cret HTTP/1.1") == Kind::denied);
  CHECK(kind("GET /callback?code=c&error=x&state=s3cret HTTP/1.1") == Kind::denied);
  CHECK(kind("GET /callback?code=c&state=s3cre HTTP/1.1") == Kind::forged);
  CHECK(kind("GET /callback?code=c&state= HTTP/1.1") == Kind::forged);
  CHECK(kind("GET /callback?code=c HTTP/1.1") == Kind::forged);
  CHECK(kind("GET /callback HTTP/1.1") == Kind::forged);
  // A page of a name that resolves to this machine speaks with that name.
  CHECK(kind("GET /callback?code=c&state=s3cret HTTP/1.1", "Host: evil.example:99\r\n") == Kind::forged);
  CHECK(kind("GET /callback?code=c&state=s3cret HTTP/1.1", "") == Kind::forged);
  CHECK(kind("GET /callback?code=c&state=s3cret HTTP/1.1", host_of(98)) == Kind::forged);
  for (const std::string other :
       {"POST /callback?code=c&state=s3cret HTTP/1.1", "GET / HTTP/1.1", "GET /callbackx HTTP/1.1", "", "GET",
        "GET  HTTP/1.1", "\x16\x03\x01", "GET /callback?code=c&state=s3cret"})
    CHECK(kind(other) == Kind::other);
}

TEST_CASE("a taken port is said, and the listener is reached from this machine alone",
          "[net][auth][authorize]") {
  boost::asio::io_context io;
  auto first = RedirectListener::open(io.get_executor(), 0);
  REQUIRE(first);
  CHECK(first->uri() == "http://127.0.0.1:" + std::to_string(first->port()) + "/callback");
  const auto second = RedirectListener::open(io.get_executor(), first->port());
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::busy);
}
