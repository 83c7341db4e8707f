#include "analysis/people/promise.hpp"

#include <catch2/catch.hpp>

#include "core/base/time_format.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

Timestamp at(const char* text) { return *parse_rfc3339(text); }

std::optional<Promise> promise_in(std::string_view text) {
  static SignReader reader({"Fernwave"}, {"Quillnet"});
  const auto hits = reader.read(text);
  return read_promise(reader.tokens(), hits);
}

/// When it is due if said on Friday, 27 November 2026, 10:00 in Berlin.
std::string due(std::string_view text) {
  const auto promise = promise_in(text);
  if (!promise) return "none";
  return format_rfc3339(due_of(promise->due, at("2026-11-27T09:00:00Z"), *TimeZone::find("Europe/Berlin")));
}

}  // namespace

TEST_CASE("promises are due when they say, by the brand's clock", "[analysis][people][promise]") {
  const std::pair<const char*, const char*> cases[] = {
      {"I'm sorry. We'll DM you today with a date. ^Noor, Fernwave", "2026-11-27T23:00:00Z"},
      {"We'll get back to you by Friday.", "2026-11-27T23:00:00Z"},
      {"An engineer will call you tomorrow before noon.", "2026-11-28T11:00:00Z"},
      {"Somebody from my team will call you tomorrow.", "2026-11-28T23:00:00Z"},
      {"Someone from the fibre team will ring you this evening.", "2026-11-27T23:00:00Z"},
      {"I'll check with the depot and get back to you within two hours.", "2026-11-27T11:00:00Z"},
      {"We will reply within 3 working days", "2026-11-30T09:00:00Z"},
      {"A new Hub will be with you on Thursday.", "2026-12-03T23:00:00Z"},
      {"You'll have the corrected bill by Monday, promise.", "2026-11-30T23:00:00Z"},
      {"I'll let you know next week.", "2026-12-06T23:00:00Z"},
      {"Wir melden uns morgen bei dir.", "2026-11-28T23:00:00Z"},
      {"Ein Kollege ruft Sie heute noch an, versprochen.", "2026-11-27T23:00:00Z"},
      {"Le llamaremos mañana.", "2026-11-28T23:00:00Z"},
      {"Nous vous rappelons demain matin.", "2026-11-28T11:00:00Z"},
      {"La richiameremo entro 2 ore.", "2026-11-27T11:00:00Z"},
      {"Entraremos em contato amanhã.", "2026-11-28T23:00:00Z"},
      // No time: two days.
      {"I'm sorry, I will look into it and get back to you.", "2026-11-29T09:00:00Z"},
  };
  for (const auto& [text, when] : cases) {
    INFO(text);
    CHECK(due(text) == when);
  }
}

TEST_CASE("questions, conditions and what is done are no promises", "[analysis][people][promise]") {
  for (const auto* text :
       {"May we call you tomorrow?", "Could you DM us the number so that we'll find it tomorrow?",
        "Please send us the bill number and I'll check today.", "As promised: your date is Tuesday, 8 to 10.",
        "The engineer has called you as promised.", "That made our day, thank you!",
        "Guten Morgen, Fernwave hier.", "", "^^^ 12345 ..."}) {
    INFO(text);
    CHECK_FALSE(promise_in(text));
  }
}

TEST_CASE("the span is the sentence that promises", "[analysis][people][promise]") {
  const std::string_view text = "Sorry about that! We'll DM you today. Good night.";
  const auto promise = promise_in(text);
  REQUIRE(promise);
  CHECK(text.substr(promise->span.begin, promise->span.end - promise->span.begin) == "We'll DM you today.");
}

TEST_CASE("a time of the day that has passed means the day's end", "[analysis][people][promise]") {
  const auto promise = promise_in("We'll call you before noon today.");
  REQUIRE(promise);
  const auto zone = *TimeZone::find("Europe/Berlin");
  CHECK(due_of(promise->due, at("2026-11-27T15:00:00Z"), zone) == at("2026-11-27T23:00:00Z"));
}
