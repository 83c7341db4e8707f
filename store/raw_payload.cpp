#include "store/raw_payload.hpp"

#include <zstd.h>

#include "core/base/assert.hpp"

namespace earshot::store {
namespace {

// The fastest level: it saves half, and the writer's thread has better things to do than to save a tenth
// more.
constexpr int level = 1;
constexpr std::size_t raw_bytes_max = 16 << 20;

}  // namespace

std::string compress_raw(std::string_view json) {
  std::string out(ZSTD_compressBound(json.size()), '\0');
  const auto size = ZSTD_compress(out.data(), out.size(), json.data(), json.size(), level);
  EARSHOT_ASSERT(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

Result<std::string> decompress_raw(std::string_view bytes) {
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > raw_bytes_max)
    return unexpected(ErrorKind::corrupt, "a raw payload cannot be read");
  std::string out(size, '\0');
  const auto got = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) != 0 || got != size)
    return unexpected(ErrorKind::corrupt, "a raw payload is damaged");
  return out;
}

}  // namespace earshot::store
