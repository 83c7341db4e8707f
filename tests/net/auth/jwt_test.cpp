#include "net/auth/jwt.hpp"

#include <catch2/catch.hpp>

#include "net/auth/digest.hpp"
#include "tests/support/jwt_check.hpp"

using namespace earshot;
using namespace earshot::net::auth;
using namespace std::chrono_literals;

TEST_CASE("digests and spellings are those of the standards", "[net][auth]") {
  // RFC 7636 appendix B, RFC 4648 §10, RFC 4231 case 2, FIPS 180-2.
  CHECK(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("").empty());
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (const auto& bytes : {std::string(), std::string("f"), std::string("fo"), std::string("foo"),
                            std::string("\xFB\xFF\xFE\0x", 5)})
    CHECK(base64url_decode(base64url(bytes)) == bytes);
  for (const char* bad : {"a", "ab=", "a+b/", "ab c", "\xC3\xA4"}) CHECK_FALSE(base64url_decode(bad));
  CHECK(random_text(32).size() == 43);
  CHECK(random_text(32) != random_text(32));
  CHECK(equal_secrets("abc", "abc"));
  CHECK_FALSE(equal_secrets("abc", "abd"));
  CHECK_FALSE(equal_secrets("abc", "ab"));
}

TEST_CASE("a signed JWT is accepted by the public key and says what it was told", "[net][auth][jwt]") {
  const auto now = from_ms(1'772'409'600'000);
  const JwtClaims claims{.key_id = "K1",
                         .issuer = "me@x.example",
                         .subject = "you",
                         .audience = "https://t.example/token",
                         .scope = "a b",
                         .issued_at = now,
                         .lifetime = 9min};
  struct Row {
    JwtAlgorithm algorithm;
    std::string name;
    test::KeyPair key;
  };
  for (const auto& row : {Row{JwtAlgorithm::rs256, "RS256", test::make_rsa_key()},
                          Row{JwtAlgorithm::es256, "ES256", test::make_ec_key()}}) {
    const auto key = SigningKey::from_pem(Secret(row.key.private_pem), row.algorithm);
    REQUIRE(key);
    // Signatures of ES256 differ from one to the next, and now and then r or s begins with zeros.
    for (int i = 0; i < 1'500; ++i) {
      const auto token = key->sign(claims);
      REQUIRE(token);
      const auto read = test::check_jwt(token->reveal(), row.key.public_pem, row.name);
      REQUIRE(read);
      CHECK(read->text("iss") == "me@x.example");
      CHECK(read->text("sub") == "you");
      CHECK(read->text("aud") == "https://t.example/token");
      CHECK(read->text("scope") == "a b");
      CHECK(read->number("iat") == 1'772'409'600);
      CHECK(read->number("exp") == 1'772'409'600 + 540);
      CHECK(jwt_lifetime(token->reveal(), now) == 540s);
      if (row.algorithm == JwtAlgorithm::rs256) break;
    }
    auto forged = key->sign(claims)->reveal();
    forged[forged.find('.') + 5] ^= 1;
    CHECK_FALSE(test::check_jwt(forged, row.key.public_pem, row.name));
    CHECK_FALSE(test::check_jwt(key->sign(claims)->reveal(),
                                row.algorithm == JwtAlgorithm::rs256 ? test::make_rsa_key().public_pem
                                                                     : test::make_ec_key().public_pem,
                                row.name));
  }
}

TEST_CASE("keys that do not fit their algorithm are refused without being shown", "[net][auth][jwt]") {
  const auto rsa = test::make_rsa_key(), weak = test::make_rsa_key(1024), ec = test::make_ec_key(),
             other_curve = test::make_ec_key("P-384");
  struct Row {
    std::string pem;
    JwtAlgorithm algorithm;
    const char* complaint;
  };
  const Row rows[] = {{weak.private_pem, JwtAlgorithm::rs256, "at least 2048 bits"},
                      {ec.private_pem, JwtAlgorithm::rs256, "RSA key"},
                      {rsa.private_pem, JwtAlgorithm::es256, "P-256"},
                      {other_curve.private_pem, JwtAlgorithm::es256, "P-256"},
                      {rsa.public_pem, JwtAlgorithm::rs256, "no unencrypted private key"},
                      {"c4n4ry", JwtAlgorithm::rs256, "no unencrypted private key"},
                      {"", JwtAlgorithm::es256, "no unencrypted private key"}};
  for (const auto& row : rows) {
    const auto key = SigningKey::from_pem(Secret(row.pem), row.algorithm);
    REQUIRE_FALSE(key);
    INFO(key.error().message);
    CHECK(key.error().message.find(row.complaint) != std::string::npos);
    CHECK(key.error().message.find("c4n4ry") == std::string::npos);
  }
}

TEST_CASE("the lifetime of somebody else's JWT", "[net][auth][jwt]") {
  const auto now = from_ms(1'000'000);
  const auto jwt = [](const std::string& payload) { return "e30." + base64url(payload) + ".sig"; };
  CHECK(jwt_lifetime(jwt(R"({"iat":1000,"exp":8200})"), now) == 2h);
  CHECK(jwt_lifetime(jwt(R"({"exp":1060})"), now) == 60s);
  for (const auto& bad :
       {jwt(R"({"exp":999})"), jwt(R"({"iat":5})"), jwt("[]"), jwt(R"({"exp":1e300})"), jwt(R"({"exp":"x"})"),
        std::string("a.b"), std::string("opaque"), std::string("a.*.c")})
    CHECK_FALSE(jwt_lifetime(bad, now));
}
