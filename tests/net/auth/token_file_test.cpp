#include "net/auth/token_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::net::auth;
using namespace std::chrono_literals;
using test::TempDir;

namespace {

StoredTokens tokens(const std::string& refresh) {
  return StoredTokens{.belongs_to = "me",
                      .seed = "s",
                      .refresh_token = Secret(refresh),
                      .access_token = Secret("access of " + refresh),
                      .refresh_at = from_ms(1'772'409'600'123),
                      .expires_at = from_ms(1'772'409'700'000)};
}

TokenFile::Change begin(const TokenFile& file) {
  auto change = file.try_begin();
  REQUIRE(change);
  REQUIRE(*change);
  return std::move(**change);
}

ino_t inode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_ino;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("tokens come back as they were stored, in a file for us alone", "[net][auth][token_file]") {
  const TempDir folder;
  const TokenFile file(folder.file("tokens"), "x");
  {
    auto change = begin(file);
    CHECK_FALSE(*change.read());
    REQUIRE(change.commit(tokens("r1")));
  }
  CHECK(mode_of(folder.file("tokens")) == 0700);
  CHECK(mode_of(file.path()) == 0600);
  {
    auto change = begin(file);
    const auto stored = change.read();
    REQUIRE(stored);
    REQUIRE(*stored);
    CHECK((*stored)->belongs_to == "me");
    CHECK((*stored)->seed == "s");
    CHECK((*stored)->refresh_token.reveal() == "r1");
    CHECK((*stored)->access_token.reveal() == "access of r1");
    CHECK((*stored)->refresh_at == from_ms(1'772'409'600'123));
    CHECK((*stored)->expires_at == from_ms(1'772'409'700'000));
    REQUIRE(change.commit(tokens("r2")));
    CHECK((*change.read())->refresh_token.reveal() == "r2");
  }
  // Nothing of a change stays but what it committed.
  for (const auto& entry : std::filesystem::directory_iterator(folder.file("tokens")))
    CHECK((entry.path().filename() == "x.json" || entry.path().filename() == "x.lock"));
}

TEST_CASE("a change excludes another, and what it does not commit is not there", "[net][auth][token_file]") {
  const TempDir folder;
  const TokenFile file(folder.file("tokens"), "x");
  {
    auto change = begin(file);
    const auto second = file.try_begin();
    REQUIRE(second);
    CHECK_FALSE(*second);
    const TokenFile other(folder.file("tokens"), "y");
    static_cast<void>(begin(other));
  }
  CHECK_FALSE(*begin(file).read());
}

TEST_CASE("a token file that others can read, or that is damaged, is not used", "[net][auth][token_file]") {
  const TempDir folder;
  const TokenFile file(folder.file("tokens"), "x");
  REQUIRE(begin(file).commit(tokens("r1-canary")));
  REQUIRE(::chmod(file.path().c_str(), 0640) == 0);
  auto exposed = begin(file).read();
  REQUIRE_FALSE(exposed);
  CHECK(exposed.error().message.find("can be read by others") != std::string::npos);
  REQUIRE(::chmod(file.path().c_str(), 0600) == 0);
  for (const std::string bad : {"", "{", "[]", "{\"version\":2,\"refresh_token\":\"canary\"}", "canary"}) {
    std::ofstream(file.path()) << bad;
    const auto read = begin(file).read();
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::unauthorized);
    CHECK(read.error().message.find("canary") == std::string::npos);
  }
}

TEST_CASE("a folder that cannot be written is found out before a server is asked",
          "[net][auth][token_file]") {
  const TempDir folder;
  std::ofstream(folder.file("tokens")) << "a file where the folder should be";
  const TokenFile file(folder.file("tokens"), "x");
  const auto change = file.try_begin();
  REQUIRE_FALSE(change);
  CHECK(change.error().message.find(folder.file("tokens")) != std::string::npos);

  // A limit on file sizes stands for a full disk.
  const TokenFile roomless(folder.file("more"), "x");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{4'096, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const auto full = roomless.try_begin();
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(full);
  CHECK(full.error().kind == ErrorKind::disk_full);
}

TEST_CASE("what root stores belongs to the owner of the folder", "[net][auth][token_file]") {
  if (::geteuid() != 0) {
    WARN("not root: nothing to give away");
    return;
  }
  const TempDir state;
  REQUIRE(::chown(state.path().c_str(), 54'321, 54'322) == 0);
  const TokenFile file(state.file("tokens"), "x");
  REQUIRE(begin(file).commit(tokens("r1")));
  for (const auto& path : {state.file("tokens"), file.path(), state.file("tokens/x.lock")}) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK(status.st_uid == 54'321);
    CHECK(status.st_gid == 54'322);
  }
}

TEST_CASE("a kill at any moment leaves whole tokens", "[net][auth][token_file][faults]") {
  const TempDir folder;
  const TokenFile file(folder.file("tokens"), "x");
  REQUIRE(begin(file).commit(tokens("r0")));
  std::set<std::string> seen;
  for (int round = 0; round < 40; ++round) {
    const auto before = inode_of(file.path());
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (int i = 0;; ++i) {
        auto change = file.try_begin();
        const auto name = "r" + std::to_string(round) + "-" + std::to_string(i) + std::string(3'000, 'x');
        if (!change || !*change || !(*change)->commit(tokens(name))) ::_exit(1);
      }
    }
    // Once it writes, at a moment of its own in each round.
    for (int waited = 0; waited < 10'000 && inode_of(file.path()) == before; ++waited)
      std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(std::chrono::microseconds(371 * round));
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    const auto stored = begin(file).read();
    REQUIRE(stored);
    REQUIRE(*stored);
    const auto refresh = (*stored)->refresh_token.reveal();
    CHECK((*stored)->access_token.reveal() == "access of " + refresh);
    seen.insert(refresh);
  }
  // Every child did write; else the test would have shown nothing.
  CHECK(seen.size() == 40);
}
