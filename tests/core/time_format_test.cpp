#include "core/base/time_format.hpp"

#include <catch2/catch.hpp>

using namespace earshot;

namespace {

std::string lenient(std::string_view text) {
  const auto at = parse_time(text);
  return at ? format_rfc3339(*at) : "nothing";
}

}  // namespace

TEST_CASE("every date format the platforms write is read", "[core][time]") {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"2025-07-17T13:44:27.910Z", "2025-07-17T13:44:27.910Z"},
      {"2025-07-17T13:44:27Z", "2025-07-17T13:44:27Z"},
      {"2025-07-17T20:05:00.290188Z", "2025-07-17T20:05:00.290Z"},
      {"2021-06-29T15:47:56+0000", "2021-06-29T15:47:56Z"},
      {"2021-06-29T15:47:56+10:00", "2021-06-29T05:47:56Z"},
      {"2021-06-29T15:47:56-0330", "2021-06-29T19:17:56Z"},
      {"2026-11-22T00:13:16", "2026-11-22T00:13:16Z"},
      {"2026-11-22 00:13:16", "2026-11-22T00:13:16Z"},
      {"2004-07-08 23:56:58.0", "2004-07-08T23:56:58Z"},
      {"Wed Apr 09 12:36:25 +0000 2014", "2014-04-09T12:36:25Z"},
      {"1776083057", "2026-04-13T12:24:17Z"},
      {"1776083057.0", "2026-04-13T12:24:17Z"},
      {"1486999900.250000", "2017-02-13T15:31:40.250Z"},
      {"1776083057123", "2026-04-13T12:24:17.123Z"},
      {"1776083057123456", "2026-04-13T12:24:17.123Z"},
      {"2003", "2003-01-01T00:00:00Z"},
      {"2003-12", "2003-12-01T00:00:00Z"},
      {"2003-12-31", "2003-12-31T00:00:00Z"},
      {"20031231", "2003-12-31T00:00:00Z"},
      {"20031231T101455Z", "nothing"},
      {"20031231101455", "2003-12-31T10:14:55Z"},
      {"2003-335", "2003-12-01T00:00:00Z"},
      {"2003335", "2003-12-01T00:00:00Z"},
      {"2003-12-31T10:14Z", "2003-12-31T10:14:00Z"},
      {"2003-12-31T10:14:55-08:00", "2003-12-31T18:14:55Z"},
      {"2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z"},
      {"Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
      {"Mon, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},  // it was a Thursday
      {"Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"},
      {"Thu, 1 Jan 98 19:48 EST", "1998-01-02T00:48:00Z"},
      {"01 Jan 2004 00:00 PDT", "2004-01-01T07:00:00Z"},
      {"Thu, 01 January 2004 19:48:21 +0100", "2004-01-01T18:48:21Z"},
      {"Thursday, 01-Jan-04 19:48:21 GMT", "2004-01-01T19:48:21Z"},
      {"Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06Z"},
      {"Thu Aug 30 2012 17:26:16 +0200", "2012-08-30T15:26:16Z"},
      {"Thu,  5 Apr 2012 10:00:00 GMT", "2012-04-05T10:00:00Z"},
      {"Sun, 31 Dec 1999 23:59:59.9999 GMT", "1999-12-31T23:59:59.999Z"},
      {"Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"},
      {"Wed, 19 Aug 2009 18:28:00 GMT+2", "2009-08-19T16:28:00Z"},
      {"Wed, 19 Aug 2009 18:28:00", "2009-08-19T18:28:00Z"},
      {"Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"},
      {"January 2, 2004 3:04 pm", "2004-01-02T15:04:00Z"},
      {"2004-j\xC3\xBAlius-13T9:15-05:00", "2004-07-13T14:15:00Z"},
      {"\xCE\x9A\xCF\x85\xCF\x81, 11 \xCE\x99\xCE\xBF\xCF\x8D\xCE\xBB 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
      {"2004\xEB\x85\x84 05\xEC\x9B\x94 28\xEC\x9D\xBC  01:31:15", "2004-05-28T01:31:15Z"},
      {"2004-05-25 \xEC\x98\xA4\xED\x9B\x84 11:23:17", "2004-05-25T23:23:17Z"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(lenient(text) == expected);
  }
}

TEST_CASE("what is not a date is nothing", "[core][time]") {
  for (const auto* text : {"", " ", "yesterday", "2003-13-01", "2003-02-30T00:00:00Z", "12:30", "Thu, 31 Jun 2004 19:48:21 GMT",
                           "2003-12-31T25:00:00Z", "99999999999999999999", "1e400", "-", "----", "0", "3000-01-01T00:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
  CHECK_FALSE(parse_time(std::string(1000, '9')));
}

TEST_CASE("the strict reader takes RFC 3339 and nothing else", "[core][time]") {
  CHECK(to_ms(*parse_rfc3339("1970-01-01T00:00:01.5Z")) == 1500);
  CHECK(to_ms(*parse_rfc3339("1970-01-01T01:00:00+01:00")) == 0);
  CHECK(to_ms(*parse_rfc3339("1970-01-01t00:00:60z")) == 59'000);
  for (const auto* text : {"1970-01-01T00:00:00", "1970-01-01T00:00:00+0100", "1970-01-01T0:00:00Z", "1970-01-01T00:00Z",
                           "1970-1-01T00:00:00Z", "1970-01-01T00:00:00Zx", "1970-01-01T00:00:00+01:00x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
}

TEST_CASE("times survive the way out and in", "[core][time]") {
  for (const std::int64_t ms : {0LL, 1LL, -1LL, 1'776'083'057'123LL, -2'208'988'799'000LL, 4'102'444'799'999LL}) {
    const auto text = format_rfc3339(from_ms(ms));
    CAPTURE(text);
    CHECK(to_ms(*parse_rfc3339(text)) == ms);
    CHECK(to_ms(*parse_time(text)) == ms);
  }
  CHECK(format_http_date(from_ms(784'111'777'000)) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(parse_time("Sun, 06 Nov 1994 08:49:37 GMT") == from_ms(784'111'777'000));
}
