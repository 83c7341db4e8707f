#include "daemon/api/contract.hpp"

#include <catch2/catch.hpp>

using namespace earshot;
using namespace earshot::api;

namespace {

std::string refusal(std::string method, std::string pattern, QueryPairs query, std::string body = {}) {
  const Route route{.method = method, .pattern = std::move(pattern), .run = Immediate{}};
  const Request request{.method = std::move(method), .query = std::move(query), .body = std::move(body)};
  const auto refused = Contract::ours().refuse(route, request);
  if (!refused) return "";
  CHECK(refused->status == 400);
  CHECK(refused->content_type == "application/problem+json");
  return refused->body;
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a parameter that the document does not name is refused, with the nearest that it does",
          "[daemon][api]") {
  CHECK(refusal("GET", "/api/v1/mentions", {{"brand", "Acme"}, {"contact", "true"}, {"limit", "5"}}).empty());
  CHECK(says(refusal("GET", "/api/v1/mentions", {{"polarty", "negative"}}),
                 R"(there is no parameter \"polarty\"; did you mean \"polarity\"?)"));
  CHECK(says(refusal("GET", "/api/v1/brands", {{"nonsense", "1"}}), "there are none here"));
  CHECK(says(refusal("GET", "/api/v1/accuracy", {{"zzzzzzzzz", "1"}}), "there are brand"));
}

TEST_CASE("a parameter's value is one of its list", "[daemon][api]") {
  CHECK(says(refusal("GET", "/api/v1/mentions", {{"contact", "maybe"}}), "contact= is true or false"));
  CHECK(says(refusal("GET", "/api/v1/incidents", {{"state", "close"}}),
                 R"(state= is open, closed or dismissed; did you mean \"closed\"?)"));
  CHECK(refusal("GET", "/api/v1/ideas", {{"state", "writing"}}).empty());
  for (const auto* pattern : {"/api/v1/ideas", "/api/v1/incidents"})
    CHECK_FALSE(refusal("GET", pattern, {{"state", "lost"}}).empty());
  CHECK_FALSE(refusal("GET", "/api/v1/journeys", {{"outcome", "lost"}}).empty());
  CHECK_FALSE(refusal("GET", "/api/v1/baseline", {{"metric", "nosuch"}}).empty());
  // Without a value it is as if it were not there.
  CHECK(refusal("GET", "/api/v1/ideas", {{"state", ""}}).empty());
}

TEST_CASE("a member that the document does not name is refused", "[daemon][api]") {
  CHECK(refusal("POST", "/api/v1/ideas/{id}", {}, R"({"state":"writing","owner":null})").empty());
  CHECK(says(refusal("POST", "/api/v1/ideas/{id}", {}, R"({"stat":"writing"})"),
                 R"(there is no member \"stat\"; did you mean \"state\"?)"));
  CHECK(refusal("POST", "/api/v1/score", {}, R"([{"text":"a"},{"text":"b","lang":"de"}])").empty());
  CHECK_FALSE(refusal("POST", "/api/v1/score", {}, R"([{"text":"a"},{"txt":"b"}])").empty());
  CHECK_FALSE(refusal("POST", "/api/v1/admin/reload", {}, R"({"now":true})").empty());
  // What is no JSON is the route's to refuse, and lines of mentions are no object.
  CHECK(refusal("POST", "/api/v1/ideas/{id}", {}, "{").empty());
  CHECK(refusal("POST", "/api/v1/mentions", {{"source", "a"}}, R"({"text":"x"})").empty());
}

TEST_CASE("routes that the document leaves out take anything", "[daemon][api]") {
  CHECK(refusal("GET", "/plain", {{"anything", "1"}}).empty());
}
