#pragma once
#include <string>
#include <string_view>

#include "core/base/result.hpp"

/// The item as the platform sent it is kept compressed (zstd), so that it can be parsed again by a better
/// parser.
namespace earshot::store {

std::string compress_raw(std::string_view json);
/// Fails with `corrupt` when the bytes are not what `compress_raw` made or would grow beyond 16 MiB.
Result<std::string> decompress_raw(std::string_view bytes);

}  // namespace earshot::store
