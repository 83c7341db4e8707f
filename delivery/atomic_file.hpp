#pragma once
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace earshot::delivery {

/// Replaces a file so that no reader ever sees half of it, also after a power cut: written beside it, flushed
/// to disk, renamed, and the directory flushed. `disk_full` or `forbidden` or `internal`; the old file then
/// stays as it was.
Status write_atomically(const std::string& path, std::string_view bytes);

}  // namespace earshot::delivery
