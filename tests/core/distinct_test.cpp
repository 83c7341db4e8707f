#include "core/base/distinct.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string_view>

using earshot::DistinctSketch;

TEST_CASE("small sets are counted exactly", "[core][distinct]") {
  DistinctSketch sketch;
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t key = 0; key < 200; ++key) sketch.add(key);
  REQUIRE(sketch.estimate() == 200);
}

TEST_CASE("large sets are counted within four standard errors", "[core][distinct]") {
  for (const std::uint64_t n : {1'000U, 10'000U, 300'000U}) {
    DistinctSketch sketch;
    for (std::uint64_t key = 0; key < n; ++key) sketch.add(key * 7919);
    REQUIRE(std::abs(static_cast<double>(sketch.estimate()) / static_cast<double>(n) - 1) < 0.13);
  }
}

TEST_CASE("the bytes do not depend on the order of additions and merges", "[core][distinct]") {
  DistinctSketch forward, backward, left, right;
  for (std::uint64_t key = 0; key < 600; ++key) forward.add(key);
  for (std::uint64_t key = 600; key-- > 0;) backward.add(key);
  for (std::uint64_t key = 0; key < 600; ++key) (key % 3 ? left : right).add(key);
  right.merge(left);
  REQUIRE(forward.encode() == backward.encode());
  REQUIRE(forward.encode() == right.encode());
  DistinctSketch back;
  REQUIRE(DistinctSketch::decode(forward.encode(), back));
  REQUIRE(back == forward);
  REQUIRE_FALSE(DistinctSketch::decode("\x01garbage", back));
  REQUIRE_FALSE(DistinctSketch::decode("", back));
  auto damaged = forward.encode();
  damaged[7] = '\x7f';  // no hash has so many zeros
  REQUIRE_FALSE(DistinctSketch::decode(damaged, back));
  CHECK(back.empty());
  using namespace std::string_view_literals;
  REQUIRE_FALSE(DistinctSketch::decode("\x01\0\0\0\2\0\0\0\1"sv, back));  // sorted, each once
  REQUIRE_FALSE(DistinctSketch::decode("\x01\0\0\0\2\0\0\0\2"sv, back));
  CHECK(back.empty());
}
