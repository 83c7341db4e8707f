#include "core/base/json_writer.hpp"

#include <catch2/catch.hpp>

using earshot::JsonWriter;

TEST_CASE("a JSON object is written with its commas and escapes", "[core][json]") {
  JsonWriter out;
  out.begin_object()
      .field("a", "x\"y\n\x01")
      .field("n", 3)
      .key("l")
      .begin_array()
      .value(1.5)
      .value(true)
      .null();
  out.end_array().end_object();
  REQUIRE(out.str() == R"({"a":"x\"y\n\u0001","n":3,"l":[1.5,true,null]})");
}

TEST_CASE("invalid UTF-8 becomes the replacement character, so the JSON stays valid", "[core][json]") {
  REQUIRE(earshot::json_quote("a\xFF"
                              "b") ==
          "\"a\xEF\xBF\xBD"
          "b\"");
}

TEST_CASE("rounded numbers drop trailing zeros", "[core][json]") {
  JsonWriter out;
  out.begin_array().rounded(0.5, 3).rounded(-0.0001, 2).rounded(12.0, 2).end_array();
  REQUIRE(out.str() == "[0.5,0,12]");
}
