#include "net/credentials.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "tests/support/temp_dir.hpp"

using namespace earshot;
using namespace earshot::net;
using test::TempDir;

namespace {

void write(const std::string& path, const std::string& text, mode_t mode = 0600) {
  std::ofstream(path) << text;
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

/// Sets a variable for one test.
struct Variable {
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  const char* name_;
};

}  // namespace

TEST_CASE("secrets are looked for in the unit's credentials, the folder and the environment, in this order",
          "[net][credentials]") {
  const TempDir unit, folder;
  const CredentialPlaces places{.folder = folder.path().string()};
  const Variable directory("CREDENTIALS_DIRECTORY", unit.path().string());
  const Variable variable("EARSHOT_CREDENTIAL_MY_TOKEN", "from-environment");
  CHECK(load_credential(places, "my-token")->reveal() == "from-environment");
  CHECK(find_credential(places, "my-token")->where == "environment variable EARSHOT_CREDENTIAL_MY_TOKEN");
  write(folder.file("my-token"), "from-folder\n");
  CHECK(load_credential(places, "my-token")->reveal() == "from-folder");
  // The service manager gives its files an access list, which shows as a right of the group.
  write(unit.file("my-token"), "  from-unit \n", 0440);
  CHECK(load_credential(places, "my-token")->reveal() == "from-unit");
  CHECK(find_credential(places, "my-token")->where == unit.file("my-token"));
}

TEST_CASE("a file that others can read is refused instead of passed over", "[net][credentials]") {
  const TempDir folder;
  const CredentialPlaces places{.folder = folder.path().string()};
  const Variable variable("EARSHOT_CREDENTIAL_T", "canary-in-environment");
  struct Row {
    mode_t mode;
    const char* complaint;  ///< nullptr: accepted
  };
  const bool root = ::geteuid() == 0;
  const Row rows[] = {{0600, nullptr},
                      {0400, nullptr},
                      {0644, "is open to every user"},
                      {0604, "is open to every user"},
                      {0602, "is open to every user"},
                      {0620, "can be written by its group"},
                      // Readable by the group only when root owns it.
                      {0640, root ? nullptr : "can be read by its group"}};
  for (const auto& row : rows) {
    write(folder.file("t"), "canary-in-file", row.mode);
    const auto secret = load_credential(places, "t");
    INFO(std::oct << row.mode);
    REQUIRE(secret.has_value() == (row.complaint == nullptr));
    if (secret) {
      CHECK(secret->reveal() == "canary-in-file");
      continue;
    }
    CHECK(secret.error().kind == ErrorKind::forbidden);
    CHECK(secret.error().message.find(row.complaint) != std::string::npos);
    CHECK(secret.error().message.find(folder.file("t")) != std::string::npos);
    CHECK(secret.error().message.find("canary") == std::string::npos);
  }
  if (root) {
    write(folder.file("t"), "canary-in-file", 0640);
    REQUIRE(::chown(folder.file("t").c_str(), 0, 54'321) == 0);
    CHECK(load_credential(places, "t").error().message.find("can be read by its group") != std::string::npos);
    REQUIRE(::chown(folder.file("t").c_str(), 54'321, 0) == 0);
    CHECK(load_credential(places, "t").error().message.find("belongs to another user") != std::string::npos);
  }
}

TEST_CASE("what is no secret fails with a reason", "[net][credentials]") {
  const TempDir folder;
  const CredentialPlaces places{.folder = folder.path().string()};
  write(folder.file("empty"), " \n");
  CHECK(load_credential(places, "empty").error().message.find("is empty") != std::string::npos);
  write(folder.file("huge"), std::string(300'000, 'x'));
  CHECK(load_credential(places, "huge").error().message.find("too long") != std::string::npos);
  REQUIRE(::mkdir(folder.file("directory").c_str(), 0700) == 0);
  CHECK(load_credential(places, "directory").error().message.find("no regular file") != std::string::npos);
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(load_credential(places, "pipe").error().message.find("no regular file") != std::string::npos);
  const auto missing = load_credential(places, "missing");
  CHECK(missing.error().kind == ErrorKind::unauthorized);
  for (const auto& place : {std::string("LoadCredential=missing"), folder.file("missing"),
                            std::string("EARSHOT_CREDENTIAL_MISSING")})
    CHECK(missing.error().message.find(place) != std::string::npos);
}

TEST_CASE("a name of a credential leads nowhere else, and is not repeated when it is none",
          "[net][credentials][secrets]") {
  const CredentialPlaces places{.folder = "/etc"};
  for (const auto& bad : {std::string(), std::string("../passwd"), std::string("a/b"), std::string("."),
                          std::string("a b"), std::string("sk_live_canary!"), std::string(65, 'c')}) {
    const auto secret = load_credential(places, bad);
    INFO(bad);
    REQUIRE_FALSE(secret);
    CHECK(secret.error().kind == ErrorKind::invalid);
    CHECK(secret.error().message.find("canary") == std::string::npos);
  }
}
