#include "daemon/http_config.hpp"

#include <catch2/catch.hpp>

#include "daemon/config.hpp"

using namespace earshot;
using namespace earshot::daemon;

namespace {

const std::string hash(64, 'a');
std::string token(const std::string& lines = "") {
  return "[[http.token]]\nname = \"grafana\"\nscopes = [\"read\", \"metrics\"]\nhash = \"sha256:" + hash +
         "\"\n" + lines;
}

std::string mistakes_of(const std::string& text) {
  const auto config = parse_config(text, "c.toml");
  return config ? "" : config.error().message;
}

}  // namespace

TEST_CASE("the HTTP address is loopback unless it is said otherwise, and may be off", "[daemon][config]") {
  CHECK(parse_config("", "c.toml")->http.listen == "127.0.0.1:8765");
  CHECK_FALSE(parse_config("", "c.toml")->http.listen_given);
  CHECK(parse_config("[http]\nlisten = \"off\"\n", "c.toml")->http.listen.empty());
  const auto config = parse_config(
      "[http]\nlisten = \"[::]:80\"\nhosts = [\"ears.example\"]\n" + token("expires = \"2027-06-30\"\n"),
      "c.toml");
  REQUIRE(config);
  CHECK(config->http.hosts == std::vector<std::string>{"ears.example"});
  REQUIRE(config->http.tokens.size() == 1);
  CHECK(config->http.tokens[0].scopes == (bit(Scope::read) | bit(Scope::metrics)));
  CHECK(config->http.tokens[0].hash == hash);
  CHECK(config->http.tokens[0].expires == from_ms(1'814'313'600'000));
}

TEST_CASE("the public address is an address, without its last slash", "[daemon][config]") {
  CHECK(parse_config("", "c.toml")->http.public_address.empty());
  CHECK(parse_config("[http]\npublic = \"https://ears.example/x/\"\n", "c.toml")->http.public_address ==
        "https://ears.example/x");
  for (const auto* bad : {"ears.example", "ftp://ears.example", "https://ears.example/?a=b"})
    CHECK(mistakes_of("[http]\npublic = \"" + std::string(bad) + "\"\n").find("c.toml:2:10: http: `public`") !=
          std::string::npos);
}

TEST_CASE("an address that others reach needs a token", "[daemon][config]") {
  for (const auto* listen : {"0.0.0.0:8765", "[::]:8765", "192.168.1.2:80"}) {
    CHECK(mistakes_of("[http]\nlisten = \"" + std::string(listen) + "\"\n").find("earshot token") !=
          std::string::npos);
    CHECK(mistakes_of("[http]\nlisten = \"" + std::string(listen) + "\"\n" + token()).empty());
  }
  for (const auto* listen : {"127.0.0.1:8765", "127.8.0.1:1", "[::1]:0"})
    CHECK(mistakes_of("[http]\nlisten = \"" + std::string(listen) + "\"\n").empty());
}

TEST_CASE("mistakes in [http] say where they are, and never what a token may be", "[daemon][config]") {
  CHECK(mistakes_of("[http]\nlisten = \"localhost:8765\"\n").find("c.toml:2:10") != std::string::npos);
  for (const auto* listen : {"8765", "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:", "::1:80", "[::1]"})
    CHECK(mistakes_of("[http]\nlisten = \"" + std::string(listen) + "\"\n").find("numeric address") !=
          std::string::npos);
  const auto wrong = mistakes_of(
      "[[http.token]]\nname = \"x\"\nscopes = [\"all\"]\nhash = \"my-token\"\nexpires = \"soon\"\n");
  CHECK(wrong.find("'all' is none of") != std::string::npos);
  CHECK(wrong.find("64 hexadecimal digits") != std::string::npos);
  CHECK(wrong.find("my-token") == std::string::npos);
  CHECK(wrong.find("2027-06-30") != std::string::npos);
  CHECK(mistakes_of("[http]\nsocket = \"api.sock\"\n").find("path that begins with /") != std::string::npos);
  CHECK(mistakes_of("[http]\nport = 1\n").find("port") != std::string::npos);
}
