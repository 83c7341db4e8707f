#include "store/raw_payload.hpp"

#include <catch2/catch.hpp>

using namespace earshot;

TEST_CASE("a raw payload comes back as it was, and damage is named", "[store][raw]") {
  std::string json = R"({"id":"1","text":")" + std::string(5'000, 'x') + "\"}";
  auto bytes = store::compress_raw(json);
  CHECK(bytes.size() < json.size() / 10);
  CHECK(*store::decompress_raw(bytes) == json);
  CHECK(*store::decompress_raw(store::compress_raw("")) == "");
  bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
  const auto damaged = store::decompress_raw(bytes);
  CHECK((!damaged || *damaged != json));
  CHECK_FALSE(store::decompress_raw("no frame"));
  CHECK_FALSE(store::decompress_raw(""));
}
