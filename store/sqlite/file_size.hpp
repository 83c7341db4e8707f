#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace earshot::store::sqlite {

/// Bytes of a file; 0 when there is none.
inline std::int64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace earshot::store::sqlite
