#include "net/auth/credential_form.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::net;
using Kind = CredentialForm::Kind;

TEST_CASE("a secret goes where its form says", "[net][auth][secrets]") {
  const Secret secret("12:a/b");
  const auto apply = [&](std::string url, CredentialForm form) {
    HttpRequest request{.url = std::move(url), .credential_form = std::move(form)};
    REQUIRE(auth::apply_credential(request, secret));
    return request;
  };
  const std::string plain = "https://a.example/";
  CHECK(apply(plain, {}).headers.find("Authorization") == "Bearer 12:a/b");
  CHECK(apply(plain, {.header = "X-Key", .before = "Token ", .after = "!"}).headers.find("X-Key") ==
        "Token 12:a/b!");
  const struct {
    const char *before, *after, *encoded;
  } rows[] = {{"", "", "MTI6YS9i"}, {"", "X", "MTI6YS9iWA=="}, {"m@", "", "bUAxMjphL2I="}};
  for (const auto& row : rows)
    CHECK(apply(plain, {.kind = Kind::basic, .before = row.before, .after = row.after})
              .headers.find("Authorization") == std::string("Basic ") + row.encoded);
  const auto in_path = apply(plain + "bot" + std::string(credential_mark) + "/get", {.kind = Kind::url});
  CHECK(in_path.url == "https://a.example/bot12:a%2Fb/get");
  CHECK_FALSE(in_path.headers.find("Authorization"));

  HttpRequest nowhere{.url = plain, .credential_form = {.kind = Kind::url}};
  const auto refused = auth::apply_credential(nowhere, secret);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(refused.error().message.find("12:a") == std::string::npos);
}
