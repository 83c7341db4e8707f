// The draft for followers says what is known, leaves blank what only the brand knows, and fits into a post.
#include "delivery/advisory.hpp"

#include <catch2/catch.hpp>

#include "core/base/time_format.hpp"
#include "core/base/utf8.hpp"

using namespace earshot;
using namespace earshot::delivery;

namespace {

store::IncidentRow incident(const std::string& details, const std::string& state = "open") {
  return {.id = IncidentId{7},
          .state = state,
          .title = "outage: red, hub",
          .started_at = *parse_rfc3339("2026-11-11T18:10:20Z"),
          .last_at = *parse_rfc3339("2026-11-11T23:46:46Z"),
          .details = details};
}

const std::string outage =
    R"({"issues":["outage","bug"],"arithmetic":{"at":"2026-11-11T18:38:01Z","window_minutes":60,
"observed":6,"expected":0.079,"spread":1.038,"threshold":5.271,"weeks":6,"hours":18,"warm_up":true,"gap_hours_left_out":2},
"reasons":[{"phrase":"since the 4.2 update","authors":3},{"phrase":"because of the rain","authors":1}],
"words":[{"word":"red","authors":9},{"word":"hub","authors":8},{"word":"light","authors":7},{"word":"router","authors":6}],
"sources":[{"source":"forum","mentions":4,"authors":3}],
"exemplars":[{"mention":"2","at":"2026-11-11T19:00:00Z","source":"forum","author":"","url":"https://forum.example/2","text":"red @ann"},
{"mention":"1","at":"2026-11-11T18:10:20Z","source":"mastodon","author":"ann","url":"https://social.example/1","text":"red light"}]})";

}  // namespace

TEST_CASE("what an incident's details say is read", "[delivery][advisory]") {
  const auto read = incident_details(outage);
  CHECK(read.issues == std::vector<std::string>{"outage", "bug"});
  CHECK(read.fired.observed == 6);
  CHECK(read.fired.window_minutes == 60);
  CHECK(read.fired.threshold == Approx(5.271));
  CHECK(read.fired.warm_up);
  CHECK(read.fired.gap_hours_left_out == 2);
  CHECK(read.peak.at.empty());
  CHECK(read.reasons == std::vector<Counted>{{"since the 4.2 update", 3}, {"because of the rain", 1}});
  CHECK(read.sources == std::vector<Counted>{{"forum", 3}});
  REQUIRE(read.exemplars.size() == 2);
  CHECK(read.exemplars[1].author == "ann");
}

TEST_CASE("details of another shape are no details, and never an error", "[delivery][advisory]") {
  for (const char* json :
       {"", "{", "[]", "3",
        R"({"issues":3,"arithmetic":[],"reasons":[1,{"phrase":2}],"words":{},"exemplars":[7,{}]})",
        R"({"issues":[1],"arithmetic":{"observed":"x","warm_up":1}})"}) {
    CAPTURE(json);
    const auto read = incident_details(json);
    CHECK(read.issues.empty());
    CHECK(read.reasons.empty());
    CHECK(read.fired.observed == 0);
    const auto draft = advisory_of(incident(json));
    CHECK(draft.post.find("[what it is about]") != std::string::npos);
  }
}

TEST_CASE("a draft for followers says what is known and names nobody", "[delivery][advisory]") {
  const auto draft = advisory_of(incident(outage));
  CHECK(draft.post ==
        "We know that some of you have trouble with our service (red, hub, light), since about 18:10 UTC on "
        "11 November. We are "
        "looking into it and will say more by [time]: [link]. Sorry, and thank you for telling us.");
  CHECK(draft.post.find("4.2") == std::string::npos);  // nobody has confirmed it
  REQUIRE(draft.to_check.size() == 3);
  CHECK(draft.to_check[0] == "3 people write “since the 4.2 update”: is it so?");
  CHECK(draft.to_check[1] == "1 person writes “because of the rain”: is it so?");
  REQUIRE(draft.threads.size() == 2);
  CHECK(draft.threads[0].mention == "1");  // who told of it first
  const auto over = advisory_of(incident(outage, "closed"));
  CHECK(over.post.find(
            "had trouble with our service (red, hub, light), from 18:10 to 23:46 UTC on 11 November.") !=
        std::string::npos);
}

TEST_CASE("a draft fits into a post, whatever the words", "[delivery][advisory]") {
  std::string words;
  for (int i = 0; i < 3; ++i)
    words += std::string(i == 0 ? "" : ",") + R"({"word":")" + std::string(40, 'x') +
             "\xF0\x9F\x94\xA5\\u202E" + R"(","authors":4})";
  for (const char* issue :
       {"outage", "expectation_gap", "staff_behaviour", "security", "an issue of our own"})
    for (const char* state : {"open", "closed", "acknowledged"}) {
      const auto draft = advisory_of(
          incident(R"({"issues":[")" + std::string(issue) + R"("],"words":[)" + words + "]}", state));
      CHECK(utf8::length(draft.post) <= 280);
      CHECK(draft.post.find("\xE2\x80\xAE") == std::string::npos);
    }
}
