#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

#include "daemon/config.hpp"
#include "net/credentials.hpp"

using namespace earshot;
using namespace earshot::daemon;
using namespace earshot::net::auth;

namespace {

const std::string brand = "[[brand]]\nname = \"Acme\"\n";

const CredentialSpec& credential(const Config& config, const std::string& name) {
  for (const auto& spec : config.credentials)
    if (spec.name == name) return spec;
  throw std::runtime_error("no credential " + name);
}

}  // namespace

TEST_CASE("every kind of credential is read with its defaults", "[daemon][config][credentials]") {
  const auto config = parse_config(R"(
credentials_folder = "/run/secrets"
database = "/srv/earshot/earshot.db"

[[credential]]
name = "plain"
kind = "bearer"

[[credential]]
name = "desk"
kind = "basic"
user = "ann@acme.example/token"
secret = "zendesk-key"

[[credential]]
name = "forum"
kind = "header"
header = "Api-Key"

[[credential]]
name = "page"
kind = "meta_token"

[[credential]]
name = "reddit"
kind = "oauth2_client"
token_url = "https://www.reddit.com/api/v1/access_token"
client_id = "abc"
scopes = ["read"]

[[credential]]
name = "x"
kind = "oauth2_refresh"
token_url = "https://api.x.com/2/oauth2/token"
authorize_url = "https://x.com/i/oauth2/authorize"
client_id = "abc"
client_auth = "none"
scopes = ["tweet.read", "offline.access"]
authorize_parameters = ["prompt=consent", "a=b=c"]
redirect_port = 8766

[[credential]]
name = "app-store"
kind = "jwt"
issuer = "57246542"
key_id = "2X9R4HXF34"
audience = "appstoreconnect-v1"

[[credential]]
name = "play"
kind = "jwt_bearer"
scopes = ["https://www.googleapis.com/auth/androidpublisher"]

[[credential]]
name = "github"
kind = "github_app"
app_id = "12345"
installation_id = "77"

[[credential]]
name = "sky"
kind = "atproto_session"
identifier = "acme.bsky.social"
)" + brand,
                                   "t.toml");
  INFO((config ? std::string() : config.error().message));
  REQUIRE(config);
  CHECK(config->credentials_folder == "/run/secrets");
  CHECK(tokens_folder(*config) == "/srv/earshot/tokens");
  REQUIRE(config->credentials.size() == credential_kinds().size());
  CHECK(credential(*config, "plain").secret == "plain");
  CHECK(credential(*config, "desk").secret == "zendesk-key");
  CHECK(credential(*config, "desk").user == "ann@acme.example/token");
  CHECK(credential(*config, "forum").header == "Api-Key");
  CHECK(credential(*config, "page").app_secret == "page-app-secret");
  CHECK(credential(*config, "reddit").client_auth == ClientAuth::basic);
  const auto& x = credential(*config, "x");
  CHECK(x.kind == CredentialKind::oauth2_refresh);
  CHECK(x.client_auth == ClientAuth::none);
  CHECK(x.refresh_secret == "x-refresh-token");
  CHECK(x.redirect_port == 8766);
  CHECK(x.authorize_parameters.back() == std::pair<std::string, std::string>("a", "b=c"));
  CHECK(credential(*config, "app-store").algorithm == JwtAlgorithm::es256);
  CHECK(credential(*config, "play").algorithm == JwtAlgorithm::rs256);
  CHECK(credential(*config, "github").token_url == "https://api.github.com");
  CHECK(credential(*config, "sky").token_url == "https://bsky.social");
  CHECK(credential(*config, "sky").where == "t.toml:60:1");
}

TEST_CASE("mistakes in credentials come with line and column, and never with what was written",
          "[daemon][config][credentials][secrets]") {
  struct Row {
    std::string table;
    const char* complaint;
  };
  const std::string client = "name = \"a\"\nkind = \"oauth2_client\"\nclient_id = \"c\"\n";
  const std::string url = "token_url = \"https://t.example/\"\n";
  const Row rows[] = {
      {"name = \"a\"\n", "t.toml:1:1: credential: `kind` is missing"},
      {"kind = \"bearer\"\n", "t.toml:1:1: credential: `name` is missing"},
      {"name = \"a\"\nkind = \"oauth\"\n", "t.toml:3:8: `kind` must be one of bearer, basic,"},
      {"name = \"a b\"\nkind = \"bearer\"\n", "t.toml:2:8: `name` must be letters, digits"},
      {"name = \"" + std::string(49, 'n') + "\"\nkind = \"bearer\"\n", "at most 48"},
      {"name = 3\nkind = \"bearer\"\n", "t.toml:2:8: `name` must be a string"},
      {client, "t.toml:1:1: credential: `token_url` is missing"},
      {client + "token_url = \"http://t.example/token\"\n", "t.toml:5:13: `token_url` must be an https URL"},
      {client + "token_url = \"https://ann:c4n4ry@t.example/\"\n", "without a user in it"},
      {client + "token_url = \"c4n4ry\"\n", "must be an https URL"},
      {client + url + "client_auth = \"c4n4ry\"\n", "t.toml:6:15: `client_auth` must be basic, post or none"},
      {client + url + "client_auth = \"none\"\n", "there are no client credentials"},
      {client + url + "client_secret = \"c4n4ry\"\n", "t.toml:6:17: unknown key `client_secret`"},
      {client + url + "secret = \"c4n4ry!\"\n", "must be the name of a secret"},
      {client + url + "scopes = [\"a\", 3]\n", "`scopes` must be a list of texts"},
      {client + url + "redirect_port = 1\n", "unknown key `redirect_port`"},
      {"name = \"a\"\nkind = \"oauth2_refresh\"\nclient_id = \"c\"\n" + url + "redirect_port = 70000\n",
       "between 0 and 65535"},
      {"name = \"a\"\nkind = \"oauth2_refresh\"\nclient_id = \"c\"\n" + url +
           "authorize_parameters = [\"x\"]\n",
       "must be a list of \"name=value\""},
      {"name = \"a\"\nkind = \"oauth2_refresh\"\nclient_id = \"c\"\n" + url +
           "authorize_url = \"http://p.example/\"\n",
       "`authorize_url` must be an https URL"},
      {"name = \"a\"\nkind = \"header\"\nheader = \"X: y\"\n", "must be the name of a header"},
      {"name = \"a\"\nkind = \"basic\"\nuser = \"\"\n", "`user` must not be empty"},
      {"name = \"a\"\nkind = \"jwt\"\nissuer = \"i\"\nalgorithm = \"HS256\"\n", "must be RS256 or ES256"},
      {"name = \"a\"\nkind = \"github_app\"\napp_id = \"1\"\ninstallation_id = \"../x\"\n",
       "must be a number"},
      {"name = \"a\"\nkind = \"atproto_session\"\nidentifier = \"a\"\nservice = \"http://pds.example\"\n",
       "`service` must be an https URL"},
      {"name = \"a\"\nkind = \"bearer\"\n[[credential]]\nname = \"a\"\nkind = \"bearer\"\n",
       "t.toml:5:8: credential: `name` is used twice: 'a'"},
  };
  for (const auto& row : rows) {
    const auto config = parse_config("[[credential]]\n" + row.table + brand, "t.toml");
    INFO(row.table);
    REQUIRE_FALSE(config);
    INFO(config.error().message);
    CHECK(config.error().kind == ErrorKind::invalid);
    CHECK(config.error().message.find(row.complaint) != std::string::npos);
    CHECK(config.error().message.find("c4n4ry") == std::string::npos);
    CHECK(config.error().message.starts_with("t.toml:"));
  }
  CHECK_FALSE(parse_config("credential = 3\n" + brand, "t.toml"));
  CHECK_FALSE(parse_config("[credential]\nname = \"a\"\n" + brand, "t.toml"));
  CHECK(
      parse_config("[[credential]]\nname = \"a\"\nkind = \"oauth2_client\"\nclient_id = \"c\"\n"
                   "token_url = \"http://127.0.0.1:3300/token\"\n" +
                       brand,
                   "t.toml"));
}

TEST_CASE("the sample in the documentation is accepted and shows every kind",
          "[daemon][config][credentials]") {
  std::ifstream file(std::string(EARSHOT_SOURCE_DIR) + "/docs/credentials.md");
  std::stringstream text;
  text << file.rdbuf();
  const auto page = text.str();
  const auto begin = page.find("```toml\n");
  REQUIRE(begin != std::string::npos);
  const auto sample = page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
  const auto config = parse_config(sample + brand, "credentials.md");
  INFO((config ? std::string() : config.error().message));
  REQUIRE(config);
  std::set<std::string> kinds;
  for (const auto& spec : config->credentials) kinds.emplace(to_string(spec.kind));
  for (const auto& kind : credential_kinds()) {
    CHECK(kinds.contains(kind));
    CHECK(page.find("| `" + kind + "` |") != std::string::npos);
  }
}
