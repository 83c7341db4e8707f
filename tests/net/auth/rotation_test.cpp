// Credentials that rotate: what is durable when, and what a kill, a revocation or a second process does to
// them.
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "core/base/log.hpp"
#include "net/auth/digest.hpp"
#include "tests/support/auth_bench.hpp"

using namespace earshot;
using namespace earshot::net;
using namespace earshot::net::auth;
using namespace std::chrono_literals;
using test::AuthBench;
using test::http_reply;
using test::OAuthServer;

namespace {

CredentialSpec grant_at(const std::string& token_url) {
  return {.name = "x",
          .kind = CredentialKind::oauth2_refresh,
          .secret = "x",
          .refresh_secret = "x-refresh-token",
          .token_url = token_url,
          .client_id = OAuthServer::client_id};
}

CredentialSpec grant_of(const OAuthServer& server) { return grant_at(server.url("/token")); }

CredentialSpec session_of(const OAuthServer& server) {
  return {.name = "sky",
          .kind = CredentialKind::atproto_session,
          .secret = "sky",
          .user = "ann.test",
          .token_url = server.url("")};
}

struct Granted : AuthBench {
  OAuthServer server;
  HttpRequest request;
  explicit Granted(std::chrono::milliseconds lifetime = 5s) : server(lifetime) {
    add_secret("x", OAuthServer::client_secret);
    add_secret("x-refresh-token", server.grant());
    use({grant_of(server)});
    request = HttpRequest{.url = server.url("/api"), .credential = "x"};
  }
};

async::Awaitable<void> mint_into(TokenMinter& minter, Result<Minted>& out) {
  auto made = co_await minter.mint("");
  out = std::move(made);
}

/// Dies the moment a request with a token would go out: after the refresh was answered, before its token is
/// used.
class KilledBeforeUse final : public HttpClient {
 public:
  explicit KilledBeforeUse(HttpClient& below) : below_(below) {}
  async::Awaitable<Result<HttpReply>> send(HttpRequest request) override {
    if (request.method != "POST") ::kill(::getpid(), SIGKILL);
    auto reply = co_await below_.send(std::move(request));
    co_return reply;
  }

 private:
  HttpClient& below_;
};

}  // namespace

TEST_CASE("a refresh token rotates, once for fifty streams", "[net][auth][rotation]") {
  Granted bench;
  for (const auto& reply : bench.send(bench.request, 50)) CHECK(reply->status == 200);
  CHECK(bench.server.token_requests() == 1);
  std::this_thread::sleep_for(4'200ms);
  for (const auto& reply : bench.send(bench.request, 50)) CHECK(reply->status == 200);
  CHECK(bench.server.token_requests() == 2);
  CHECK(bench.server.refused() == 0);
  // A restart goes on from the file: the first refresh token is long spent, and no new token is needed yet.
  bench.use({grant_of(bench.server)});
  CHECK(bench.send(bench.request).front()->status == 200);
  CHECK(bench.server.token_requests() == 2);
}

/// What the spawned process is told: the server's address, and the folder of its secrets.
constexpr const char *server_variable = "EARSHOT_TEST_SERVER", *folder_variable = "EARSHOT_TEST_FOLDER";
constexpr const char* spawned_case = "(spawned) a refresh whose process dies before its token is used";

/// A process of its own, and no copy of this one: a copy of a process with threads may hold locks for ever
/// that they held.
pid_t spawn_refresh(const Granted& bench) {
  ::setenv(server_variable, bench.server.url("").c_str(), 1);
  ::setenv(folder_variable, bench.folder.path().c_str(), 1);
  std::string program = "/proc/self/exe", name = spawned_case;
  char* arguments[] = {program.data(), name.data(), nullptr};
  pid_t child = -1;
  const int failed = ::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ);
  ::unsetenv(server_variable);
  ::unsetenv(folder_variable);
  return failed == 0 ? child : -1;
}

TEST_CASE("(spawned) a refresh whose process dies before its token is used", "[.][spawned]") {
  const char *server = std::getenv(server_variable), *folder = std::getenv(folder_variable);
  if (server == nullptr || folder == nullptr) return;
  AuthBench here;
  KilledBeforeUse deadly(*here.http);
  auto services = here.services(deadly);
  services.places.folder = folder;
  services.tokens_folder = std::string(folder) + "/tokens";
  AuthClient auth({grant_at(std::string(server) + "/token")}, services);
  here.send(auth, HttpRequest{.url = std::string(server) + "/api", .credential = "x"}, 1);
  FAIL("it should have died");
}

TEST_CASE("killed between the answered refresh and the use of its token, nothing is lost",
          "[net][auth][rotation][faults]") {
  Granted bench(1s);
  const auto first = bench.read("x-refresh-token");
  for (int round = 0; round < 5; ++round) {
    const pid_t child = spawn_refresh(bench);
    REQUIRE(child > 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    CHECK(bench.server.token_requests() == 1 + round);
    CHECK(bench.server.api_requests() == 0);
    // Until the token that was never used is stale: the next one has to be bought with what was stored.
    std::this_thread::sleep_for(900ms);
  }
  // The server has spent every token but the last; a token used twice would have ended the grant.
  bench.use({grant_of(bench.server)});
  CHECK(bench.send(bench.request).front()->status == 200);
  CHECK(bench.read("tokens/x.json").find(first.substr(0, first.size() - 1)) == std::string::npos);
}

TEST_CASE("a revoked grant stops with one clear line and no second request",
          "[net][auth][rotation][faults]") {
  Granted bench;
  CHECK(bench.send(bench.request).front()->status == 200);
  bench.server.revoke_all();
  for (int round = 0; round < 5; ++round)
    for (const auto& reply : bench.send(bench.request, 20)) {
      REQUIRE_FALSE(reply);
      CHECK(reply.error().kind == ErrorKind::unauthorized);
      CHECK(reply.error().message.find("run `earshot auth x`") != std::string::npos);
      CHECK_FALSE(is_transient(reply.error().kind));
    }
  CHECK(bench.server.token_requests() == 2);
  // Given a new first token, the next start goes on with that and not with the dead one.
  bench.add_secret("x-refresh-token", bench.server.grant());
  bench.use({grant_of(bench.server)});
  CHECK(bench.send(bench.request).front()->status == 200);
  CHECK(bench.server.token_requests() == 3);
}

TEST_CASE("what was refused for good is not asked again after the wait, until it is another",
          "[net][auth][rotation]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("x", OAuthServer::client_secret);
  bench.add_secret("x-refresh-token", "never-granted");
  TokenMinter minter(grant_of(server), bench.services());
  const auto mint = [&] {
    Result<Minted> out;
    boost::asio::co_spawn(bench.io, mint_into(minter, out), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    bench.io.restart();
    bench.io.run();
    return out;
  };
  for (int i = 0; i < 4; ++i) CHECK(mint().error().kind == ErrorKind::unauthorized);
  CHECK(server.token_requests() == 1);
  bench.add_secret("x-refresh-token", server.grant());
  CHECK(mint());
  CHECK(server.token_requests() == 2);
}

TEST_CASE("two processes on one grant take turns and share what they get", "[net][auth][rotation]") {
  Granted bench;
  bench.server.think(300ms);
  AuthClient other({grant_of(bench.server)}, bench.services());
  std::vector<Result<HttpReply>> replies(2);
  int left = 2;
  const auto rethrow = [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  };
  boost::asio::co_spawn(bench.io, bench.into(*bench.auth, bench.request, replies[0], left), rethrow);
  boost::asio::co_spawn(bench.io, bench.into(other, bench.request, replies[1], left), rethrow);
  bench.io.restart();
  bench.io.run_for(20s);
  for (const auto& reply : replies) CHECK(reply->status == 200);
  CHECK(bench.server.token_requests() == 1);
}

TEST_CASE("a full disk is noticed before the server is asked to rotate", "[net][auth][rotation][faults]") {
  Granted bench;
  CHECK(bench.send(bench.request).front()->status == 200);
  bench.server.revoke_all();
  bench.add_secret("x-refresh-token", bench.server.grant());
  bench.use({grant_of(bench.server)});
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{1'024, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const auto full = bench.send(bench.request);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(full.front());
  CHECK(full.front().error().kind == ErrorKind::disk_full);
  CHECK(bench.server.token_requests() == 1);
}

TEST_CASE("tokens that the disk does not take are not used, and are kept until it does",
          "[net][auth][rotation][faults]") {
  Granted bench(1h);
  bench.server.think(300ms);
  // A folder where the file belongs: the rename fails, after the server has rotated.
  const auto path = bench.folder.file("tokens/x.json");
  boost::asio::steady_timer meanwhile(bench.io, 150ms);
  meanwhile.async_wait([&](boost::system::error_code) { std::filesystem::create_directory(path); });
  const auto failed = bench.send(bench.request);
  REQUIRE_FALSE(failed.front());
  CHECK(failed.front().error().message.find("cannot write " + path) != std::string::npos);
  CHECK(bench.server.token_requests() == 1);
  CHECK(bench.server.api_requests() == 0);
  std::filesystem::remove(path);
  std::this_thread::sleep_for(1'100ms);
  CHECK(bench.send(bench.request).front()->status == 200);
  CHECK(bench.server.token_requests() == 1);
  bench.use({grant_of(bench.server)});
  CHECK(bench.send(bench.request).front()->status == 200);
  CHECK(bench.server.token_requests() == 1);
}

TEST_CASE("tokens of another account, client or endpoint are not used", "[net][auth][rotation]") {
  Granted bench;
  CHECK(bench.send(bench.request).front()->status == 200);
  auto spec = grant_of(bench.server);
  spec.client_id = "another";
  CHECK(owner_of(spec) != owner_of(grant_of(bench.server)));
  std::filesystem::remove(bench.folder.file("x-refresh-token"));
  bench.use({spec});
  const auto reply = bench.send(bench.request);
  CHECK(reply.front().error().message.find("there is no refresh token yet: run `earshot auth x`") !=
        std::string::npos);
  // The first token may go once it is spent: the file goes on without it.
  bench.use({grant_of(bench.server)});
  CHECK(bench.send(bench.request).front()->status == 200);
}

TEST_CASE("a session of the AT Protocol is opened once, renewed, kept, and opened anew when it ended",
          "[net][auth][atproto]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("sky", OAuthServer::password);
  bench.use({session_of(server)});
  const HttpRequest request{.url = server.url("/xrpc/app.bsky.feed.searchPosts"), .credential = "sky"};
  const auto asked = [&](const std::string& method) {
    int count = 0;
    for (const auto& sent : server.requests())
      count += sent.find("server." + method + " ") != std::string::npos;
    return count;
  };
  for (const auto& reply : bench.send(request, 50)) CHECK(reply->status == 200);
  CHECK(asked("createSession") == 1);
  std::this_thread::sleep_for(4'200ms);
  for (const auto& reply : bench.send(request, 50)) CHECK(reply->status == 200);
  CHECK(asked("createSession") == 1);
  CHECK(asked("refreshSession") == 1);
  // Opening sessions is rationed: a restart uses the one there is.
  bench.use({session_of(server)});
  CHECK(bench.send(request).front()->status == 200);
  CHECK(server.token_requests() == 2);
  // 400 ExpiredToken from the API, then 400 InvalidToken from refreshSession: the password opens another.
  server.revoke_all();
  CHECK(bench.send(request).front()->status == 200);
  CHECK(asked("refreshSession") == 2);
  CHECK(asked("createSession") == 2);
}

TEST_CASE("a session goes to its own server only", "[net][auth][atproto][secrets]") {
  OAuthServer server, appview;
  AuthBench bench;
  bench.add_secret("sky", OAuthServer::password);
  bench.use({session_of(server)});
  const auto reply = bench.get(appview.url("/xrpc/app.bsky.feed.searchPosts"), "sky");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::blocked);
  CHECK(reply.error().message.find("set the source's base") != std::string::npos);
  CHECK(appview.requests().empty());
}

TEST_CASE("a wrong app password is tried once", "[net][auth][atproto][faults]") {
  OAuthServer server;
  AuthBench bench;
  bench.add_secret("sky", "c4n4ry-password");
  bench.use({session_of(server)});
  for (int round = 0; round < 3; ++round)
    for (const auto& reply : bench.send({.url = server.url("/xrpc/x"), .credential = "sky"}, 10)) {
      REQUIRE_FALSE(reply);
      CHECK(reply.error().kind == ErrorKind::unauthorized);
      CHECK(reply.error().message.find("AuthenticationRequired") != std::string::npos);
      CHECK(reply.error().message.find("c4n4ry") == std::string::npos);
    }
  CHECK(server.token_requests() == 1);
  // A server in trouble says nothing of the password.
  bench.use({session_of(server)});
  server.answer_tokens_with({http_reply(502, "<html>")});
  CHECK(bench.send({.url = server.url("/xrpc/x"), .credential = "sky"}).front().error().kind ==
        ErrorKind::unreachable);
}
